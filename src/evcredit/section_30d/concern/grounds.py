"""What makes an entity one of concern, as findings and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from evcredit.algebra.binding import Limit
from evcredit.algebra.citation import Citation
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.path import fact_type_at
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict
from evcredit.facts.contract import RIGHTS
from evcredit.facts.country import country_name
from evcredit.facts.ownership import Entity
from evcredit.facts.ownership_graph import OwnershipGraph, in_percent
from evcredit.provisions.words import clauses
from evcredit.section_30d.concern.chains import HeldThrough
from evcredit.section_30d.concern.graph import Graph, OpenFact, Stake
from evcredit.section_30d.concern.standards import LISTED, Standards
from evcredit.section_30d.concern.tracing import owners_behind

__all__ = ["grounds", "joined", "not_foreign_entity_of_concern", "open_in_words"]


def _ground(code: str, title: str, citation: str) -> Topic:
    return Topic(code=code, title=title, citation=Citation.parse(citation), words=clauses)


not_foreign_entity_of_concern: Topic = _ground(
    "not_foreign_entity_of_concern",
    "the entity is not a foreign entity of concern",
    "42 USC 18741(a)(5)",
)
not_designated: Topic = _ground(
    "not_designated_terrorist_organization",
    "not a designated foreign terrorist organization",
    "42 USC 18741(a)(5)(A)",
)
not_blocked: Topic = _ground(
    "not_specially_designated_national",
    "not on the list of specially designated nationals and blocked persons",
    "42 USC 18741(a)(5)(B)",
)
not_government_body: Topic = _ground(
    "not_covered_government_body",
    "not a body of the government of a covered nation",
    "42 USC 18741(a)(5)(C)",
)
not_under_jurisdiction: Topic = _ground(
    "not_under_covered_jurisdiction",
    "neither incorporated, domiciled nor managed in a covered nation",
    "42 USC 18741(a)(5)(C)",
)
not_controlled: Topic = _ground(
    "not_controlled_by_covered_government",
    "holdings of the government of a covered nation below the threshold",
    "42 USC 18741(a)(5)(C)",
)
not_under_contract: Topic = _ground(
    "not_controlled_by_contract",
    "under no contract that gives a foreign entity of concern effective control",
    "42 USC 18741(a)(5)(C)",
)
not_alleged: Topic = _ground(
    "not_alleged",
    "not alleged to have been involved in a listed crime",
    "42 USC 18741(a)(5)(D)",
)
not_determined: Topic = _ground(
    "not_determined",
    "not determined to be of concern by the Secretary of Energy",
    "42 USC 18741(a)(5)(E)",
)

#: The rule that each fact of a list breaks.
_LISTED: tuple[tuple[str, Topic], ...] = tuple(
    zip(LISTED, (not_designated, not_blocked, not_alleged, not_determined), strict=True)
)
_SEATS: tuple[tuple[str, str], ...] = (
    ("incorporated_in", "incorporated in"),
    ("principal_place_of_business", "managed from"),
    ("domiciled_in", "domiciled in"),
)


def grounds(graph: Graph, name: str, output: str, root: str) -> tuple[Finding, ...]:
    """A finding for each thing that makes, or may make, an entity one of concern.

    Args:
        graph: The graph under the standards of a law.
        name: The entity.
        output: For what it is asked; contracts for anything else are ignored.
        root: The path of the graph.
    """
    standards = graph.standards
    place = graph.graph.places[name]
    entity = graph.graph.entities[place]
    here = f"{root}entities[{place}]"
    found: list[Finding] = [
        _finding(rule, True, [_read(entity, here, flag)], rule.title.removeprefix("not "))
        for flag, rule in _LISTED
        if getattr(entity, flag)
    ]
    body = standards.body(entity, "")
    if body is not False:
        facts = [_read(entity, here, each) for each in ("government_role", "government_of")]
        found.append(_finding(not_government_body, body, facts, _role_in_words(entity)))
    seat = standards.seat(entity)
    if seat is not False:
        read = [(fact, how) for fact, how in _SEATS if _bears(standards, entity, fact)]
        told: dict[str, list[str]] = {}
        for fact, how in read:
            country = getattr(entity, fact)
            if standards.covered.get(country, False) is seat:
                told.setdefault(standards.place_in_words(country), []).append(how)
        seats = (f"{joined(how)} {where}" for where, how in told.items())
        facts = [_read(entity, here, fact) for fact, _ in read]
        group = standards.group()
        found.append(_finding(not_under_jurisdiction, seat, facts, joined(seats), group))
    controlled = graph.controlled(name)
    if controlled is not False and not body:
        found.append(_control(graph, name, controlled, root))
    if output:
        found += _contract_findings(graph, name, output, root)
    return tuple(found)


def _bears(standards: Standards, entity: Entity, fact: str) -> bool:
    country = getattr(entity, fact)
    if country is None:
        return fact != "domiciled_in"
    return standards.covered.get(country, False) is not False


def _control(graph: Graph, name: str, known: bool | None, root: str) -> Finding:
    schedule, day = graph.standards.law.foreign_entity_threshold_percent, graph.standards.day
    entries = schedule.standing if day is None else (schedule.entry_on(day),)
    limits = tuple(
        Limit(schedule.name, entry.value, entry.citation, entry.note) for entry in entries
    )
    stakes = [each for each in graph.stakes(name) if each.controls is known]
    told = [*_stakes_in_words(stakes), *_circles_in_words(graph, name)]
    if graph.graph.holdings is None:
        told = [f"the owners of {name} are unknown"]
    elif not told:
        told = ["the law as known says nothing about ownership and control"]
    facts = [
        FactRead(f"{root}{each.path}", None, each.declared)
        for each in (graph.open_of_entity(name) if known is None else ())
        if each.path.startswith("holdings") or _behind(graph, name, each.path)
    ]
    return _finding(not_controlled, known, facts, "; ".join(told), limits)


def _behind(graph: Graph, name: str, path: str) -> bool:
    return not path.startswith(f"entities[{graph.graph.places[name]}].")


def _circles_in_words(graph: Graph, name: str) -> Iterator[str]:
    """The circles of owners that keep the share of an entity from having one answer."""
    found: dict[tuple[str, ...], None] = {}
    for _, _, trace in graph.traces():
        if trace.circles:
            behind = owners_behind(trace, name) | {name}
            found.update((each, None) for each in trace.circles if behind & set(each))
    for circle in found:
        yield (
            f"{joined(_shortened(circle))} hold majorities of each other in a circle, so that "
            "their shares have no single answer"
        )


def _contract_findings(graph: Graph, name: str, output: str, root: str) -> Iterator[Finding]:
    if graph.graph.contracts is None:
        read = FactRead(f"{root}contracts", None, fact_type_at(OwnershipGraph, "contracts"))
        yield _finding(not_under_contract, None, [read], f"the contracts of {name} are unknown")
    for place, contract, taints in graph.contracts(name, output):
        if taints is False:
            continue
        facts = [
            _read(contract, f"{root}contracts[{place}]", each)
            for each in ("effective_control", *RIGHTS)
        ]
        holder = grounds(graph, contract.holder, "", root)
        why = "; ".join(str(each.note) for each in holder)
        has = "has" if contract.controls else "may have"
        note = f"{contract.holder} ({why}) {has} effective control by contract"
        yield _finding(not_under_contract, taints, facts, note)._replace(branches=holder)


def _finding(
    rule: Topic,
    known: bool | None,
    facts: Iterable[FactRead],
    note: str,
    limits: tuple[Limit, ...] = (),
) -> Finding:
    return Finding(rule, ~Verdict.of(known), facts=tuple(facts), limits=limits, note=note)


def _read(subject: Any, path: str, name: str) -> FactRead:
    return FactRead(f"{path}.{name}", getattr(subject, name), fact_type_at(type(subject), name))


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
    """Who holds what through whom; metrics by which it is the same are reported together."""
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
    alone = len(stake.chains) == 1 and stake.further == 0
    share = stake.chains[0].share if alone and not stake.chains[0].through else stake.share
    if not by_holder:
        return ("owners unknown hold", in_percent(share), "")
    if len(by_holder) == 1:
        holder, chains = next(iter(by_holder.items()))
        who = holder if chains[0].certain else f"{holder}, if a body of such a government,"
        return (f"{who} holds", in_percent(share), _through(stake))
    holders = [_holder_in_words(name, chains) for name, chains in by_holder.items()]
    return (f"{joined([*holders, *_further_in_words(stake)])} hold", in_percent(share), "")


def _holder_in_words(name: str, chains: list[HeldThrough]) -> str:
    shares = [f"{in_percent(chain.share)}{_via(chain)}" for chain in chains]
    certain = "" if chains[0].certain else " if a body of such a government"
    return f"{name} ({joined(shares)}{certain})"


def _via(chain: HeldThrough) -> str:
    return f" through {_between(chain)}" if chain.through else ""


#: How many entities are named at either end of a long chain.
_AT_AN_END = 3


def _between(chain: HeldThrough) -> str:
    """The entities between, from the body on; of many only those at both ends."""
    names = chain.through
    if len(names) > 2 * _AT_AN_END + 1:
        left = f"{len(names) - 2 * _AT_AN_END:,} more"
        names = (*names[:_AT_AN_END], left, *names[-_AT_AN_END:])
    return " → ".join(names)


def _shortened(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names, of many only the first."""
    if len(names) <= _NAMED + 1:
        return names
    return (*names[:_NAMED], f"{len(names) - _NAMED:,} more")


def _further_in_words(stake: Stake) -> tuple[str, ...]:
    """The chains that are not named."""
    if stake.further is None:
        return ("more chains around circles of owners",)
    chains = "chain" if stake.further == 1 else "chains"
    return (f"{stake.further:,} more {chains}",) if stake.further else ()


def _through(stake: Stake) -> str:
    """The chains of one holder; a single one needs no share of its own."""
    first, further = stake.chains[0], _further_in_words(stake)
    alone = len(stake.chains) == 1 and not further
    if alone and (not first.through or first.share == stake.share):
        return _via(first)
    named = [f"{_between(each) or 'itself'} ({in_percent(each.share)})" for each in stake.chains]
    return f" through {joined([*named, *further])}"


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
