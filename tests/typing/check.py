"""Hold good.py and bad.py against mypy and pyright: good.py has no error, bad.py the marked ones.

Run by `make types`:

    python tests/typing/check.py
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FILES = GOOD, BAD = HERE / "good.py", HERE / "bad.py"
MARK = "# wrong: "

#: What a checker finds, by file and line.
Found = dict[tuple[str, int], str]


def run(*command: str) -> str:
    """The output of a type checker, which ends with 1 where it finds errors."""
    done = subprocess.run(
        [sys.executable, "-m", *command], check=False, capture_output=True, text=True
    )
    if done.returncode > 1 or not done.stdout:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def mypy() -> Found:
    """What `mypy --strict` finds in both."""
    output = run("mypy", "--strict", "--no-warn-unreachable", "--output", "json", *map(str, FILES))
    found = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {
        (Path(each["file"]).name, each["line"]): each["message"]
        for each in found
        if each["severity"] == "error"
    }


def pyright() -> Found:
    """What pyright finds in both, with its own default settings."""
    options = ("--pythonpath", sys.executable, "--level", "error", "--outputjson")
    found = json.loads(run("basedpyright", *options, *map(str, FILES)))
    return {
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1): each["message"]
        for each in found["generalDiagnostics"]
        if each["severity"] == "error"
    }


def marked() -> Found:
    """The lines that are marked as wrong."""
    return {
        (file.name, number): line
        for file in FILES
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if MARK in line
    }


def differences(name: str, found: Found) -> list[str]:
    """Where what a checker finds and the marks do not agree."""
    wanted = marked()
    silent = [
        f"finds nothing in {place}: {wanted[place]}" for place in sorted(wanted.keys() - found)
    ]
    loud = [f"{place}: {found[place]}" for place in sorted(found.keys() - wanted)]
    return [f"{name} {each}" for each in (*silent, *loud)]


if __name__ == "__main__":
    wrong = [*differences("mypy", mypy()), *differences("pyright", pyright())]
    print("\n".join(wrong) if wrong else f"{GOOD.name} is good, {BAD.name} bad where it says so")
    sys.exit(bool(wrong))
