"""Many claims as JSON, in turn: a line each, or one array, in bounded memory."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from evcredit.algebra.limits import MOST_CHARACTERS
from evcredit.errors import InvalidFactError, InvalidFactsError, as_one, faults_of
from evcredit.facts.claim import Claim
from evcredit.io.claims import A_RETURN
from evcredit.io.reading import from_json
from evcredit.io.repeats import Built, decoded, one_of_many

__all__ = ["claims_from_json", "numbered_claims"]

Faults = InvalidFactError | InvalidFactsError
#: Takes in the faults of one claim.
Report = Callable[[Faults], object]

_AT_A_TIME = 65_536
_MARK = codecs.BOM_UTF8


def claims_from_json(source: Any, *, report: Report | None = None) -> Iterator[Claim]:
    r"""Read many claims, in turn, without holding them all.

    Args:
        source: The path of a file, or an open file or pipe of bytes or text. It holds one claim
            a line (JSON lines; empty lines are passed over) or one array of claims. Each claim is
            as `claim_from_json` takes it, with its limits.
        report: What takes in the faults of a claim that cannot be used; the next claim follows
            then. If omitted, the faults are raised, and reading ends. An array that is not JSON
            ends there in any case.

    Returns:
        The claims, in their order. Parts that are the same in several claims, such as the battery
        of a model, may be the same object.

    Raises:
        InvalidFactError: One fault of a claim; its path begins with the line, as in
            ``line 17: vehicle.msrp``, and in an array with the line on which the claim begins.
        InvalidFactsError: Several faults of one claim, all of them at once.
        OSError: The file cannot be read.

    >>> from io import BytesIO
    >>> lines = b'{"vehicle": {"msrp": 47999.99}}\n{"vehicle": {"msrp": -1}}\n{}\n'
    >>> [claim.vehicle.msrp for claim in claims_from_json(BytesIO(lines), report=print)]
    line 2: vehicle.msrp: found -1; may not be negative
    [Decimal('47999.99'), None]
    """
    return (claim for _, claim in numbered_claims(source, report=report))


def numbered_claims(source: Any, *, report: Report | None = None) -> Iterator[tuple[int, Claim]]:
    r"""Like `claims_from_json`, each with its line.

    Args:
        source: As for `claims_from_json`.
        report: As for `claims_from_json`.

    Returns:
        The line on which each claim begins, counted from 1, and the claim.

    Raises:
        InvalidFactError: As for `claims_from_json`.
        InvalidFactsError: As for `claims_from_json`.
        OSError: The file cannot be read.

    >>> from io import BytesIO
    >>> [line for line, _ in numbered_claims(BytesIO(b"[{},\n {}]"))]
    [1, 2]
    """
    is_text = isinstance(source, str) and source.lstrip().startswith(("{", "["))
    if isinstance(source, str | PathLike) and not is_text:
        return _of_file(Path(source), report)
    if not hasattr(source, "readline"):
        remedy = "give the path of a file, or an open file; claim_from_json reads one claim"
        raise InvalidFactError("source", source, remedy)
    return _of_stream(source, report)


def _of_file(path: Path, report: Report | None) -> Iterator[tuple[int, Claim]]:
    try:
        opened = path.open("rb")
    except ValueError as error:
        raise InvalidFactError("source", str(path), "no file can have this name") from error
    with opened as stream:
        yield from _of_stream(stream, report)


def _of_stream(stream: Any, report: Report | None) -> Iterator[tuple[int, Claim]]:
    line, first = 0, b""
    while not first.strip():
        first = _bytes(stream.readline(MOST_CHARACTERS + 1))
        line += 1
        if not first:
            return
        first = first.removeprefix(_MARK) if line == 1 else first
    tell = _raise if report is None else report
    if first.lstrip().startswith(b"["):
        yield from _of_array(stream, first, line, tell)
    else:
        yield from _of_lines(stream, first, line, tell)


def _bytes(text: Any) -> bytes:
    # Half a character is refused where the fact that holds it is.
    found: bytes = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    return found


def _raise(faults: Faults) -> None:
    raise faults


def _at(line: int, faults: Faults) -> Faults:
    """Faults of a claim, with its line before their paths."""
    place = f"line {line}"
    told: list[Any] = [
        InvalidFactError(
            place if each.path in ("", "file") else f"{place}: {each.path}",
            each.found,
            each.remedy,
        )
        for each in faults_of(faults)
    ]
    return as_one(told)


def _of_lines(stream: Any, text: bytes, line: int, tell: Report) -> Iterator[tuple[int, Claim]]:
    built = Built()
    while text:
        if text.strip():
            try:
                claim = one_of_many(text, Claim, A_RETURN, built)
            except (InvalidFactError, InvalidFactsError) as faults:
                tell(_at(line, _for_lines(faults)))
            else:
                yield line, claim
        # What is left of a line that is too long belongs to its fault.
        while len(text) > MOST_CHARACTERS and not text.endswith(b"\n"):
            text = _bytes(stream.readline(MOST_CHARACTERS + 1))
        text = _bytes(stream.readline(MOST_CHARACTERS + 1))
        line += 1


def _for_lines(faults: Faults) -> Faults:
    """The faults; of what is no JSON, with what a file of many claims is."""
    if isinstance(faults, InvalidFactError) and faults.remedy == "give JSON text in UTF-8":
        remedy = "give one claim a line, or one array of claims, in UTF-8"
        return InvalidFactError(faults.path, faults.found, remedy)
    return faults


class _Pending:
    """What is read of an array and not yet taken, and the line on which it begins."""

    def __init__(self, stream: Any, line: int) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8")()
        self.text = ""
        self.line = line
        self.ended = False

    def more(self, size: int) -> None:
        """Read so many bytes more, if there are any."""
        self.add(_bytes(self._stream.read(size)))

    def add(self, found: bytes) -> None:
        """Add what was read; nothing is the end."""
        self.ended = not found
        self.text += self._decode.decode(found, self.ended)

    def take(self, length: int) -> str:
        """Take so many characters off."""
        taken, self.text = self.text[:length], self.text[length:]
        self.line += taken.count("\n")
        return taken

    def mark(self) -> str:
        """The next character that is no space, without taking it; nothing at the end."""
        while True:
            self.take(len(self.text) - len(self.text.lstrip()))
            if self.text or self.ended:
                return self.text[:1]
            self.more(_AT_A_TIME)


def _of_array(stream: Any, text: bytes, line: int, tell: Report) -> Iterator[tuple[int, Claim]]:
    pending, built = _Pending(stream, line), Built()
    try:
        pending.add(text)
        pending.mark()
        pending.take(1)
        if pending.mark() == "]":
            pending.take(1)
        else:
            yield from _items(pending, built, tell)
        if pending.mark():
            raise _broken("something after the end of the array")
    except UnicodeDecodeError as error:
        tell(_at(pending.line, _broken(error.reason)))
    except InvalidFactError as fault:
        tell(_at(pending.line, fault))


def _broken(what: str) -> InvalidFactError:
    return InvalidFactError("file", what, "give one array of claims, as JSON text in UTF-8")


def _items(pending: _Pending, built: Built, tell: Report) -> Iterator[tuple[int, Claim]]:
    mark = ","
    while mark == ",":
        pending.mark()
        line, (written, data) = pending.line, _item(pending)
        try:
            claim = one_of_many(written, Claim, A_RETURN, built, data)
        except (InvalidFactError, InvalidFactsError) as faults:
            tell(_at(line, faults))
        else:
            yield line, claim
        mark = pending.mark()
        pending.take(1)
    if mark != "]":
        raise _broken(mark or "the end of the file, and not of the array")


def _item(pending: _Pending) -> tuple[str, Any]:
    """The next value of an array: its text, and the data that it is."""
    while True:
        try:
            data, end = decoded(pending.text)
        except ValueError as error:
            if pending.ended:
                raise _broken(str(error)) from error
        else:
            # A number may go on in what is not read yet.
            if end < len(pending.text) or pending.ended:
                return pending.take(end), data
        if len(pending.text) > MOST_CHARACTERS:
            # Reading it shows why it is none.
            from_json(pending.text, Claim)
        # Twice as much each time, so that no claim is looked at often.
        pending.more(max(_AT_A_TIME, len(pending.text)))
