"""One object of many from JSON: what repeats from one to the next is built once."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from evcredit.algebra.limits import MOST_CHARACTERS
from evcredit.io.reading import WRONG, Other, Parts, from_json, sound

__all__ = ["Built", "decoded", "one_of_many"]


class Built(Parts):
    """Parts that were built before, by what was written of them: objects cannot be changed.

    Vehicles of one model have one battery, and many chains the same steps. For a class of which
    few parts repeat it keeps nothing any more.
    """

    __slots__ = ("_of",)

    names: int

    def __init__(self) -> None:
        super().__init__()
        self._of: dict[Any, _Repeats] = {}

    def part(self, data: Any, cls: Any, level: int) -> Any:
        """The object of a class that some data are, as deep in a document as they are."""
        repeats = self._of.get(cls)
        if repeats is None:
            repeats = self._of[cls] = _Repeats()
        if repeats.rare:
            return sound(data, cls, level, self)
        written = (level, repr(data))
        known = repeats.objects.get(written)
        if known is not None:
            repeats.hits += 1
            self.names += known[1]
            return known[0]
        before = self.names
        found = sound(data, cls, level, self)
        repeats.keep(written, (found, self.names - before))
        return found


#: So many parts of a class are kept, none longer than so many characters; and so many are built
#: before it is asked whether one in four of all was there already.
_KEPT, _LONGEST, _TRIED = 2_000, 20_000, 500


class _Repeats:
    """The parts of one class that were built, and how often one was there already."""

    __slots__ = ("built", "hits", "objects", "rare")

    def __init__(self) -> None:
        #: By level and what was written, the object and the number of names in and below it.
        self.objects: dict[tuple[int, str], tuple[Any, int]] = {}
        self.built = self.hits = 0
        self.rare = False

    def keep(self, written: tuple[int, str], found: tuple[Any, int]) -> None:
        """Keep a part; forget all when there are too many."""
        self.built += 1
        if self.built % _TRIED == 0 and self.hits * 3 < self.built:
            self.rare = True
            self.objects.clear()
        elif len(written[1]) <= _LONGEST:
            if len(self.objects) >= _KEPT:
                self.objects.clear()
            self.objects[written] = found


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=Decimal)
#: A colon that does not follow its name at once.
_APART_FROM_NAME = re.compile('"[ \\t\\r\\n]+:')
_NOT_DECODED = object()


def decoded(text: str) -> tuple[Any, int]:
    """The data at the beginning of some JSON text, and where they end.

    Raises:
        ValueError: They are not JSON, or not all of it.
    """
    try:
        return _DECODER.raw_decode(text)
    except RecursionError as error:
        raise ValueError("too many levels inside each other") from error
    except ArithmeticError as error:
        raise ValueError(str(error)) from error


def one_of_many(
    text: str | bytes, cls: type, other: Other | None, built: Built, data: Any = _NOT_DECODED
) -> Any:
    """Read one object of many from JSON text in UTF-8; faults as of `from_json`.

    Args:
        text: As for `from_json`.
        cls: As for `from_json`.
        other: As for `from_json`.
        built: What was built of other documents.
        data: What `decoded` gives of the text, if that is known.
    """
    if len(text) <= MOST_CHARACTERS:
        built.names = 0
        try:
            written = text.decode() if isinstance(text, bytes) else text
            data = _DECODER.decode(written) if data is _NOT_DECODED else data
            found = sound(data, cls, 0, built)
        except WRONG:
            pass
        else:
            # There are at least as many such places as names, and one that came twice is one name.
            if written.count('":') == built.names and not _APART_FROM_NAME.search(written):
                return found
    return from_json(text, cls, other)  # slower, and finds every fault
