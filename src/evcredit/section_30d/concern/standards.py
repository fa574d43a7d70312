"""What the law requires of an entity that is not to be one of concern, on a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from evcredit.algebra.binding import Limit
from evcredit.algebra.schedule import NoProvision, Schedule
from evcredit.algebra.verdict import all_known, any_known
from evcredit.facts.country import TERRITORY_OF, country_name
from evcredit.facts.ownership import Entity, GovernmentRole
from evcredit.law.countries import Members
from evcredit.law.law import Law
from evcredit.law.readings import IndirectHoldings
from evcredit.section_30d.concern.tracing import Tracing

__all__ = ["LISTED", "Standards", "standards_of"]

#: The facts of an entity that alone make it one of concern (42 USC 18741(a)(5)(A), (B), (D), (E)).
LISTED = (
    "designated_terrorist_organization",
    "specially_designated_national",
    "alleged_by_attorney_general",
    "determined_by_secretary",
)


def _sole(schedule: Schedule[Any], day: date | None) -> Any:
    """The value on a day; on an unknown day the one of all days; `None` if there is not one."""
    values = set(schedule.values()) if day is None else {schedule.on(day)}
    value = values.pop() if len(values) == 1 else None
    return None if isinstance(value, NoProvision) else value


class Standards:
    """What makes an entity one of concern, under a law and on a day.

    Args:
        law: The law.
        day: The day the vehicle is placed in service; `None` if unknown.
    """

    __slots__ = ("covered", "day", "law", "nations", "threshold", "together", "tracing")

    def __init__(self, law: Law, day: date | None) -> None:
        self.law: Law = law
        self.day: date | None = day
        group = law.covered_nations_on(day)
        #: Whether a country is a covered nation or belongs to one.
        self.covered: Members = group.members
        self.together: bool = law.readings.covered_nations_counted_together
        nations = {self.sovereign(code) for code, _ in group.rows}
        #: The covered nations whose governments are looked at on their own.
        self.nations: tuple[str, ...] = ("",) if self.together else tuple(sorted(nations))
        percent = _sole(law.foreign_entity_threshold_percent, day)
        #: From which share on a government controls; `None` if the law does not say.
        self.threshold: Fraction | None = None if percent is None else Fraction(percent, 100)
        #: How holdings are followed; `None` if the law does not say.
        self.tracing: Tracing | None = Tracing()
        if law.readings.indirect_holdings is IndirectHoldings.MAJORITY_MERGED:
            majority = _sole(law.majority_holding_percent, day)
            self.tracing = None if majority is None else Tracing(Fraction(majority, 100))

    def sovereign(self, code: str) -> str:
        """The covered nation that a place belongs to, under the reading; otherwise the place."""
        parent = TERRITORY_OF.get(code, code)
        return parent if self.covered.get(code, False) is not False else code

    def body(self, entity: Entity, nation: str) -> bool | None:
        """Whether an entity is a body of the government of a covered nation.

        Args:
            entity: The entity.
            nation: The nation; any covered one if it is empty.
        """
        role: bool | None = None
        if entity.government_role is not None:
            role = entity.government_role is not GovernmentRole.NONE
        of = entity.government_of
        if of is None:
            return all_known([role, None])
        there = not nation or self.sovereign(of) == nation
        return all_known([role, self.covered.get(of, False) if there else False])

    def seat(self, entity: Entity) -> bool | None:
        """Whether an entity is incorporated, managed or domiciled in a covered nation."""
        seats = [entity.incorporated_in, entity.principal_place_of_business]
        if entity.domiciled_in is not None:
            seats.append(entity.domiciled_in)
        return any_known([self.covered.get(each, False) for each in seats])

    def group(self) -> tuple[Limit, ...]:
        """The covered nations, as what a country is compared with."""
        group = self.law.covered_nations_on(self.day)
        return (Limit(group.name, group, group.citation),)

    def place_in_words(self, code: str | None) -> str:
        """A place that is in a covered nation or may be."""
        if code is None:
            return "an unknown country"
        if not self.covered.get(code, False):
            return f"{country_name(code)} (open whether a covered nation; choose a reading)"
        parent = self.sovereign(code)
        of = "" if parent == code else f" (counted as {country_name(parent)})"
        return f"{country_name(code)}{of}, a covered nation"


_standards = lru_cache(maxsize=256)(Standards)


def standards_of(law: Law, day: date | None) -> Standards:
    """The standards of a law on a day; days on which they are the same share them.

    Args:
        law: The law.
        day: The day the vehicle is placed in service; `None` if unknown.
    """
    if day is not None:
        read = (
            law.covered_nations,
            law.foreign_entity_threshold_percent,
            law.majority_holding_percent,
        )
        turns = (turn for schedule in read for turn in schedule.boundaries() if turn <= day)
        day = max(turns, default=day)
    return _standards(law, day)
