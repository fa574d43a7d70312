"""26 USC 30D(e)(1): the critical minerals requirement.

For each procurement chain, extraction and processing are looked at separately: what share of
the value added by that activity arose in the United States or in a country on the list. For a
recycled chain only the recycling counts, and the place is North America. The maximum of the
shares decides: under the 50 percent test the whole value of the chain qualifies if it reaches
half; under the traced qualifying value test that share of its value does. The content is the
qualifying value over the value of all applicable critical minerals in the battery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from evcredit.algebra.binding import Binding
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import CertifiedShare, Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.item import Item
from evcredit.algebra.money import in_dollars
from evcredit.algebra.path import fact_type_at
from evcredit.algebra.rule import Rule, any_of
from evcredit.algebra.share import Fractions, Share, share_by_places, share_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.tuples import made_of_items
from evcredit.algebra.verdict import Verdict
from evcredit.facts.battery import Battery
from evcredit.facts.chain import Activity, MineralSource, Step
from evcredit.facts.claim import Claim
from evcredit.facts.facility import located
from evcredit.facts.place import place_name
from evcredit.law.law import Law
from evcredit.law.readings import AgreementDay
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses
from evcredit.section_30d.sourcing.open_law import content_of_nothing
from evcredit.section_30d.sourcing.places import Places, places_under
from evcredit.section_30d.sourcing.qualifying import Count, best_share, count_under
from evcredit.section_30d.sourcing.unknown_minerals import (
    CERTIFIED,
    CHAINS,
    governing_certificate,
    mineral_samples,
    read_of_minerals,
    unknown_of_minerals,
)

__all__ = [
    "critical_mineral_content",
    "mineral_parts",
    "minerals_requirement",
    "traced_mineral_content",
    "whole_mineral_content",
]


def _content(*, whole: bool) -> CertifiedShare:
    """The content as certified, or from the chains by one of the two tests."""

    def computed(binding: Binding) -> Callable[[Any], Share | None]:
        places, counted = places_under(binding), count_under(binding, whole=whole)
        return lambda claim: _computed_content(claim.vehicle.battery, places, counted)

    return CertifiedShare(
        CERTIFIED, lambda law: law.certifications_apply, computed, content_of_nothing
    )


def _computed_content(battery: Any, places: Places, counted: Count) -> Share | None:
    """The content from the procurement chains; `None` if there are none."""
    if places.listed is not None and battery.plain_chains is not None:
        return share_by_places(battery.plain_chains, places.listed)
    return share_of(_parts(battery, places, counted))


def _parts(battery: Any, places: Places, counted: Count) -> Iterator[tuple[int | None, Fractions]]:
    """Each chain's value, and the minimum and the maximum part of it that qualifies."""
    if battery.minerals is None:
        yield None, (0, 1)
    for source in battery.chains or ():
        yield source.value_in_millionths, counted(best_share(source, places))


def _items(*, whole: bool) -> Callable[[Any, Binding], Mapping[str, Item] | None]:
    """Each chain by its path, with what it alone contributes to the content."""

    def items(claim: Any, binding: Binding) -> Mapping[str, Item] | None:
        battery = claim.vehicle.battery
        if not battery.chains or governing_certificate(battery, binding) is not None:
            return None
        places, counted = places_under(binding), count_under(binding, whole=whole)
        countries = battery.facility_countries

        def contribution(source: MineralSource) -> tuple[tuple[int | None, Fractions], ...]:
            best = best_share(located(source, countries), places)
            return ((source.value_in_millionths, counted(best)),)

        return {
            f"{CHAINS.path}[{index}]": Item(source, contribution)
            for index, source in enumerate(battery.chains)
        }

    return items


def mineral_parts(
    battery: Battery, law: Law, day: date | None, *, traced: bool = False
) -> tuple[tuple[int | None, Fractions], ...]:
    """The values that make up the content of a battery, for sums over several of them.

    Args:
        battery: The battery; certified percentages are ignored.
        law: The law.
        day: The day its vehicle is placed in service; `None` if unknown.
        traced: Whether to apply the traced qualifying value test instead of the 50 percent
            value added test.

    Returns:
        For each chain its value in millionths of a dollar, `None` if unknown, and the minimum and
        the maximum part of it that qualifies.

    >>> from evcredit.examples import demonstration_battery
    >>> from evcredit.law.current import current_law
    >>> mineral_parts(demonstration_battery(), current_law(), date(2024, 6, 3))[0]
    (932400000, (1, 1))
    """
    binding = Binding(law, {} if day is None else {PLACED_IN_SERVICE.path: day})
    return tuple(_parts(battery, places_under(binding), count_under(binding, whole=not traced)))


def critical_mineral_content(claim: Claim, law: Law, *, traced: bool = False) -> Share | None:
    """The qualifying critical mineral content of a claim's battery from its chains alone.

    Args:
        claim: A claim with a day placed in service; certified percentages are ignored.
        law: The law.
        traced: Whether to apply the traced qualifying value test instead of the 50 percent
            value added test.

    Returns:
        The share of the value of all applicable critical minerals that qualifies, with exact
        bounds; `None` if the battery is stated to hold
        no applicable critical mineral.

    >>> from evcredit import examples
    >>> from evcredit.law.current import current_law
    >>> print(critical_mineral_content(examples.demonstration_claim(), current_law()))
    84.1 %
    """
    day = PLACED_IN_SERVICE.stated(claim, law)
    days = {} if day is None else {PLACED_IN_SERVICE.path: day}
    binding = Binding(law, days)
    return _computed_content(
        claim.vehicle.battery, places_under(binding), count_under(binding, whole=not traced)
    )


_chain_rule = Topic(
    code="procurement_chain",
    title="the procurement chain qualifies",
    citation=Citation.parse("26 CFR 1.30D-3(a)"),
    words=clauses,
)
_certified_rule = Topic(
    code="certified_critical_mineral_content",
    title="the manufacturer certified the content",
    citation=Citation.parse("26 USC 30D(e)(1)(A)"),
    words=clauses,
)


@made_of_items
class ChainNote(NamedTuple):
    """What a reader should know of one chain; put in words only when asked.

    Args:
        source: The chain.
        share: The minimum and the maximum part of its value that counts.
        law: The law.
        day: The day placed in service, if known.
    """

    source: MineralSource
    share: Fractions
    law: Law
    day: date | None

    def __str__(self) -> str:
        source = self.source
        value = "value unknown" if source.value is None else in_dollars(source.value)
        if source.mass_kg is not None and source.price_per_kg is not None:
            value += f" ({source.mass_kg:f} kg at {in_dollars(source.price_per_kg)} a kilogram)"
        steps = "; ".join(self._step(step) for step in source.steps or ()) or "chain unknown"
        return f"{source.mineral.described}, {value}: {steps}"

    def _step(self, step: Step) -> str:
        activity = "unknown activity" if step.activity is None else step.activity.value
        if step.country is None:
            where = f" at {step.facility}" if step.facility else ""
            return f"{activity}{where} in an unknown country"
        text = f"{activity} in {place_name(step.country)}"
        if step.activity is Activity.RECYCLING:
            return text
        by_activity = self.law.readings.agreement_day is AgreementDay.ACTIVITY
        day = step.performed_on if by_activity else self.day
        if day is None:
            return text
        for identifier, since in self.law.agreements.listings_on(step.country, day):
            text += f" (on the list by {identifier} since {since})"
        counting = self.law.mineral_countries(day, self.source.mineral.identifier).members
        if counting.get(step.country, False) is None:
            text += " (whether that counts as the United States is unresolved; choose a reading)"
        return text


def _findings(*, whole: bool) -> Callable[[Binding, Any], tuple[Finding, ...]]:
    def findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
        battery = claim.vehicle.battery
        certified = governing_certificate(battery, binding)
        if certified is not None:
            read = FactRead(CERTIFIED.path, certified, CERTIFIED.declared)
            return (Finding(_certified_rule, Verdict.MET, facts=(read,)),)
        places, counted = places_under(binding), count_under(binding, whole=whole)
        if not whole and places.listed is not None and battery.plain_chains is not None:
            return ()  # both tests count every chain alike: shown under the other one
        day = binding.day(PLACED_IN_SERVICE)
        found = []
        for index, source in enumerate(battery.chains or ()):
            best = best_share(source, places)
            if not whole and best in ((1, 1), (0, 0), (0, 1)):
                continue  # shown under the other test, which counts it alike
            least, most = counted(best)
            # A chain is shown as met if any of its value counts, as traced shares can be small.
            known = True if least > 0 else (None if most > 0 else False)
            value = FactRead(f"{CHAINS.path}[{index}].value", source.value, _VALUE)
            note = ChainNote(source, (least, most), binding.law, day)
            verdict = Verdict.of(known)
            found.append(Finding(_chain_rule, verdict, facts=(value,), note=note))
        return tuple(found)

    return findings


_VALUE = fact_type_at(MineralSource, "value")
whole_mineral_content: Derived = Derived(
    name="qualifying_critical_mineral_content",
    label="qualifying critical mineral content, 50 percent value added test",
    kind=Kind.PERCENT,
    unknown=unknown_of_minerals,
    body=_content(whole=True),
    findings=_findings(whole=True),
    samples=mineral_samples,
    reads=read_of_minerals,
    items=_items(whole=True),
)
traced_mineral_content: Derived = Derived(
    name="traced_critical_mineral_content",
    label="qualifying critical mineral content, traced qualifying value test",
    kind=Kind.PERCENT,
    unknown=unknown_of_minerals,
    body=_content(whole=False),
    findings=_findings(whole=False),
    samples=mineral_samples,
    reads=read_of_minerals,
    items=_items(whole=False),
)


@provision(
    "26 CFR 1.30D-3(a)",
    "qualifying content by the 50 percent value added test",
    in_force="value_added_test_in_force",
)
def value_added_test(claim: ClaimView, law: LawView) -> Expression:
    return whole_mineral_content >= law.critical_minerals_percentage.on(PLACED_IN_SERVICE)


@provision(
    "26 CFR 1.30D-3(a)",
    "qualifying content by the traced qualifying value test",
    in_force="traced_value_test_in_force",
)
def traced_value_test(claim: ClaimView, law: LawView) -> Expression:
    return traced_mineral_content >= law.critical_minerals_percentage.on(PLACED_IN_SERVICE)


# During the transition a manufacturer may use either test, and neither is always the better.
minerals_requirement: Rule = any_of(
    "minerals_requirement",
    "qualifying critical mineral content reaches the applicable percentage",
    "26 USC 30D(e)(1)",
    value_added_test,
    traced_value_test,
    as_one=True,
)
