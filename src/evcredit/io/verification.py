"""Receipts, recomputed: whether a stored result is what this version says, and what differs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from evcredit.algebra.limits import MOST_LEVELS
from evcredit.errors import InvalidFactError, InvalidFactsError, LawError, shown
from evcredit.io.claims import claim_from_dict
from evcredit.law import current_law, hypothetical_agreements, named_laws
from evcredit.law.law import Law
from evcredit.results.assessing import assess
from evcredit.results.assessment import Assessment

__all__ = ["Difference", "Verification", "verify"]

#: What a receipt says of itself; a recomputation needs all of it.
_PARTS = ("evcredit", "section", "law", "as_known_on", "law_digest", "facts", "unread")
#: What represents a value that one side does not have.
_NONE = "nothing"


@attrs.frozen
class Difference:
    """One place in which a stored result and the one of today differ.

    Args:
        path: Where, in the form of `Assessment.to_dict`: ``receipt.law_digest``.
        stored: What was stored; the text "nothing" if there was nothing.
        now: What this version says, likewise.

    >>> print(Difference("receipt.evcredit", "0.9.0", "1.0.0"))
    receipt.evcredit: '0.9.0' was stored, now '1.0.0'
    """

    path: str
    stored: Any
    now: Any

    def __str__(self) -> str:
        return f"{self.path}: {shown(self.stored)} was stored, now {shown(self.now)}"

    @property
    def part(self) -> str:
        """What it is about: ``version``, ``law``, ``facts``, ``unread`` or ``result``.

        >>> Difference("receipt.facts.vehicle.msrp", "1", "2").part
        'facts'
        """
        head, _, rest = self.path.partition(".")
        name = rest.partition(".")[0].partition("[")[0]
        words = {"evcredit": "version", "as_known_on": "law", "law_digest": "law"}
        return words.get(name, name) if head == "receipt" else "result"


@attrs.frozen
class Verification:
    """What became of a stored result when it was computed again.

    Args:
        differences: Every place that differs; none if the result is the same to the last word.
        result: The assessment of today; `None` if the stored facts cannot be read any more.

    >>> from evcredit import assess, examples
    >>> stored = assess(examples.demonstration_claim()).to_dict()
    >>> verify(stored).is_same
    True
    """

    differences: tuple[Difference, ...]
    result: Assessment | None

    @property
    def is_same(self) -> bool:
        """Whether nothing differs: not the result, and not what it was computed from."""
        return not self.differences

    @property
    def has_same_result(self) -> bool:
        """Whether verdict, credit, reasons and everything else outside the receipt are the same.

        Of a receipt alone it says only that its facts could be assessed.
        """
        return self.result is not None and not self.of("result")

    def of(self, part: str) -> tuple[Difference, ...]:
        """The differences of one part, such as ``law``; see `Difference.part`."""
        return tuple(each for each in self.differences if each.part == part)

    def __str__(self) -> str:
        if self.is_same:
            return "the same to the last word"
        return "\n".join(map(str, self.differences))


def verify(stored: Mapping[str, Any], *, law: Law | None = None) -> Verification:
    """Compute a stored result again and say what differs.

    Args:
        stored: What `Assessment.to_dict` gave, as data; or its ``receipt`` alone, of which only
            version, law and facts are compared.
        law: The law to apply. If omitted, it is made from the name on the receipt: the current
            law, as it was known on a day, with one agreement taken away or added, or one of
            `named_laws`.

    Returns:
        The differences, by place, and the assessment of today.

    Raises:
        InvalidFactError: There is no receipt of an assessment, or a part of it is missing.
        LawError: The law cannot be made from its name; give it.
        OutsideCoverage: The facts name a day for which no law is held.

    >>> from evcredit import assess, examples
    >>> stored = assess(examples.demonstration_claim()).to_dict()
    >>> stored["receipt"]["law_digest"] = "of another version"
    >>> [difference.part for difference in verify(stored).differences]
    ['law']
    >>> verify(stored).has_same_result
    True
    """
    receipt = _receipt_of(stored)
    law = _law_of(receipt) if law is None else law
    try:
        claim = claim_from_dict(receipt["facts"])
    except InvalidFactError as fault:
        return Verification(_unreadable([fault]), None)
    except InvalidFactsError as group:
        return Verification(_unreadable(group.exceptions), None)
    result = assess(claim, law=law, credit=receipt["section"])
    try:
        before = _as_read(stored)
    except RecursionError as error:
        remedy = f"give what was stored, with at most {MOST_LEVELS} levels of components"
        raise InvalidFactError("receipt", "too many levels", remedy) from error
    now = _as_read(result.to_dict())
    if stored is receipt:
        before, now = {"receipt": before}, {"receipt": now["receipt"]}
    return Verification(tuple(_differences(before, now, "")), result)


def _as_read(data: Any) -> Any:
    """JSON-ready data as it is when it comes back from a file."""
    return json.loads(json.dumps(data))


def _unreadable(faults: Iterable[Exception]) -> tuple[Difference, ...]:
    return tuple(
        Difference(f"receipt.facts.{fault.path}", fault.found, fault.remedy)
        for fault in faults
        if isinstance(fault, InvalidFactError)
    )


def _receipt_of(stored: Any) -> Mapping[str, Any]:
    """The receipt of stored data, complete."""
    receipt = stored.get("receipt", stored) if isinstance(stored, Mapping) else None
    if not isinstance(receipt, Mapping) or not any(part in receipt for part in _PARTS):
        remedy = "give what Assessment.to_dict gave, or its receipt"
        raise InvalidFactError("receipt", stored, remedy)
    lacking = [part for part in _PARTS if part not in receipt]
    if lacking:
        remedy = f"a receipt of an assessment has {', '.join(lacking)} too"
        raise InvalidFactError("receipt", receipt, remedy)
    return receipt


def _law_of(receipt: Mapping[str, Any]) -> Law:
    """The law that a receipt names, made of the law of this version."""
    name, day = receipt["law"], receipt["as_known_on"]
    for made in _laws():
        law = made if day is None else made.known_on(day)
        if law.name == name:
            return law
    raise LawError(f"the law {shown(name)} cannot be made from its name; give it as law=...")


def _laws() -> Iterator[Law]:
    """The laws that have a name of their own, the likeliest first."""
    current = current_law()
    yield current
    for make in named_laws().values():
        yield make()
    for agreement in current.agreements:
        yield current.without_agreement(agreement.identifier)
    # An instrument that names no partner can be added with partners of one's own only.
    named = (each.identifier for each in hypothetical_agreements() if each.partners)
    yield from map(current.with_hypothetical, named)


def _differences(stored: Any, now: Any, path: str) -> Iterator[Difference]:
    """The smallest places in which two values of JSON differ, in the order of the stored one."""
    if isinstance(stored, dict) and isinstance(now, dict):
        for name in dict.fromkeys([*stored, *now]):
            below = f"{path}.{name}" if path else name
            yield from _differences(stored.get(name, _NONE), now.get(name, _NONE), below)
    elif isinstance(stored, list) and isinstance(now, list) and len(stored) == len(now):
        for number, (before, after) in enumerate(zip(stored, now, strict=True)):
            yield from _differences(before, after, f"{path}[{number}]")
    elif stored != now:
        yield Difference(path, stored, now)
