"""What would change an answer: the smallest changes of sources, prices, shares and agreements.

`denials` looks for facts of a person and a vehicle that would lift a refusal. This looks at the
supply chain, where a change is a choice among many chains, and where a manufacturer asks both
ways: what would win the half that is not won, and what would lose the one that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, Literal

import attrs

from evcredit.advice.agreement_change import AgreementChange, agreement_changes
from evcredit.advice.break_even import (
    PriceChange,
    ShareShift,
    Swing,
    price_changes,
    share_shifts,
    swings,
)
from evcredit.advice.change import Change
from evcredit.advice.failing import change_of_all
from evcredit.advice.pool_sides import pool_component_side, pool_mineral_side
from evcredit.advice.resourcing import Resourcing, of_needed, resourcings
from evcredit.advice.sides import Side, component_side, mineral_side
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.money import bounds_in_dollars, in_millionths, millionths
from evcredit.algebra.schedule import Schedule
from evcredit.algebra.share import Share
from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError, checked
from evcredit.facts.claim import Claim
from evcredit.facts.pool import Pool
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.provisions.registry import section_of
from evcredit.results.assessing import assess
from evcredit.results.assessment import Assessment
from evcredit.results.words import Format, Line, json_value, render

__all__ = ["HalfChanges", "VerdictFlip", "WhatWouldChange", "sensitivity", "what_would_change"]

_ITS_OWN_PERCENT = "give it for the minerals of a pool; a claim and components have their own"


@attrs.frozen(kw_only=True)
class HalfChanges:
    """What would flip one half of the credit.

    Args:
        title: The half.
        percent: The applicable percentage; `None` where `problem` says why there is none.
        content: The content.
        verdict: Whether the content reaches the percentage.
        wins: Whether the changes win the half; otherwise they lose it.
        resourcings: The smallest sets of chains or components to get from elsewhere: the fewest,
            and those of the minimum value.
        prices: The break-even price of each mineral, or of each kind of component.
        shifts: The smallest shift of value between chains of one mineral, or between components
            of one kind in one place.
        agreements: The fewest agreements; of components none matters.
        problem: Why no change is looked for, if so.
    """

    title: str
    percent: int | None
    content: Share | None
    verdict: Verdict
    wins: bool
    resourcings: tuple[Resourcing, ...] = ()
    prices: tuple[PriceChange, ...] = ()
    shifts: tuple[ShareShift, ...] = ()
    agreements: tuple[AgreementChange, ...] = ()
    problem: str = ""

    def __str__(self) -> str:
        way = "win" if self.wins else "lose"
        changes = (self.resourcings, self.prices, self.shifts, self.agreements)
        count = sum(map(len, changes))
        return (
            f"{self.title}: {self.content or 'unknown'}, {self.verdict.value}; changes that would "
            f"{way} it: {self.problem or count}"
        )

    def to_dict(self) -> dict[str, Any]:
        """The changes, ready for JSON."""
        lists = ("resourcings", "prices", "shifts", "agreements")
        return {
            "title": self.title,
            "percent": self.percent,
            "content": json_value(self.content),
            "verdict": self.verdict.value,
            "wins": self.wins,
            **{name: [each.to_dict() for each in getattr(self, name)] for name in lists},
            "problem": self.problem,
        }


@attrs.frozen(kw_only=True)
class VerdictFlip:
    """The smallest change of sources that flips the verdict on a claim, over both halves.

    Args:
        by: What is smallest: ``"count"`` or ``"value"``.
        resourcings: What moves, half by half.
        verdict: The verdict with the change.
        credit: Bounds of the credit in US dollars with it.
    """

    by: str
    resourcings: tuple[Resourcing, ...]
    verdict: Verdict
    credit: Bounds[Decimal]
    _claim: Claim = attrs.field(eq=False, repr=False)

    @property
    def size(self) -> tuple[int, Decimal]:
        """How many chains and components move, and US dollars of them."""
        moves = sum(len(each.moves) for each in self.resourcings)
        worth = sum(millionths(each.value) for each in self.resourcings)
        return moves, in_millionths(worth)

    def __str__(self) -> str:
        return "; and ".join(map(str, self.resourcings))

    def applied(self) -> Claim:
        """The claim with the change."""
        return _applied(self._claim, self.resourcings)

    def to_dict(self) -> dict[str, Any]:
        """The change, ready for JSON."""
        return {
            "by": self.by,
            "resourcings": [each.to_dict() for each in self.resourcings],
            "verdict": self.verdict.value,
            "credit": {**json_value(self.credit), "currency": "USD"},
        }


@attrs.frozen(kw_only=True)
class WhatWouldChange:
    """What would change an answer. Returned by `what_would_change`.

    Args:
        law: The law.
        verdict: Of a claim, whether a credit is allowed; of a pool, whether its content of
            minerals reaches the percentage.
        halves: The halves of the credit, minerals first.
        flips: The smallest changes of sources that flip the verdict itself, by count and by
            value: to lose a credit, both halves have to be lost.
        facts: Of a claim that is refused and that no sources would help, the change of other
            facts that `change_of_all` finds; `None` if there is none.
    """

    law: Law
    verdict: Verdict
    halves: tuple[HalfChanges, ...]
    flips: tuple[VerdictFlip, ...] = ()
    facts: Change | None = None

    def __str__(self) -> str:
        return f"{self.verdict}: " + "; ".join(
            f"{half.title} {half.content or 'unknown'}, {half.verdict.value}"
            for half in self.halves
        )

    @property
    def minerals(self) -> HalfChanges:
        """What would flip the half of critical minerals."""
        return self.halves[0]

    @property
    def components(self) -> HalfChanges:
        """What would flip the half of battery components."""
        return self.halves[1]

    def explain(self, form: Format = "text") -> str:
        """The changes in words, half by half.

        Args:
            form: ``"text"``, ``"markdown"`` or ``"html"``.

        Raises:
            ValueError: No such form.
        """
        return render(_lines(self), form)

    def _repr_html_(self) -> str:
        return self.explain("html")

    def to_dict(self) -> dict[str, Any]:
        """The changes, ready for JSON."""
        return {
            "law": self.law.name,
            "verdict": self.verdict.value,
            "halves": [half.to_dict() for half in self.halves],
            "flips": [flip.to_dict() for flip in self.flips],
            "facts": None if self.facts is None else self.facts.to_dict(),
        }

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")


def what_would_change(
    subject: Claim | Pool,
    *,
    law: Law | None = None,
    percent: int | None = None,
    solver: bool = False,
) -> WhatWouldChange:
    """The smallest changes that flip a half of the new clean vehicle credit (26 USC 30D(e)).

    A half that is not won is to be won, and one that is won, to be lost. Every change was
    applied, and the law asked again, before it is returned. Sets of chains are found by exact
    sums in integers: no smaller set exists, by count or by value, unless `Resourcing.exact` says
    otherwise. A chain moves in full: it is then extracted and processed in one country, by no
    foreign entity of concern.

    Args:
        subject: The claim, or a pool of vehicles (26 CFR 1.30D-3).
        law: The law; `current_law` if omitted.
        percent: Of a pool, the percentage that its content of minerals is to reach. Defaults to
            the applicable percentage, where that is the same on every day of the period.
        solver: Whether to look further with a solver of integer programs where sums are too many
            (`Resourcing.exact` is false). It needs the extra ``evcredit[solver]``. What it finds
            is added up again in integers, and is never smaller by a rounding.

    Raises:
        MissingExtraError: The solver is asked and not installed.
        InvalidFactError: The percentage of a pool is not the same on every day, and none is given.
        OutsideCoverage: The law does not cover the day.

    >>> from datetime import date
    >>> from evcredit import current_law, examples
    >>> without_japan = current_law().without_agreement("Japan")
    >>> found = what_would_change(examples.demonstration_claim(), law=without_japan)
    >>> print(found.minerals.resourcings[1])
    least value: 1 to come from where it counts, $124.80: graphite, extraction in Japan;
    processing in Japan ($124.80); content 51.5 %
    """
    law = law_applied(law)
    if isinstance(subject, Pool):
        return _of_pool(subject, law, percent, solver=solver)
    if percent is not None:
        raise InvalidFactError("percent", percent, _ITS_OWN_PERCENT)
    result = assess(subject, law=law)
    bound = section_of("30D").of(subject, law)
    day = bound.binding.day(PLACED_IN_SERVICE)
    minerals = mineral_side(subject, bound)

    def under(other: Law) -> Side | None:
        found = mineral_side(subject, section_of("30D").of(subject, other))
        return None if isinstance(found, str) else found

    # On an unknown day the half has no percentage, and nothing is looked for.
    agreements = None if day is None else partial(agreement_changes, under=under, day=day)
    components = component_side(subject, bound)
    halves = (
        _half("critical minerals", minerals, agreements, solver=solver),
        _half("battery components", components, None, solver=solver),
    )
    sides = tuple(None if isinstance(each, str) else each for each in (minerals, components))
    flips = tuple(_verdict_flips(result, halves, sides))
    return WhatWouldChange(
        law=law,
        verdict=result.verdict,
        halves=halves,
        flips=flips,
        facts=None if flips else change_of_all(result),
    )


def _verdict_flips(
    result: Assessment, halves: tuple[HalfChanges, ...], sides: tuple[Side | None, ...]
) -> Iterator[VerdictFlip]:
    """The smallest changes over both halves, each applied and found to flip the verdict."""
    loses = result.verdict is Verdict.MET
    for by in ("count", "value"):
        found = []
        for moved in _ways(halves, sides, by, loses=loses):
            if any(each.moves for each in moved):
                after = assess(_applied(result.claim, moved), law=result.law)
                if after.verdict is not result.verdict:
                    found.append(
                        VerdictFlip(
                            by=by,
                            resourcings=moved,
                            verdict=after.verdict,
                            credit=after.credit,
                            claim=result.claim,
                        )
                    )
        # Of a refusal, a credit is better than none that is certain: what else is unknown stays so.
        for wanted in (Verdict.NOT_MET,) if loses else (Verdict.MET, Verdict.UNKNOWN):
            flips = [flip for flip in found if flip.verdict is wanted]
            if flips:
                yield min(flips, key=lambda flip: flip.size[by == "value"])
                break


def _ways(
    halves: tuple[HalfChanges, ...], sides: tuple[Side | None, ...], by: str, *, loses: bool
) -> Iterator[tuple[Resourcing, ...]]:
    """The ways in which the verdict may flip, each as small as it can be."""
    smallest = [next((each for each in half.resourcings if each.by == by), None) for half in halves]
    if loses:
        # A credit is lost only with every half that is won or may be.
        lost = [
            each
            for half, each in zip(halves, smallest, strict=True)
            if half.verdict is not Verdict.NOT_MET
        ]
        if None not in lost:
            yield tuple(each for each in lost if each is not None)
        return
    # To win, what bars the credit has to go from both halves, and one half has to be won.
    bars = [
        of_needed(side, by) if side and any(lot.barred for lot in side.lots) else None
        for side in sides
    ]
    for choices in ((bars[0], bars[1]), (smallest[0], bars[1]), (bars[0], smallest[1])):
        yield tuple(each for each in choices if each is not None)


def _applied(claim: Claim, resourcings: tuple[Resourcing, ...]) -> Claim:
    for each in resourcings:
        claim = each.applied(claim)
    return claim


Agreements = Callable[..., Iterator[AgreementChange]]


def _half(
    title: str, side: Side | str, agreements: Agreements | None, *, solver: bool
) -> HalfChanges:
    if isinstance(side, str) or side.problem:
        why = side if isinstance(side, str) else side.problem
        return HalfChanges(
            title=title, percent=None, content=None, verdict=Verdict.UNKNOWN, wins=True, problem=why
        )
    barred = any(lot.barred for lot in side.lots)
    wins = side.met is not True or barred
    return HalfChanges(
        title=title,
        percent=side.percent,
        content=side.content(side.subject),
        verdict=Verdict.of(side.met),
        wins=wins,
        resourcings=tuple(resourcings(side, wins=wins, solver=solver)),
        prices=() if barred else tuple(price_changes(side, wins=wins)),
        shifts=() if barred else tuple(share_shifts(side, wins=wins)),
        agreements=() if barred or agreements is None else tuple(agreements(side, wins=wins)),
    )


# -- pools ---------------------------------------------------------------------------------------


def _of_pool(pool: Pool, law: Law, percent: int | None, *, solver: bool) -> WhatWouldChange:
    side = _pool_side(pool, law, percent)

    def under(other: Law) -> Side:
        return pool_mineral_side(pool, other, side.percent)

    agreements = partial(agreement_changes, under=under, day=pool.last_day)
    halves = (
        _half("critical minerals", side, agreements, solver=solver),
        _half("battery components", _pool_components(pool, law), None, solver=solver),
    )
    return WhatWouldChange(law=law, verdict=halves[0].verdict, halves=halves)


def _pool_side(pool: Pool, law: Law, percent: int | None) -> Side:
    if percent is None:
        percent = _percent_of(pool, law.critical_minerals_percentage)
        if percent is None:
            raise InvalidFactError("percent", None, "it changes in the period; give one")
    return pool_mineral_side(pool, law, percent)


def _pool_components(pool: Pool, law: Law) -> Side | str:
    percent = _percent_of(pool, law.battery_components_percentage)
    if percent is None:
        return "the percentage changes in the period"
    return pool_component_side(pool, law, percent)


def _percent_of(pool: Pool, schedule: Schedule[int]) -> int | None:
    """The percentage of a period; `None` if there is none, or more than one."""
    first, last = (schedule.on(day) for day in (pool.first_day, pool.last_day))
    return first if first == last and isinstance(first, int) else None


# -- sensitivity ---------------------------------------------------------------------------------


def sensitivity(
    subject: Claim | Pool,
    *,
    law: Law | None = None,
    percent: int | None = None,
    low: Fraction | Decimal | str = "0.8",
    high: Fraction | Decimal | str = "1.2",
    half: Literal["minerals", "components"] = "minerals",
) -> tuple[Swing, ...]:
    """What each price does to a content, one at a time, the widest first.

    Args:
        subject: The claim or pool.
        law: The law; `current_law` if omitted.
        percent: Of a pool, as for `what_would_change`.
        low: The lower price of a mineral over the one now.
        high: The higher price over the one now.
        half: Which content: ``"minerals"``, by the price of each mineral, or ``"components"``, by
            the incremental value of each kind of component.

    Returns:
        The bars of a tornado: the content at both ends, and the break-even price. Nothing where
        `what_would_change` names a problem, or a value is unknown.

    Raises:
        InvalidFactError: The factors are not exact, are not more than nothing, or are out of
            order; there is no such half; or a percentage is given for what has its own, a claim
            or components.

    >>> from evcredit import examples
    >>> for bar in sensitivity(examples.demonstration_claim())[:2]:
    ...     print(bar)
    lithium: 82.4 % to 85.5 %
    graphite: 85.5 % to 82.7 %
    >>> print(sensitivity(examples.demonstration_claim(), half="components")[0])
    cathode electrode: 66.0 % to 58.5 %
    """
    law = law_applied(law)
    ends = _exactly(low), _exactly(high)
    if not 0 < ends[0] <= ends[1]:
        raise InvalidFactError("low", str(low), "give factors above 0, the lower one first")
    if half not in ("minerals", "components"):
        raise InvalidFactError("half", half, "give 'minerals' or 'components'")
    of_minerals = half == "minerals"
    if percent is not None and not (of_minerals and isinstance(subject, Pool)):
        raise InvalidFactError("percent", percent, _ITS_OWN_PERCENT)
    side: Side | str
    if isinstance(subject, Pool):
        side = _pool_side(subject, law, percent) if of_minerals else _pool_components(subject, law)
    else:
        checked(subject, Claim, "subject", "give a Claim or a Pool")
        bound = section_of("30D").of(subject, law)
        side = mineral_side(subject, bound) if of_minerals else component_side(subject, bound)
    return () if isinstance(side, str) or side.problem else swings(side, *ends)


def _exactly(factor: Any) -> Fraction:
    try:
        if isinstance(factor, Fraction | Decimal | int | str) and factor.__class__ is not bool:
            return Fraction(factor)
    except (ArithmeticError, ValueError):  # no number, one over nothing, or an infinite one
        pass
    raise InvalidFactError("factor", factor, "give it exactly, as in '0.8'")


# -- in words ------------------------------------------------------------------------------------


def _lines(found: WhatWouldChange) -> Iterator[Line]:
    yield Line(0, f"Under {found.law.name}: {found.verdict.value}.")
    for half in found.halves:
        yield Line(-1, half.title.capitalize())
        if half.problem:
            yield Line(1, f"No change is looked for: {half.problem}.")
            continue
        reached = f"{half.content or 'unknown'} of {half.percent} % needed, {half.verdict.value}"
        yield Line(1, f"content: {reached}")
        yield Line(1, "to win it" if half.wins else "to lose it")
        lists = (half.resourcings, half.prices, half.shifts, half.agreements)
        changes = [str(each) for several in lists for each in several]
        for each in changes or ["no change of this kind does"]:
            yield Line(2, each)
    if found.flips:
        yield Line(-1, "The verdict itself")
        for flip in found.flips:
            yield Line(1, f"{flip.verdict.value}, {bounds_in_dollars(flip.credit)}: {flip}")
    if found.facts is not None:
        yield Line(-1, "Other facts")
        yield Line(1, str(found.facts))
