"""Writes the documentation as Zensical can read it: every marker replaced, every page listed.

    python tools/successor.py FOLDER

The successor of Material for MkDocs reads mkdocs.yml and the same Markdown, and knows no hooks.
"""

import shutil
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))
import hooks  # noqa: E402 (found beside the pages)


def main() -> None:
    """Write pages and settings into a folder."""
    folder = Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    for page in (folder / "docs").rglob("*.md"):
        path = page.relative_to(folder / "docs").as_posix()
        page.write_text(hooks.expanded(page.read_text(encoding="utf-8"), path), encoding="utf-8")
    for name in ("CONTEXT.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    settings["nav"] = hooks.expanded_navigation(settings["nav"], folder / "docs")
    del settings["hooks"]
    text = yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
