"""A graph of ownership under the standards of a law: stakes, and what is unresolved.

Source: 42 USC 18741(a)(5); 89 FR 37079.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import FactType
from evcredit.algebra.path import fact_type_at
from evcredit.algebra.verdict import all_known, any_known
from evcredit.facts.component import output_called
from evcredit.facts.contract import RIGHTS, Contract
from evcredit.facts.ownership import Metric
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.section_30d.concern.chains import Chains, HeldThrough, chains_of
from evcredit.section_30d.concern.standards import LISTED, Standards
from evcredit.section_30d.concern.tracing import (
    Bodies,
    Trace,
    held_shares,
    owners_behind,
    traced,
)

__all__ = ["Graph", "OpenFact", "Stake", "graph_of"]


class Stake(NamedTuple):
    """What the government of a covered nation holds of an entity, by one metric.

    Args:
        government: The country of the government; nothing if all covered nations are counted
            together.
        metric: By what shares are counted.
        share: The share, 1 being the whole, with everything behind it that counts.
        chains: How it is held: the strongest chains of holdings.
        controls: Whether it reaches the threshold; `None` if unknown.
        further: How many more chains there are; `None` if owners hold each other in circles,
            which leave too many ways around to count.
    """

    government: str
    metric: Metric
    share: Bounds[Fraction]
    chains: tuple[HeldThrough, ...]
    controls: bool | None
    further: int | None = 0


class OpenFact(NamedTuple):
    """An unknown fact of a graph that affects an entity.

    Args:
        path: Where it is, from the graph on.
        declared: Its declaration.
        about: Whom it is about.

    >>> from evcredit.algebra.field import Kind
    >>> print(OpenFact("entities[0].seat", FactType(Kind.COUNTRY, "seat"), "Refiner"))
    seat (Refiner; entities[0].seat)
    """

    path: str
    declared: FactType
    about: str

    def __str__(self) -> str:
        return f"{self.declared.label} ({self.about}; {self.path})"


@cache
def _declared(*names: str) -> FactType:
    """The declaration of a fact of a graph; of many facts of a list it is the same."""
    return fact_type_at(OwnershipGraph, ".".join(names))


class Graph:
    """A graph of ownership under the standards of a law.

    Args:
        standards: The standards.
        graph: The graph.
    """

    __slots__ = ("_known", "_open", "_stakes", "_traces", "graph", "nations", "standards")

    def __init__(self, standards: Standards, graph: OwnershipGraph) -> None:
        self.standards: Standards = standards
        self.graph: OwnershipGraph = graph
        self._known: dict[str, bool | None] = {}
        self._stakes: dict[str, tuple[Stake, ...]] = {}
        self._open: dict[str, tuple[OpenFact, ...]] = {}
        self._traces: tuple[tuple[str, Metric, Trace], ...] | None = None
        #: The nations of whose governments there may be bodies, with these.
        self.nations: dict[str, Bodies] = {}
        for nation in standards.nations:
            bodies = {each.name: standards.body(each, nation) for each in graph.entities}
            if graph.holdings is None or any(each is not False for each in bodies.values()):
                self.nations[nation] = bodies

    def traces(self) -> tuple[tuple[str, Metric, Trace], ...]:
        """What each government holds of every entity, by nation and metric."""
        if self._traces is None:
            self._traces = tuple(self._traced())
        return self._traces

    def _traced(self) -> Iterator[tuple[str, Metric, Trace]]:
        tracing = self.standards.tracing
        if tracing is None or not self.nations:
            return
        # Often everybody holds the same by each metric; then one trace serves for all.
        holdings = self.graph.holdings or ()
        stated = {metric: [each.shares[metric.place] for each in holdings] for metric in Metric}
        alike = {m: next(n for n in Metric if stated[n] == stated[m]) for m in Metric}
        held = {metric: held_shares(self.graph, metric) for metric in set(alike.values())}
        for nation, bodies in self.nations.items():
            traces = {m: traced(self.graph, bodies, m, tracing, held[m]) for m in held}
            for metric in Metric:
                yield nation, metric, traces[alike[metric]]

    def reaches(self, share: Bounds[Fraction]) -> bool | None:
        """Whether a share is one that controls."""
        threshold = self.standards.threshold
        return None if threshold is None else share.at_least(threshold).known

    def stakes(self, name: str) -> tuple[Stake, ...]:
        """What governments of covered nations hold of an entity, where they may hold anything."""
        if name not in self._stakes:
            self._stakes[name] = tuple(self._stakes_in(name))
        return self._stakes[name]

    def _stakes_in(self, name: str) -> Iterator[Stake]:
        chains: dict[int, Chains] = {}
        for nation, metric, trace in self.traces():
            share = trace.share(name)
            if share.upper:
                if id(trace) not in chains:
                    chains[id(trace)] = chains_of(trace, name)
                strongest, further = chains[id(trace)]
                yield Stake(nation, metric, share, strongest, self.reaches(share), further)

    def controlled(self, name: str) -> bool | None:
        """Whether the government of a covered nation controls an entity by its holdings."""
        if self.standards.tracing is None or self.standards.threshold is None:
            # Where no one may hold anything, no threshold is needed.
            return None if self.nations else False
        return any_known([self.reaches(trace.share(name)) for _, _, trace in self.traces()])

    def known(self, name: str) -> bool | None:
        """Whether an entity is one of concern, contracts aside; `None` if unknown."""
        if name not in self._known:
            entity = self.graph.entities[self.graph.places[name]]
            known = any_known(
                [
                    any(getattr(entity, flag) for flag in LISTED),
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

    # -- what is unresolved ----------------------------------------------------------------------

    def open_facts(self, name: str, output: str = "") -> tuple[OpenFact, ...]:
        """The unknown facts that affect whether an entity is one of concern for an output."""
        if self.known_for(name, output) is not None:
            return ()
        found = [*self.open_of_entity(name)]
        if output and self.graph.contracts is None:
            found.append(OpenFact("contracts", _declared("contracts"), name))
        for place, contract, taints in self.contracts(name, output) if output else ():
            if taints is None:
                found += self._open_of_contract(place, contract)
        return tuple(dict.fromkeys(found))

    def _stated(self, name: str, *facts: str) -> Iterator[OpenFact]:
        """Those facts of an entity that are not stated."""
        place = self.graph.places[name]
        for fact in facts:
            if getattr(self.graph.entities[place], fact) is None:
                path = f"entities[{place}].{fact}"
                yield OpenFact(path, _declared("entities[0]", fact), name)

    def open_of_entity(self, name: str) -> tuple[OpenFact, ...]:
        """The same, contracts aside."""
        if name not in self._open:
            facts = () if self.known(name) is not None else self._open_facts(name)
            self._open[name] = tuple(dict.fromkeys(facts))
        return self._open[name]

    def _open_facts(self, name: str) -> Iterator[OpenFact]:
        entity = self.graph.entities[self.graph.places[name]]
        if self.standards.seat(entity) is None:
            yield from self._stated(name, "incorporated_in", "principal_place_of_business")
        if self.standards.body(entity, "") is None:
            yield from self._stated(name, "government_role", "government_of")
        if self.graph.holdings is None and self.controlled(name) is None:
            yield OpenFact("holdings", _declared("holdings"), name)
        for _, metric, trace in self.traces():
            if self.reaches(trace.share(name)) is None:
                yield from self._open_of_holdings(name, metric, trace)

    def _open_of_holdings(self, name: str, metric: Metric, trace: Trace) -> Iterator[OpenFact]:
        """The unknown roles and holdings behind an entity that may raise its share."""
        bodies = trace.bodies
        behind = owners_behind(trace, name)
        for owner in sorted(behind):
            if bodies[owner] is None:
                yield from self._stated(owner, "government_role", "government_of")
        for place, holding in enumerate(self.graph.holdings or ()):
            least, most = holding.shares[metric.place]
            if least is most:
                continue
            unknown = holding.unknown(metric)
            held = holding.of == name or (holding.of in behind and bodies[holding.of] is not True)
            may = bodies.get(holding.owner) is not False or trace.most[holding.owner]
            if held and holding.owner in behind and may:
                about = f"{holding.of} held by {holding.owner}"
                for fact in unknown:
                    path = f"holdings[{place}].{fact}"
                    yield OpenFact(path, _declared("holdings[0]", fact), about)

    def _open_of_contract(self, place: int, contract: Contract) -> Iterator[OpenFact]:
        if contract.controls is None:
            for fact in ("effective_control", *RIGHTS):
                if getattr(contract, fact) is None:
                    path = f"contracts[{place}].{fact}"
                    about = f"{contract.producer} under {contract.holder}"
                    yield OpenFact(path, _declared("contracts[0]", fact), about)
        yield from self.open_of_entity(contract.holder)


graph_of: Callable[[Standards, OwnershipGraph], Graph] = lru_cache(maxsize=256)(Graph)
