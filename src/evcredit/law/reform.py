"""Reforms: described, composable changes of a law, as values.

A reform is a list of single changes, each with a reason and a citation or the word hypothetical.
It can be applied to any law, printed as the difference it makes, composed with others, and undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from typing import Any

import attrs

from evcredit.algebra.field import checked_day
from evcredit.algebra.html import preformatted
from evcredit.errors import ConflictingReforms, InvalidFactError, checked
from evcredit.law.agreement_changes import (
    AddAgreement,
    DelayAgreement,
    EndAgreement,
    NarrowAgreement,
    RemoveAgreement,
    SupposeAgreement,
)
from evcredit.law.agreements import Partner, TradeAgreement
from evcredit.law.difference import LawDifference, law_difference
from evcredit.law.law import HOW_TO_NAME, Law
from evcredit.law.law_changes import HYPOTHETICAL, ChangeOfLaw, ChooseReading, KnownOn, Restore
from evcredit.law.value_changes import CapValue, SetValue

__all__ = ["CHANGES", "Reform"]


def as_changes(value: Iterable[ChangeOfLaw]) -> tuple[ChangeOfLaw, ...]:
    """A tuple of changes.

    Raises:
        InvalidFactError: One of them is no change of law.
    """
    stated: Any = value
    if not isinstance(stated, Iterable):
        raise InvalidFactError("reform.changes", value, "give a list of changes")
    changes = tuple(value)
    for each in changes:
        if not isinstance(each, ChangeOfLaw):
            raise InvalidFactError("reform.changes", each, "give changes, as Reform's methods do")
    return changes


@attrs.frozen
class Reform:
    """Changes of a law, in turn.

    Make one by the class methods below, each of which takes why it changes the law, and combine
    them: by ``+``, which raises if both change the same entry, or by `then`, which says that
    the other comes after. Both are associative; a reform of no changes leaves every law alone.

    Args:
        changes: The changes, in order.

    >>> from evcredit.law.current import current_law
    >>> no_japan = Reform.remove_agreement("Japan", why="what the agreement is worth")
    >>> law = no_japan.apply(current_law())
    >>> law.name
    'current law without JPCMA'
    >>> no_japan.inverse(current_law()).apply(law) == current_law()
    True
    >>> later = Reform.delay_agreement("Japan", "2024-07-01", why="a later signature")
    >>> no_japan + later
    Traceback (most recent call last):
    evcredit.errors.ConflictingReforms: both reforms change the agreement JPCMA; ...
    """

    changes: tuple[ChangeOfLaw, ...] = attrs.field(default=(), converter=as_changes)

    @property
    def name(self) -> str:
        """The names of the changes, in order; ``no change`` without any."""
        return ", ".join(each.label for each in self.changes) or "no change"

    def __str__(self) -> str:
        return "\n".join(map(str, self.changes)) or "no change"

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    # -- use -----------------------------------------------------------------------------------

    def apply(self, law: Law) -> Law:
        """The law with the changes, in order; the law itself stays as it is.

        Raises:
            LawError: The law has no such agreement, or no law is known for a day.
            InvalidFactError: A value is of another kind than the schedule has, or no entry
                governs the days.
        """
        checked(law, Law, "law", HOW_TO_NAME)
        return reduce(lambda changed, each: each.apply(changed), self.changes, law)

    def difference(self, law: Law) -> LawDifference:
        """What it changes in a law: entries that go and that come, each with its citation.

        >>> from evcredit.law.current import current_law
        >>> cap = Reform.set_value(
        ...     "msrp_limit", 70_000, category="van", since="2024-01-01", why="a lower cap"
        ... )
        >>> print(cap.difference(current_law()))
        suggested retail price limit (msrp_limit)
        - from 2023-01-01: van 80000 [26 USC 30D(f)(11)(B)(i)]
        + from 2023-01-01 to the day before 2024-01-01: van 80000 [26 USC 30D(f)(11)(B)(i)]
        + from 2024-01-01: van 70000 [26 USC 30D(f)(11)(B)(i)] (hypothetical: a lower cap)
        """
        return law_difference(law, self.apply(law))

    def inverse(self, law: Law) -> Reform:
        """The reform that undoes this one on a law: applied after it, it gives that law again.

        Args:
            law: The law before.
        """
        after = self.apply(law)
        fields = tuple(
            (each.name, getattr(law, each.name))
            for each in attrs.fields(Law)
            if getattr(law, each.name) != getattr(after, each.name)
        )
        return Reform((Restore(fields=fields, why=f"to undo: {self.name}"),))

    def to_dict(self) -> dict[str, Any]:
        """The reform, ready for JSON."""
        return {"name": self.name, "changes": [each.to_dict() for each in self.changes]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reform:
        """Read a reform as `to_dict` writes it.

        Args:
            data: ``changes``, each with the name of the change under ``change``, its arguments,
                ``why``, and ``source`` unless it is hypothetical. A ``name`` is for the reader.

        Raises:
            InvalidFactError: A change is not known, an argument is missing or is none of it, or a
                value is invalid.
            LawError: There is no such schedule or agreement.

        >>> reform = Reform.remove_agreement("Japan", why="what the agreement is worth")
        >>> Reform.from_dict(reform.to_dict()) == reform
        True
        """
        stated: object = data
        if not isinstance(stated, Mapping):
            raise InvalidFactError("reform", data, "give what Reform.to_dict gave")
        unknown = sorted(map(str, set(data) - {"name", "changes"}))
        if unknown or not isinstance(data.get("changes"), list):
            found = ", ".join(unknown) or data.get("changes")
            raise InvalidFactError(
                "reform", found, "give a list of changes, and a name if you like"
            )
        return cls(_read(place, each) for place, each in enumerate(data["changes"]))

    # -- composition ---------------------------------------------------------------------------

    def then(self, other: Reform) -> Reform:
        """Both, the other one after this one."""
        return Reform((*self.changes, *checked(other, Reform, "other").changes))

    def __add__(self, other: object) -> Reform:
        """Both, in whatever order.

        Raises:
            ConflictingReforms: Both change the same entry.
        """
        if not isinstance(other, Reform):
            return NotImplemented
        both = {
            str(one)
            for change in self.changes
            for one in change.touched()
            for another in other.changes
            if any(one.overlaps(each) for each in another.touched())
        }
        if both:
            raise ConflictingReforms(tuple(sorted(both)))
        return self.then(other)

    # -- agreements ----------------------------------------------------------------------------

    @classmethod
    def add_agreement(
        cls, agreement: TradeAgreement, *, why: str, source: str = HYPOTHETICAL
    ) -> Reform:
        """One more agreement, or another version of one that the law has."""
        return cls((AddAgreement(agreement=agreement, why=why, source=source),))

    @classmethod
    def suppose_agreement(
        cls,
        agreement: str,
        since: date | str | None = None,
        *,
        why: str,
        source: str = HYPOTHETICAL,
    ) -> Reform:
        """An agreement that was never concluded, as if it were in force since a day.

        Raises:
            UnknownAgreement: No hypothetical has this name.
        """
        return cls((SupposeAgreement(agreement=agreement, since=since, why=why, source=source),))

    @classmethod
    def remove_agreement(cls, agreement: str, *, why: str, source: str = HYPOTHETICAL) -> Reform:
        """The law as if an agreement did not exist."""
        return cls((RemoveAgreement(agreement=agreement, why=why, source=source),))

    @classmethod
    def delay_agreement(
        cls, agreement: str, until: date | str, *, why: str, source: str = HYPOTHETICAL
    ) -> Reform:
        """An agreement that enters into force on a later day."""
        return cls((DelayAgreement(agreement=agreement, until=until, why=why, source=source),))

    @classmethod
    def end_agreement(
        cls, agreement: str, on: date | str, *, why: str, source: str = HYPOTHETICAL
    ) -> Reform:
        """An agreement that ends; `on` is the first day on which it is no longer in force."""
        return cls((EndAgreement(agreement=agreement, on=on, why=why, source=source),))

    @classmethod
    def narrow_agreement(
        cls,
        agreement: str,
        *,
        partners: Iterable[str] | None = None,
        minerals: Iterable[str] | None = None,
        why: str,
        source: str = HYPOTHETICAL,
    ) -> Reform:
        """An agreement with some of its countries, or about some of its minerals alone."""
        change = NarrowAgreement(
            agreement=agreement, partners=partners, minerals=minerals, why=why, source=source
        )
        return cls((change,))

    # -- values --------------------------------------------------------------------------------

    @classmethod
    def set_value(
        cls,
        schedule: str,
        value: Any,
        *,
        category: Any = None,
        since: date | str | None = None,
        until: date | str | None = None,
        why: str,
        source: str = HYPOTHETICAL,
    ) -> Reform:
        """Another value of a schedule from a day, or between two.

        Args:
            schedule: The schedule, by its name in `Law`.
            value: The value; of a date or number also as text.
            category: The category of a table, such as a vehicle class; every one if omitted.
            since: The first day; from the beginning if omitted.
            until: The first day after; without end if omitted.
            why: The reason.
            source: Where it is proposed.

        Raises:
            LawError: The law has no such schedule.
            InvalidFactError: The days are out of order.
        """
        change = SetValue(
            schedule=schedule,
            value=value,
            category=category,
            since=since,
            until=until,
            why=why,
            source=source,
        )
        return cls((change,))

    @classmethod
    def cap_value(
        cls,
        schedule: str,
        value: Any,
        *,
        category: Any = None,
        since: date | str | None = None,
        until: date | str | None = None,
        why: str,
        source: str = HYPOTHETICAL,
    ) -> Reform:
        """No value of a schedule above a cap; the arguments are those of `set_value`."""
        change = CapValue(
            schedule=schedule,
            value=value,
            category=category,
            since=since,
            until=until,
            why=why,
            source=source,
        )
        return cls((change,))

    @classmethod
    def start(
        cls, schedule: str, on: date | str, *, why: str, source: str = HYPOTHETICAL
    ) -> Reform:
        """A provision that is in force from a day on, and not before; `schedule` ends in_force."""
        words: dict[str, Any] = {"schedule": schedule, "why": why, "source": source}
        return cls(
            (SetValue(value=False, until=on, **words), SetValue(value=True, since=on, **words))
        )

    @classmethod
    def end(cls, schedule: str, on: date | str, *, why: str, source: str = HYPOTHETICAL) -> Reform:
        """A provision that is no longer in force from a day on; `schedule` ends in_force."""
        return cls((SetValue(schedule=schedule, value=False, since=on, why=why, source=source),))

    # -- readings and knowledge ----------------------------------------------------------------

    @classmethod
    def choose_reading(
        cls, reading: str, value: Any, *, why: str, source: str = HYPOTHETICAL
    ) -> Reform:
        """Another reading where the law is unresolved, by its name in `Readings`."""
        return cls((ChooseReading(reading=reading, value=value, why=why, source=source),))

    @classmethod
    def known_on(cls, day: date | str, *, why: str, source: str = HYPOTHETICAL) -> Reform:
        """The law as it was known on a day."""
        return cls((KnownOn(day=day, why=why, source=source),))


#: The changes that can be read, by their kinds.
CHANGES: Mapping[str, type[ChangeOfLaw]] = {
    each.kind: each
    for each in (
        AddAgreement,
        CapValue,
        ChooseReading,
        DelayAgreement,
        EndAgreement,
        KnownOn,
        NarrowAgreement,
        RemoveAgreement,
        SetValue,
        SupposeAgreement,
    )
}


def _read(place: int, data: Any) -> ChangeOfLaw:
    """One change of `Reform.from_dict`."""
    path = f"reform.changes[{place}]"
    stated = dict(data) if isinstance(data, Mapping) else {}
    named = stated.pop("change", None)
    kind = CHANGES.get(named) if isinstance(named, str) else None
    if kind is None:
        raise InvalidFactError(f"{path}.change", data, f"give one of {', '.join(CHANGES)}")
    fields = attrs.fields_dict(kind)
    wrong = [name for name in stated if name not in fields]
    wrong += [
        name
        for name, field in fields.items()
        if field.default is attrs.NOTHING and name not in stated
    ]
    if wrong:
        known = ", ".join(fields)
        raise InvalidFactError(f"{path}.{wrong[0]}", stated.get(wrong[0]), f"it takes {known}")
    try:
        if kind is AddAgreement and isinstance(stated["agreement"], Mapping):
            stated["agreement"] = _agreement(stated["agreement"])
        return kind(**stated)
    except InvalidFactError as error:
        raise error.below(path) from None


def _agreement(data: Mapping[str, Any]) -> TradeAgreement:
    stated = dict(data)
    signed = stated.get("signed")
    stated["signed"] = None if signed is None else checked_day(signed, "signed")
    minerals = stated.get("covered_minerals")
    stated["covered_minerals"] = None if minerals is None else tuple(minerals)
    partners = stated.pop("partners", ())
    if not isinstance(partners, list | tuple):
        raise InvalidFactError("agreement.partners", partners, "give a list of partners")
    known = tuple(
        _from(Partner, each, f"agreement.partners[{place}]") for place, each in enumerate(partners)
    )
    made: TradeAgreement = _from(TradeAgreement, {"partners": known, **stated}, "agreement")
    return made


def _from(cls: type[Any], stated: Any, path: str) -> Any:
    """An object of a class, of its fields by name."""
    fields = attrs.fields_dict(cls)
    if not isinstance(stated, Mapping):
        raise InvalidFactError(path, stated, f"give an object with {', '.join(fields)}")
    strange = [name for name in stated if name not in fields]
    absent = [
        name
        for name, field in fields.items()
        if field.init and field.default is attrs.NOTHING and name not in stated
    ]
    for name in (*strange, *absent):
        remedy = f"it takes {', '.join(fields)}"
        raise InvalidFactError(f"{path}.{name}", stated.get(name), remedy)
    return cls(**stated)
