"""The folder of a run over files: its manifest and finished parts, so that a halted run goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evcredit.errors import EvcreditError, InvalidFactError
from evcredit.tables.files.engines import Engine
from evcredit.tables.files.parts import Input, Part

__all__ = [
    "BAD",
    "OtherRunError",
    "as_data",
    "bad_rows_if_finished",
    "begin",
    "held",
    "put",
    "watched",
]

_MANIFEST = "manifest.json"
#: The folder of the rows that are no claims, inside that of the output.
BAD = "bad"
_TEMPORARY = ".unfinished"


class CannotWriteError(EvcreditError, OSError):
    """A file of the output cannot be written, for example because the disk is full."""


class ChangedInputError(EvcreditError, ValueError):
    """An input was replaced or changed while a run read it; the text names it."""

    def __str__(self) -> str:
        told = (
            "changed while it was read, so its parts are deleted; give a new folder and run again"
        )
        return f"{self.args[0]}: {told}"


class OtherRunError(EvcreditError, ValueError):
    """The folder of the output holds a run that is not the one requested.

    Attributes:
        differences: What differs, each as one sentence.
    """

    def __init__(self, folder: Path, differences: Iterable[str]) -> None:
        self.folder = folder
        self.differences: tuple[str, ...] = tuple(differences)
        super().__init__(folder, self.differences)

    def __str__(self) -> str:
        told = "\n".join(f"  {each}" for each in self.differences)
        return (
            f"{self.folder} holds the parts of another run; give another folder, or what that "
            f"run was given:\n{told}"
        )


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other processes from working on the same folder; a kill lets go of it."""
    try:
        import fcntl  # noqa: PLC0415  # not on Windows, where two runs at once are not noticed
    except ImportError:
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EvcreditError(f"{folder}: another process is working on it") from None
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(held)


def put(path: Path, write: Callable[[Path], object]) -> None:
    """Make a file that is there as a whole or not at all, whenever the process ends."""
    unfinished = path.with_name(path.name + _TEMPORARY)
    try:
        write(unfinished)
        _flush(unfinished, os.O_RDWR)
        unfinished.replace(path)
    except OSError as error:
        raise CannotWriteError(
            f"{path}: cannot be written: {error.strerror or error}; what is finished stays"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    _flush(path.parent, os.O_RDONLY)


def _flush(path: Path, how: int) -> None:
    try:
        opened = os.open(path, how)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def begin(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest, or compare it with the one that is there."""
    path = Path(folder, _MANIFEST)
    manifest = json.loads(json.dumps(manifest))
    for each in (*folder.glob(f"*{_TEMPORARY}"), *folder.glob(f"{BAD}/*{_TEMPORARY}")):
        each.unlink()
    if path.exists():
        recorded = _recorded(path)
        differences = list(_differences(recorded, manifest))
        if differences:
            raise OtherRunError(folder, differences)
        if recorded["options"]["strict"] == manifest["options"]["strict"]:
            return
    elif any(folder.iterdir()):
        raise InvalidFactError("out", str(folder), "give a folder that is new or empty")
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    put(path, lambda to: to.write_text(text, encoding="utf-8"))


def _recorded(path: Path) -> dict[str, Any]:
    """The manifest of an earlier run.

    Raises:
        InvalidFactError: It is not one that a run has written.
    """
    remedy = f"its {_MANIFEST} is damaged; delete the folder, or give another one"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        _ = [each["path"] for each in found["inputs"]], found["options"]["strict"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        raise InvalidFactError("out", str(path.parent), remedy) from None
    recorded: dict[str, Any] = found
    return recorded


@contextmanager
def watched(folder: Path, parts: Iterable[Part]) -> Iterator[None]:
    """Leave no part of an input that is replaced or changed while a run reads it.

    Raises:
        ChangedInputError: An input was changed; its parts are deleted.
    """
    parts = tuple(parts)
    before = {each.input.path: _identity(each.input.path) for each in parts}
    try:
        yield
    finally:
        changed = [path for path, known in before.items() if _identity(path) != known]
        for each in parts:
            if each.input.path in changed:
                Path(folder, each.name).unlink(missing_ok=True)
                Path(folder, BAD, each.name).unlink(missing_ok=True)
        if changed:
            raise ChangedInputError(", ".join(map(str, changed)))


def _identity(path: Path) -> tuple[int, ...] | None:
    """What shows that a file was changed or replaced; `None` if it is gone."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_ino, about.st_size, about.st_mtime_ns


def as_data(files: list[Input], parts: list[Part]) -> dict[str, Any]:
    """What the inputs are, by what shows that one was changed, and what each part is of."""
    found = []
    for file in files:
        about = file.path.stat()
        identity = {"bytes": about.st_size, "modified_ns": about.st_mtime_ns, "rows": file.rows}
        found.append({"path": str(file.path), **identity})
    told = [
        {
            "name": each.name,
            "input": str(each.input.path),
            "first_row": each.first,
            "rows": each.rows,
        }
        for each in parts
    ]
    return {"inputs": found, "parts": told}


def _differences(recorded: dict[str, Any], asked: dict[str, Any]) -> Iterator[str]:
    before, now = recorded["options"], asked["options"]
    for name in dict.fromkeys((*before, *now)):
        one, other = before.get(name), now.get(name)
        # Parts in which every row was a claim are the same if other parts may have others.
        if one != other and not (name == "strict" and one is True):
            yield f"{name}: was {_short(one)}, is {_short(other)}"
    files = {each["path"]: each for each in recorded["inputs"]}
    others = {each["path"]: each for each in asked["inputs"]}
    yield from (f"input {path}: was there, is not" for path in files if path not in others)
    yield from (f"input {path}: was not there, is" for path in others if path not in files)
    for path in files.keys() & others.keys():
        for name, one in files[path].items():
            if one != others[path][name]:
                yield f"input {path}: {name} was {one}, is {others[path][name]}"
                break
    if files.keys() == others.keys() and list(files) != list(others):
        yield "inputs: were in another order"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}..."


def bad_rows_if_finished(engine: Engine, folder: Path, part: Part) -> int | None:
    """How many bad rows a part has; `None` if it is still to be made."""
    good, bad = Path(folder, part.name), Path(folder, BAD, part.name)
    if not good.exists():
        return None
    try:
        bad_rows = engine.rows(Input(bad)) if bad.exists() else 0
        whole = engine.rows(Input(good)) + bad_rows == part.rows
    except engine.errors:
        whole = False
    return bad_rows if whole else None
