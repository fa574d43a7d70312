"""42 USC 18741(a)(5): who is a foreign entity of concern.

An entity is one if it is on a list, is determined or alleged to be what the statute names, is a
body of the government of a covered nation, is subject to the jurisdiction of one by its seat, or
is controlled by one: by a share of the equity, of the voting rights or of the board seats, each
on its own, held together by that government, directly or through others (89 FR 37079). An entity
that produces under a contract is one for that output if the contract gives a foreign entity of
concern effective control over the production.

Jurisdiction and contracts do not pass down: what a private foreign entity of concern owns is not
one for that reason. Only holdings of governments are traced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from evcredit.battery import output_called
from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.country import TERRITORY_OF, country_name
from evcredit.expression import Binding, Limit
from evcredit.fact import FactType, fact_type_at
from evcredit.law import IndirectHoldings, Law
from evcredit.ownership import (
    RIGHTS,
    Contract,
    Entity,
    GovernmentRole,
    HeldThrough,
    Metric,
    OwnershipGraph,
    Tracing,
    chains_of,
    circles,
    in_percent,
    owners_behind,
    traced,
)
from evcredit.rule import FactRead, Finding, Mode, Rule
from evcredit.schedule import NoProvision, Schedule
from evcredit.section_30d.provision import PLACED_IN_SERVICE
from evcredit.verdict import Verdict, all_known, any_known

__all__ = [
    "OpenFact",
    "Stake",
    "entity_finding",
    "government_stakes",
]


def _ground(code: str, title: str, citation: str) -> Rule:
    return Rule(code=code, title=title, citation=Citation.parse(citation), mode=Mode.BODY)


not_foreign_entity_of_concern = _ground(
    "not_foreign_entity_of_concern",
    "the entity is not a foreign entity of concern",
    "42 USC 18741(a)(5)",
)
not_designated = _ground(
    "not_designated_terrorist_organization",
    "not a designated foreign terrorist organization",
    "42 USC 18741(a)(5)(A)",
)
not_blocked = _ground(
    "not_specially_designated_national",
    "not on the list of specially designated nationals and blocked persons",
    "42 USC 18741(a)(5)(B)",
)
not_government_body = _ground(
    "not_covered_government_body",
    "not a body of the government of a covered nation",
    "42 USC 18741(a)(5)(C)",
)
not_under_jurisdiction = _ground(
    "not_under_covered_jurisdiction",
    "neither incorporated, domiciled nor managed in a covered nation",
    "42 USC 18741(a)(5)(C)",
)
not_controlled = _ground(
    "not_controlled_by_covered_government",
    "holdings of the government of a covered nation below the threshold",
    "42 USC 18741(a)(5)(C)",
)
not_under_contract = _ground(
    "not_controlled_by_contract",
    "under no contract that gives a foreign entity of concern effective control",
    "42 USC 18741(a)(5)(C)",
)
not_alleged = _ground(
    "not_alleged",
    "not alleged to have been involved in a listed crime",
    "42 USC 18741(a)(5)(D)",
)
not_determined = _ground(
    "not_determined",
    "not determined to be of concern by the Secretary of Energy",
    "42 USC 18741(a)(5)(E)",
)

#: What is stated of an entity by itself: the fact and the rule that it breaks.
_LISTED: tuple[tuple[str, Rule], ...] = (
    ("designated_terrorist_organization", not_designated),
    ("specially_designated_national", not_blocked),
    ("alleged_by_attorney_general", not_alleged),
    ("determined_by_secretary", not_determined),
)
_SEATS: tuple[tuple[str, str], ...] = (
    ("incorporated_in", "incorporated in"),
    ("principal_place_of_business", "managed from"),
    ("domiciled_in", "domiciled in"),
)


class Stake(NamedTuple):
    """What the government of a covered nation holds of an entity, by one metric.

    Args:
        government: The country of the government; nothing if all covered nations are counted
            together.
        metric: By what shares are counted.
        share: The share, 1 being the whole, with everything behind it that counts.
        chains: How it is held.
        controls: Whether it reaches the threshold; `None` if unknown.
    """

    government: str
    metric: Metric
    share: Bounds[Fraction]
    chains: tuple[HeldThrough, ...]
    controls: bool | None


class OpenFact(NamedTuple):
    """An unknown fact of a graph that bears on an entity.

    Args:
        path: Where it stands, from the graph on.
        declared: Its declaration.
        about: Whom it is about.
    """

    path: str
    declared: FactType
    about: str

    def __str__(self) -> str:
        return f"{self.declared.label} ({self.about}; {self.path})"


def _sole(schedule: Schedule[Any], day: date | None) -> Any:
    """The value on a day; on an unknown day the one of all days; `None` if there is not one."""
    values = set(schedule.values()) if day is None else {schedule.on(day)}
    value = values.pop() if len(values) == 1 else None
    return None if isinstance(value, NoProvision) else value


# -- what the law asks ---------------------------------------------------------------------


class Standards:
    """What makes an entity one of concern, under a law and on the days of a claim.

    Args:
        binding: The law and the days.
    """

    __slots__ = ("binding", "covered", "nations", "threshold", "together", "tracing")

    def __init__(self, binding: Binding) -> None:
        law: Law = binding.law
        day = binding.day(PLACED_IN_SERVICE)
        self.binding = binding
        group = law.covered_nations_on(day)
        #: Whether a country is a covered nation or belongs to one.
        self.covered = group.members
        self.together = law.readings.covered_nations_counted_together
        nations = {self.sovereign(code) for code, _ in group.rows}
        #: The covered nations whose governments are looked at by themselves.
        self.nations = ("",) if self.together else tuple(sorted(nations))
        percent = _sole(law.foreign_entity_threshold_percent, day)
        #: From which share on a government controls; `None` if the law does not say.
        self.threshold = None if percent is None else Fraction(percent, 100)
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
        law, day = self.binding.law, self.binding.day(PLACED_IN_SERVICE)
        group = law.covered_nations_on(day)
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


standards_of = lru_cache(maxsize=256)(Standards)


class Graph:
    """A graph of ownership under the standards of a law.

    Args:
        standards: The standards.
        graph: The graph.
    """

    __slots__ = ("_known", "_stakes", "_traces", "graph", "standards")

    def __init__(self, standards: Standards, graph: OwnershipGraph) -> None:
        self.standards = standards
        self.graph = graph
        self._known: dict[str, bool | None] = {}
        self._stakes: dict[str, tuple[Stake, ...]] = {}
        self._traces: dict[tuple[str, Metric], dict[str, Bounds[Fraction]]] = {}

    def bodies(self, nation: str) -> dict[str, bool | None]:
        """Which entities are bodies of the government of a nation."""
        return {each.name: self.standards.body(each, nation) for each in self.graph.entities}

    def _nations(self) -> Iterator[tuple[str, Mapping[str, bool | None]]]:
        """The nations of whose governments there may be bodies, with these."""
        for nation in self.standards.nations:
            bodies = self.bodies(nation)
            if self.graph.holdings is None or any(each is not False for each in bodies.values()):
                yield nation, bodies

    def shares(self) -> Iterator[tuple[str, Metric, Mapping[str, Bounds[Fraction]]]]:
        """What each government holds of every entity, by nation and metric."""
        tracing = self.standards.tracing
        if tracing is None:
            return
        for nation, bodies in self._nations():
            for metric in Metric:
                key = (nation, metric)
                if key not in self._traces:
                    self._traces[key] = traced(self.graph, bodies, metric, tracing)
                yield nation, metric, self._traces[key]

    def reaches(self, share: Bounds[Fraction]) -> bool | None:
        """Whether a share is one that controls."""
        threshold = self.standards.threshold
        return None if threshold is None else share.at_least(threshold).known

    def stakes(self, name: str) -> tuple[Stake, ...]:
        """What governments of covered nations hold of an entity, where they may hold anything."""
        tracing = self.standards.tracing or Tracing()
        return tuple(
            Stake(
                nation,
                metric,
                shares[name],
                chains_of(self.graph, self.bodies(nation), name, metric, tracing),
                self.reaches(shares[name]),
            )
            for nation, metric, shares in self.shares()
            if shares[name].upper
        )

    def controlled(self, name: str) -> bool | None:
        """Whether the government of a covered nation controls an entity by its holdings."""
        if self.standards.tracing is None or self.standards.threshold is None:
            # Where nobody may hold anything, no threshold is needed.
            return None if any(True for _ in self._nations()) else False
        return any_known([self.reaches(shares[name]) for _, _, shares in self.shares()])

    def known(self, name: str) -> bool | None:
        """Whether an entity is one of concern, contracts aside; `None` if unknown."""
        if name not in self._known:
            entity = self.graph.entities[self.graph.places[name]]
            known = any_known(
                [
                    any(getattr(entity, flag) for flag, _ in _LISTED),
                    self.standards.body(entity, ""),
                    self.standards.seat(entity),
                ]
            )
            self._known[name] = known or any_known([known, self.controlled(name)])
        return self._known[name]

    def contracts(self, name: str, output: str) -> Iterator[tuple[int, Contract, bool | None]]:
        """The contracts under which an entity makes an output, with whether they taint it."""
        for place, contract in self.graph.contracts_of(name):
            if contract.output is None or output_called(contract.output) == output:
                taints = all_known([contract.controls, self.known(contract.holder)])
                yield place, contract, taints

    def known_for(self, name: str, output: str) -> bool | None:
        """Whether an entity is one of concern for an output, contracts included."""
        known = self.known(name)
        if known or not output:
            return known
        if self.graph.contracts is None:
            return None
        return any_known([known, *(taints for _, _, taints in self.contracts(name, output))])

    # -- what is open ----------------------------------------------------------------------

    def open_facts(self, name: str, output: str = "") -> tuple[OpenFact, ...]:
        """The unknown facts that bear on whether an entity is one of concern for an output."""
        if self.known_for(name, output) is not None:
            return ()
        found = [*self._open_of_entity(name)]
        if output and self.graph.contracts is None:
            found.append(self._fact("contracts", name))
        for place, contract, taints in self.contracts(name, output) if output else ():
            if taints is None:
                found += self._open_of_contract(place, contract)
        return tuple(dict.fromkeys(found))

    def _fact(self, path: str, about: str) -> OpenFact:
        return OpenFact(path, fact_type_at(OwnershipGraph, path), about)

    def _stated(self, name: str, *facts: str) -> Iterator[OpenFact]:
        """Those facts of an entity that are not stated."""
        place = self.graph.places[name]
        for fact in facts:
            if getattr(self.graph.entities[place], fact) is None:
                yield self._fact(f"entities[{place}].{fact}", name)

    def _open_of_entity(self, name: str) -> Iterator[OpenFact]:
        if self.known(name) is not None:
            return
        entity = self.graph.entities[self.graph.places[name]]
        if self.standards.seat(entity) is None:
            yield from self._stated(name, "incorporated_in", "principal_place_of_business")
        if self.standards.body(entity, "") is None:
            yield from self._stated(name, "government_role", "government_of")
        if self.graph.holdings is None and self.controlled(name) is None:
            yield self._fact("holdings", name)
        for nation, metric, shares in self.shares():
            if self.reaches(shares[name]) is None:
                yield from self._open_of_holdings(name, nation, metric, shares)

    def _open_of_holdings(
        self, name: str, nation: str, metric: Metric, shares: Mapping[str, Bounds[Fraction]]
    ) -> Iterator[OpenFact]:
        """The unknown roles and holdings behind an entity that may raise its share."""
        bodies = self.bodies(nation)
        behind = owners_behind(self.graph, bodies, name, metric)
        for owner in sorted(behind):
            if bodies[owner] is None:
                yield from self._stated(owner, "government_role", "government_of")
        for place, holding in enumerate(self.graph.holdings or ()):
            held = holding.of == name or (holding.of in behind and bodies[holding.of] is not True)
            may = bodies.get(holding.owner) is not False or shares[holding.owner].upper
            if held and holding.owner in behind and may:
                for fact in holding.unknown(metric):
                    path = f"holdings[{place}].{fact}"
                    yield self._fact(path, f"{holding.of} held by {holding.owner}")

    def _open_of_contract(self, place: int, contract: Contract) -> Iterator[OpenFact]:
        if contract.controls is None:
            for fact in ("effective_control", *RIGHTS):
                if getattr(contract, fact) is None:
                    path = f"contracts[{place}].{fact}"
                    yield self._fact(path, f"{contract.producer} under {contract.holder}")
        yield from self._open_of_entity(contract.holder)

    # -- in words --------------------------------------------------------------------------

    def grounds(self, name: str, output: str, root: str) -> tuple[Finding, ...]:
        """A finding for each thing that makes, or may make, an entity one of concern.

        Args:
            name: The entity.
            output: For what it is asked; contracts for anything else are left aside.
            root: The path of the graph.
        """
        place = self.graph.places[name]
        entity = self.graph.entities[place]
        here = f"{root}entities[{place}]"
        found: list[Finding] = [
            _finding(rule, True, [_read(entity, here, flag)], rule.title.removeprefix("not "))
            for flag, rule in _LISTED
            if getattr(entity, flag)
        ]
        body = self.standards.body(entity, "")
        if body is not False:
            facts = [_read(entity, here, each) for each in ("government_role", "government_of")]
            found.append(_finding(not_government_body, body, facts, _role_in_words(entity)))
        seat = self.standards.seat(entity)
        if seat is not False:
            read = [(fact, how) for fact, how in _SEATS if self._bears(entity, fact)]
            told: dict[str, list[str]] = {}
            for fact, how in read:
                country = getattr(entity, fact)
                if self.standards.covered.get(country, False) is seat:
                    told.setdefault(self.standards.place_in_words(country), []).append(how)
            seats = (f"{joined(how)} {where}" for where, how in told.items())
            facts = [_read(entity, here, fact) for fact, _ in read]
            group = self.standards.group()
            found.append(_finding(not_under_jurisdiction, seat, facts, joined(seats), group))
        controlled = self.controlled(name)
        if controlled is not False and not body:
            found.append(self._control(name, controlled, root))
        if output:
            found += self._contract_findings(name, output, root)
        return tuple(found)

    def _bears(self, entity: Entity, fact: str) -> bool:
        country = getattr(entity, fact)
        if country is None:
            return fact != "domiciled_in"
        return self.standards.covered.get(country, False) is not False

    def _control(self, name: str, known: bool | None, root: str) -> Finding:
        schedule = self.standards.binding.law.foreign_entity_threshold_percent
        day = self.standards.binding.day(PLACED_IN_SERVICE)
        entries = schedule.standing if day is None else (schedule.entry_on(day),)
        limits = tuple(
            Limit(schedule.name, entry.value, entry.citation, entry.note) for entry in entries
        )
        stakes = [each for each in self.stakes(name) if each.controls is known]
        told = [*_stakes_in_words(stakes), *self._circles_in_words(name)]
        if self.graph.holdings is None:
            told = [f"the owners of {name} are unknown"]
        elif not told:
            told = ["the law as known says nothing of ownership and control"]
        facts = [
            FactRead(f"{root}{each.path}", None, each.declared)
            for each in dict.fromkeys(self._open_of_entity(name) if known is None else ())
            if each.path.startswith("holdings") or self._behind(name, each.path)
        ]
        return _finding(not_controlled, known, facts, "; ".join(told), limits)

    def _behind(self, name: str, path: str) -> bool:
        return not path.startswith(f"entities[{self.graph.places[name]}].")

    def _circles_in_words(self, name: str) -> Iterator[str]:
        """The circles of owners that keep the share of an entity from having one answer."""
        found: dict[tuple[str, ...], None] = {}
        tracing = self.standards.tracing or Tracing()
        for _, bodies in self._nations():
            for metric in Metric:
                behind = owners_behind(self.graph, bodies, name, metric) | {name}
                for circle in circles(self.graph, bodies, metric, tracing):
                    if behind & set(circle):
                        found[circle] = None
        for circle in found:
            yield (
                f"{joined(circle)} hold majorities of each other in a circle, so that their "
                "shares have no single answer"
            )

    def _contract_findings(self, name: str, output: str, root: str) -> Iterator[Finding]:
        if self.graph.contracts is None:
            read = FactRead(f"{root}contracts", None, fact_type_at(OwnershipGraph, "contracts"))
            yield _finding(not_under_contract, None, [read], f"the contracts of {name} are unknown")
        for place, contract, taints in self.contracts(name, output):
            if taints is False:
                continue
            facts = [
                _read(contract, f"{root}contracts[{place}]", each)
                for each in ("effective_control", *RIGHTS)
            ]
            holder = self.grounds(contract.holder, "", root)
            why = "; ".join(str(each.note) for each in holder)
            has = "has" if contract.controls else "may have"
            note = f"{contract.holder} ({why}) {has} effective control by contract"
            yield _finding(not_under_contract, taints, facts, note)._replace(branches=holder)


graph_of = lru_cache(maxsize=256)(Graph)


def _finding(
    rule: Rule,
    known: bool | None,
    facts: Iterable[FactRead],
    note: str,
    limits: tuple[Limit, ...] = (),
) -> Finding:
    return Finding(rule, ~Verdict.of(known), facts=tuple(facts), limits=limits, note=note)


def _read(thing: Any, path: str, name: str) -> FactRead:
    return FactRead(f"{path}.{name}", getattr(thing, name), fact_type_at(type(thing), name))


def joined(words: Iterable[str], joint: str = "and") -> str:
    """Words as a list in a sentence.

    >>> joined(["A", "B", "C"])
    'A, B and C'
    """
    *first, last = list(words) or [""]
    return f"{', '.join(first)} {joint} {last}" if first else last


def _role_in_words(entity: Entity) -> str:
    role = entity.government_role
    what = "role in a foreign government unknown" if role is None else role.value
    of = entity.government_of
    return what if of is None else f"{what}, of {country_name(of)}"


def _stakes_in_words(stakes: Iterable[Stake]) -> Iterator[str]:
    """Who holds what through whom; metrics by which it is the same are told together."""
    told: dict[tuple[str, str, str], dict[str, None]] = {}
    for stake in stakes:
        told.setdefault(_stake_in_words(stake), {})[f"the {stake.metric.value}"] = None
    for (who, share, through), metrics in told.items():
        yield f"{who} {share} of {joined(metrics)}{through}"


def _stake_in_words(stake: Stake) -> tuple[str, str, str]:
    """Who holds, how much, and through whom."""
    by_holder: dict[str, list[HeldThrough]] = {}
    for chain in stake.chains:
        by_holder.setdefault(chain.holder, []).append(chain)
    alone = len(stake.chains) == 1
    share = stake.chains[0].share if alone and not stake.chains[0].through else stake.share
    if not by_holder:
        return ("owners unknown hold", in_percent(share), "")
    if len(by_holder) == 1:
        holder, chains = next(iter(by_holder.items()))
        who = holder if chains[0].certain else f"{holder}, if a body of such a government,"
        return (f"{who} holds", in_percent(share), _through(stake.chains, stake.share))
    holders = [_holder_in_words(name, chains) for name, chains in by_holder.items()]
    return (f"{joined(holders)} hold", in_percent(share), "")


def _holder_in_words(name: str, chains: list[HeldThrough]) -> str:
    shares = [f"{in_percent(chain.share)}{_via(chain)}" for chain in chains]
    certain = "" if chains[0].certain else " if a body of such a government"
    return f"{name} ({joined(shares)}{certain})"


def _via(chain: HeldThrough) -> str:
    return f" through {' → '.join(chain.through)}" if chain.through else ""


def _through(chains: tuple[HeldThrough, ...], total: Bounds[Fraction]) -> str:
    """The chains of one holder; a single one needs no share of its own."""
    if len(chains) == 1 and (not chains[0].through or chains[0].share == total):
        return _via(chains[0])
    told = [
        f"{' → '.join(chain.through) or 'itself'} ({in_percent(chain.share)})" for chain in chains
    ]
    return f" through {joined(told)}"


# -- one entity by itself ------------------------------------------------------------------


def _graph_on(graph: OwnershipGraph, law: Law, day: date | None) -> Graph:
    days = {} if day is None else {PLACED_IN_SERVICE.path: day}
    return graph_of(standards_of(Binding(law, days)), graph)


def government_stakes(
    graph: OwnershipGraph, name: str, law: Law, *, day: date | None = None
) -> tuple[Stake, ...]:
    """What the governments of covered nations hold of an entity, directly and through others.

    Source: 42 USC 18741(a)(5)(C) and 89 FR 37079 (the threshold was seen in reports; how
    holdings are traced is recalled, see `Readings.indirect_holdings`).

    Args:
        graph: Who owns whom.
        name: The entity.
        law: The law.
        day: The day the vehicle is placed in service; unknown if left out.

    Returns:
        One stake for each government and metric of which anything may be held.

    Raises:
        KeyError: The graph has no entity of that name.

    >>> from evcredit.law import current_law
    >>> from evcredit.ownership import Entity, Holding
    >>> graph = OwnershipGraph(
    ...     entities=[
    ...         Entity.government("Province", "China"),
    ...         Entity.company("Holding", "China"),
    ...         Entity.company("Joint venture", "South Korea"),
    ...     ],
    ...     holdings=[
    ...         Holding.alike("Province", "Holding", 60),
    ...         Holding.alike("Holding", "Joint venture", 30),
    ...     ],
    ... )
    >>> stake = government_stakes(graph, "Joint venture", current_law())[0]
    >>> stake.metric.value, stake.share.lower, stake.controls
    ('equity', Fraction(3, 10), True)
    """
    found = _graph_on(graph, law, day)
    graph.places[name]
    return found.stakes(name)


def entity_finding(
    graph: OwnershipGraph, name: str, law: Law, *, day: date | None = None, output: str = ""
) -> Finding:
    """Whether an entity is a foreign entity of concern, and what makes it one.

    Source: 42 USC 18741(a)(5), as 89 FR 37079 interprets it.

    Args:
        graph: Who owns whom.
        name: The entity.
        law: The law.
        day: The day the vehicle is placed in service; unknown if left out.
        output: A mineral or kind of component; contracts for it are looked at too.

    Returns:
        A finding that is met if the entity is none. Its branches are what makes it one or
        may, each with a note on who does so and how; where that is unknown, the note of the
        finding names the facts that are open.

    Raises:
        KeyError: The graph has no entity of that name.
        ValueError: `output` is neither a mineral nor a kind of component.

    >>> from evcredit.law import current_law
    >>> from evcredit.ownership import Entity
    >>> graph = OwnershipGraph(entities=[Entity.company("P", "China")], holdings=[])
    >>> print(entity_finding(graph, "P", current_law()).note)
    incorporated in and managed from China, a covered nation
    """
    found = _graph_on(graph, law, day)
    graph.places[name]
    called = output and output_called(output)
    if called is None:
        raise ValueError(f"{output!r} is neither an applicable critical mineral nor a component")
    known = found.known_for(name, called)
    branches = tuple(
        each for each in found.grounds(name, called, "") if each.verdict is ~Verdict.of(known)
    )
    note = "; ".join(
        [*(str(each.note) for each in branches), *open_in_words(found.open_facts(name, called))]
    )
    return Finding(not_foreign_entity_of_concern, ~Verdict.of(known), branches=branches, note=note)


#: The most open facts that are named in a sentence.
_NAMED = 6


def open_in_words(facts: tuple[OpenFact, ...], root: str = "") -> tuple[str, ...]:
    """A clause that names the facts that are open, if there are any.

    Args:
        facts: The facts.
        root: The path of the graph.
    """
    if not facts:
        return ()
    told = [str(each._replace(path=f"{root}{each.path}")) for each in facts[:_NAMED]]
    if len(facts) > _NAMED:
        told.append(f"{len(facts) - _NAMED} more")
    return (f"open: {joined(told)}",)
