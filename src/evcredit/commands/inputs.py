"""What commands have in common: reading claims and laws, from files or from a pipe."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from evcredit.errors import InvalidFactError
from evcredit.examples import demonstration_claim
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.law.scenarios import named_law

__all__ = ["as_json", "bytes_of", "command_parser", "law_of", "no_input", "read_claim"]


def command_parser(name: str, description: str) -> argparse.ArgumentParser:
    """The parser of one command.

    Args:
        name: Its name.
        description: What it does.
    """
    return argparse.ArgumentParser(prog=f"python -m evcredit {name}", description=description)


def bytes_of(path: Path) -> bytes:
    """What a file holds; ``-`` is standard input.

    Raises:
        OSError: There is no such file.
    """
    return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()


def no_input(out: Path, read: Path) -> None:
    """Refuse to write over what is read, under whatever name.

    Args:
        out: A file that is about to be written.
        read: A file that is read.

    Raises:
        InvalidFactError: They are the same file.
    """
    if out.exists() and read.exists() and out.samefile(read):
        raise InvalidFactError("--out", str(out), "this file is read; give another name")


def read_claim(path: Path | None) -> Claim:
    """A claim from a JSON file or a pipe; the demonstration without one.

    Raises:
        EvcreditError: It holds no claim.
        OSError: There is no such file.
    """
    if path is None:
        return demonstration_claim()
    claim: Claim = import_module("evcredit.io").claim_from_json(bytes_of(path))
    return claim


def law_of(name: str | None, known_on: date | None = None) -> Law:
    """A law by its name, or what was known of it on a day; the current law without a name.

    Raises:
        LawError: There is none of that name, or nothing was known.
    """
    law = named_law("current" if name is None else name)
    return law if known_on is None else law.known_on(known_on)


def as_json(data: Any) -> str:
    """Data as JSON text.

    >>> print(as_json({"credit": 7500}), end="")
    {
      "credit": 7500
    }
    """
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
