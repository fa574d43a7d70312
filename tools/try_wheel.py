"""Tries the wheel as a stranger would, step by step, from empty environments.

    make stranger

The steps are those of docs/quick-start.md: install, the first question, a car of your own, an
agreement that was never concluded, a thousand rows in pandas and in Polars, a plot. Warnings are
errors. Then each extra is tried on its own. What is installed, what ran and how long it took is
printed.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
MINUTES = 10

#: What must work with an extra on its own, and with none.
ALONE = {
    "": """
import evcredit.importers, evcredit.io
from evcredit import assess, examples
from evcredit.plots import content
assert content(assess(examples.demonstration_claim())).to_svg()
""",
    "json": """
from evcredit.io import claim_from_json
claim_from_json("{}")
""",
    "solver": """
from evcredit import examples
from evcredit.advice import what_would_change
assert what_would_change(examples.demonstration_claim(), solver=True).flips
""",
    "tables": """
from evcredit.tables import schema, schema_text
assert schema_text(schema())
""",
    "testing": """
import hypothesis, evcredit.testing
""",
    "xlsx": """
import python_calamine, evcredit.importers.workbook
""",
    "plots": """
from evcredit import assess, examples
from evcredit.plots import content
content(assess(examples.demonstration_claim())).figure()
""",
}
IMPORT_ALL = """
import importlib, pkgutil, evcredit
for each in pkgutil.walk_packages(evcredit.__path__, "evcredit."):
    if each.name not in {"evcredit.__main__"}:
        importlib.import_module(each.name)
"""


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is done, and how long it took."""
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:6.1f} s  {name}", flush=True)


def run(*command: str | Path, folder: Path) -> None:
    """Run a command somewhere else than in the source tree; show what it printed if it failed."""
    done = subprocess.run(  # noqa: S603 (our own commands)
        [str(each) for each in command], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n")
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    printed = [line for line in done.stdout.splitlines() if line.strip()]
    for line in printed[:2] + printed[2:][-12:]:
        print(f"          {line}")


def environment(folder: Path, *wanted: str) -> Path:
    """A new environment with what is wanted; its Python."""
    run(sys.executable, "-m", "venv", folder, folder=folder.parent)
    python = folder / "bin" / "python"
    pip_install(python, *wanted)
    return python


def pip_install(python: Path, *wanted: str) -> None:
    """Install into an environment."""
    quiet = ("--disable-pip-version-check", "-q")
    run(python, "-m", "pip", *quiet, "install", *wanted, folder=python.parent)


def surplus(wheel: Path) -> list[str]:
    """What is in the wheel and not in the package, or the other way round."""
    source = ROOT / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "evcredit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    about = wheel.name.partition("-py3")[0] + ".dist-info"
    known = ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")
    wanted |= {f"{about}/{name}" for name in known}
    return sorted(wanted ^ set(zipfile.ZipFile(wheel).namelist()))


def main() -> int:
    """Try the wheel."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("wheel", type=Path)
    wheel = parser.parse_args().wheel.resolve()
    if found := surplus(wheel):
        raise SystemExit(f"in the wheel or in the package, not in both: {found}")
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for page in ("quick-start.md", "run_page.py"):
            shutil.copy(ROOT / ("docs" if page.endswith(".md") else "tools") / page, folder)
        with step("an empty environment, and the wheel with tables and plots"):
            wanted = (f"evcredit[tables,plots] @ {wheel.as_uri()}", "pandas", "pyarrow", "polars")
            python = environment(folder / "trial", *wanted)
        with step("python -m evcredit"):
            run(python, "-I", "-W", "error", "-m", "evcredit", folder=folder)
        with step("the quick start, block by block"):
            run(python, "-I", "-W", "error", "run_page.py", "quick-start.md", folder=folder)
        minutes = (time.monotonic() - started) / 60
        if minutes > MINUTES:
            raise SystemExit(f"the stranger needed {minutes:.1f} minutes, more than {MINUTES}")
        for extra, program in ALONE.items():
            with step(f"with the extra {extra}" if extra else "without extras"):
                wanted = f"evcredit[{extra}] @ {wheel.as_uri()}" if extra else str(wheel)
                python = environment(folder / f"with-{extra or 'none'}", wanted)
                run(python, "-I", "-W", "error", "-c", program, folder=folder)
        with step("with all extras, every module"):
            every = ",".join(extra for extra in ALONE if extra)
            python = folder / "trial" / "bin" / "python"
            pip_install(python, f"evcredit[{every}] @ {wheel.as_uri()}", "duckdb")
            run(python, "-I", "-W", "error", "-c", IMPORT_ALL, folder=folder)
    print(f"{time.monotonic() - started:6.1f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
