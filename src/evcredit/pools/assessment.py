"""The contents of a pool of vehicles: what they are, what they rest on, and a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import attrs

from evcredit._version import __version__
from evcredit.algebra.citation import Citation
from evcredit.algebra.money import in_dollars, in_millionths
from evcredit.algebra.schedule import Schedule
from evcredit.errors import checked
from evcredit.facts.pool import Pool
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.results.words import Format, Line, facts_to_dict, json_value, render
from evcredit.section_30d.sourcing.pools import (
    Contribution,
    PoolContent,
    pool_component_content,
    pool_mineral_content,
)

__all__ = ["PoolAssessment", "assess_pool"]

_AVERAGING = Citation.parse("26 CFR 1.30D-3")


@attrs.frozen(kw_only=True, slots=False)
class PoolAssessment:
    """What the law makes of a pool. Returned by `assess_pool`.

    Args:
        pool: The pool.
        law: The law.
    """

    pool: Pool
    law: Law

    def __str__(self) -> str:
        said = (f"{name}: {content or 'none'}" for name, content, _ in self._contents)
        return "; ".join(said)

    @cached_property
    def minerals(self) -> PoolContent | None:
        """The content of critical minerals by the 50 percent value added test."""
        return pool_mineral_content(self.pool, self.law)

    @cached_property
    def traced_minerals(self) -> PoolContent | None:
        """The content of critical minerals by the traced qualifying value test."""
        return pool_mineral_content(self.pool, self.law, traced=True)

    @cached_property
    def components(self) -> PoolContent | None:
        """The content of battery components."""
        return pool_component_content(self.pool, self.law)

    @property
    def _contents(self) -> tuple[tuple[str, PoolContent | None, Schedule[Any]], ...]:
        minerals, parts = (
            self.law.critical_minerals_percentage,
            self.law.battery_components_percentage,
        )
        return (
            ("critical minerals, 50 percent value added test", self.minerals, minerals),
            ("critical minerals, traced qualifying value test", self.traced_minerals, minerals),
            ("battery components", self.components, parts),
        )

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Where averaging is in the law, and the percentages of the members' days."""
        found = [_AVERAGING]
        for _, _, schedule in self._contents:
            found += [entry.citation for entry in self._asked(schedule)]
        return tuple(dict.fromkeys(found))

    def _asked(self, schedule: Schedule[Any]) -> Iterator[Any]:
        """The entries of the days on which members are placed in service, in order."""
        days = {each.placed_in_service for each in self.pool.members} - {None}
        covered = sorted(day for day in days if day is not None and schedule.covers(day))
        yield from dict.fromkeys(schedule.entry_on(day) for day in covered)

    def explain(self, form: Format = "text") -> str:
        """The contents, what is needed, and what each member brings.

        Args:
            form: ``"text"``, ``"markdown"`` or ``"html"``.

        Raises:
            ValueError: No such form.
        """
        return render(self._lines(), form)

    def _lines(self) -> Iterator[Line]:
        pool = self.pool
        by = ", ".join(each.value for each in pool.by)
        yield Line(-1, f"Pool by {by}, {pool.first_day} to {pool.last_day}, {self.law.name}")
        yield Line(
            0, f"Averages over {len(pool.members)} members, weighted by value [{_AVERAGING}]."
        )
        for name, content, schedule in self._contents:
            yield Line(1, f"{name}: {content or 'nothing to compare'}")
            for entry in self._asked(schedule):
                if content is not None and isinstance(entry.value, int):
                    verdict = content.reaches(entry.value).value
                    yield Line(
                        2, f"{verdict}: {entry.value} percent from {entry.start} [{entry.citation}]"
                    )
            for each in content.contributions if content is not None else ():
                yield Line(2, _contribution(each))

    def to_dict(self) -> dict[str, Any]:
        """The contents with their contributions and a receipt, ready for JSON."""
        return {
            "contents": [
                {
                    "what": name,
                    "share": None if content is None else json_value(content.share),
                    "certified_percentage": None
                    if content is None
                    else json_value(content.certified_percentage),
                    "asked_for": [
                        {
                            "percent": json_value(entry.value)
                            if isinstance(entry.value, int)
                            else str(entry.value),
                            "from": json_value(entry.start),
                            "citation": str(entry.citation),
                        }
                        for entry in self._asked(schedule)
                    ],
                    "contributions": [
                        {
                            "member": each.member.name,
                            "content": None if each.content is None else json_value(each.content),
                            "total": None if each.total is None else str(each.total),
                            "qualifying": None
                            if each.qualifying is None
                            else [str(each.qualifying.lower), str(each.qualifying.upper)],
                        }
                        for each in (content.contributions if content is not None else ())
                    ],
                }
                for name, content, schedule in self._contents
            ],
            "citations": [str(each) for each in self.citations],
            "receipt": {
                "evcredit": __version__,
                "law": self.law.name,
                "as_known_on": json_value(self.law.as_known_on),
                "law_digest": self.law.digest,
                "facts": {"by": [each.value for each in self.pool.by], **facts_to_dict(self.pool)},
            },
        }

    def _repr_html_(self) -> str:
        return self.explain("html")


def _contribution(each: Contribution) -> str:
    name = each.member.name or "a member without a name"
    content = "no content" if each.content is None else str(each.content)
    if each.total is None or each.qualifying is None:
        return f"{name}: {content}, of a value that is not known"
    least, most = (_dollars(end) for end in (each.qualifying.lower, each.qualifying.upper))
    part = least if least == most else f"{least} to {most}"
    return f"{name}: {content}; {part} of {_dollars(each.total)} qualify"


def _dollars(amount: Any) -> str:
    return in_dollars(in_millionths(int(amount * 1_000_000)))


def assess_pool(pool: Pool, law: Law | None = None) -> PoolAssessment:
    """The contents of a pool of vehicles (26 USC 30D(e), 26 CFR 1.30D-3).

    Args:
        pool: The pool; certified percentages of its batteries are ignored.
        law: The law; `current_law` if omitted.

    Raises:
        InvalidFactError: It is no pool, or no law.

    >>> from evcredit.examples import demonstration_battery
    >>> from evcredit.facts import PoolMember
    >>> member = PoolMember(
    ...     name="the plant",
    ...     battery=demonstration_battery(),
    ...     vehicles=1200,
    ...     placed_in_service="2024-06-03",
    ...     plant="Springfield",
    ... )
    >>> found = assess_pool(Pool.of_month(2024, 6, by="plant", members=[member]))
    >>> print(found.minerals, found.components)
    84.1 % 62.0 %
    """
    checked(pool, Pool, "pool")
    law = law_applied(law)
    return PoolAssessment(pool=pool, law=law)
