"""Says whether what was built can be released, and what to do next. `make release` runs it last."""

import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from runpy import run_path

ROOT = Path(__file__).parent.parent


def faults(version: str) -> list[str]:
    """What is compared with a release of a version."""
    found = []
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = re.search(
        rf"^## \[{re.escape(version)}\] - (\d{{4}}-\d\d-\d\d)$", changelog, re.MULTILINE
    )
    if not dated:
        found.append(f"CHANGELOG.md has no dated heading for {version}")
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    if f"version: {version}\n" not in cited or (dated and dated[1] not in cited):
        found.append("CITATION.cff has another version or another date")
    unreleased = re.search(
        r"^## \[Unreleased\]\n(.*?)(?=^## \[)", changelog, re.MULTILINE | re.DOTALL
    )
    if unreleased and unreleased[1].strip():
        found.append('CHANGELOG.md has lines under "Unreleased"')
    status = subprocess.run(  # noqa: S603 (a fixed command)
        (shutil.which("git") or "git", "status", "--porcelain"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if status.strip():
        found.append("there are changes that are not committed")
    built = (f"evcredit-{version}.tar.gz", f"evcredit-{version}-py3-none-any.whl")
    found += [f"dist/{name} is not there" for name in built if not (ROOT / "dist" / name).is_file()]
    return found


def main() -> int:
    """Print what was built and what to do, or what is compared with it."""
    version = run_path(str(ROOT / "src" / "evcredit" / "_version.py"))["__version__"]
    if found := faults(version):
        print(*found, sep="\n", file=sys.stderr)
        return 1
    for path in sorted((ROOT / "dist").iterdir()):
        print(f"{sha256(path.read_bytes()).hexdigest()}  {path.name}")
    print(
        f"All checks passed. Next: git tag -a v{version} && git push --tags; the workflow uploads."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
