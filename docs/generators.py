"""Text of the documentation that is made from evcredit at build time.

A page says `<!-- generate: NAME -->`, and docs/hooks.py puts the Markdown
that `GENERATORS[NAME]()` returns in its place.
"""

import importlib
import inspect
import io
import os
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout, suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import attrs

import evcredit
from evcredit import Citation, assess, completion, current_law, examples, named_laws
from evcredit.__main__ import main
from evcredit.country import country_name
from evcredit.coverage import (
    ChangeDay,
    Coverage,
    Deferral,
    Deferred,
    Paragraph,
    Row,
    change_days,
    coverage,
    law_texts,
    open_points,
)
from evcredit.expression import Derived, Expression, Fact, Membership, Operand, Parameter
from evcredit.law import schedule_names
from evcredit.money import bounds_in_dollars, in_dollars
from evcredit.rule import Mode, Rule
from evcredit.schedule import Entry, NoProvision, Table
from evcredit.section_30d.amount import credit_allowed

HERE = Path(__file__).parent


def version() -> str:
    """The version of evcredit that this documentation was built from."""
    return evcredit.__version__


# -- Markdown ------------------------------------------------------------------------------


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar inside a cell would end it, and a dollar sign may start a formula."""
    cells = [list(head)]
    cells.append(["---"] * len(cells[0]))
    cells += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def link(citation: Citation | str) -> str:
    """A citation as a link to the official text; it stays on one line."""
    found = citation if isinstance(citation, Citation) else Citation.parse(citation)
    text = str(found).replace(" ", "&nbsp;")
    return f"[{text}]({found.url})"


def whole(text: str) -> str:
    """Text that stays on one line."""
    return f'<span class="whole">{text}</span>'


def on(day: date | None) -> str:
    """A day; nothing if there is none."""
    return "" if day is None else whole(str(day))


def code(name: str) -> str:
    """A name as code that may be broken after a point or an underscore, but nowhere else."""
    broken = re.sub(r"([._])", r"\1<wbr>", name).replace("_", "&#95;")  # no mark of emphasis
    return f"<code>{broken}</code>"


# -- rules ---------------------------------------------------------------------------------


@cache
def modules() -> dict[str, Any]:
    """The modules of the sections by name, such as `section_30d.amount`."""
    return {
        f"{package}.{found.name}": importlib.import_module(f"evcredit.{package}.{found.name}")
        for package in ("section_30d", "section_25e", "section_45w")
        for found in pkgutil.iter_modules(importlib.import_module(f"evcredit.{package}").__path__)
    }


def _key(rule: Rule) -> tuple[str, Citation]:
    # A section that takes a rule over cites it in a place of its own, under the same code.
    return (rule.code, rule.citation)


@cache
def homes() -> dict[tuple[str, Citation], str]:
    """The module in which each rule is written, by reason code and citation."""
    found: dict[tuple[str, Citation], str] = {}
    within: dict[tuple[str, Citation], str] = {}
    for name, module in modules().items():
        source = inspect.getsource(module)
        for attribute, value in vars(module).items():
            written = f"\n{attribute} = " in source or f"\ndef {attribute}(" in source
            if isinstance(value, Rule) and written:
                found.setdefault(_key(value), name)
                # A part may be written within the whole, without a name of its own.
                for part in value.walk():
                    within.setdefault(_key(part), name)
    return {**within, **found}


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, sorted by citation: those that decide, and those that only explain."""
    by_key = {_key(rule): rule for rule in credit_allowed.walk()}
    for module in modules().values():
        for value in vars(module).values():
            if isinstance(value, Rule):
                by_key.setdefault(_key(value), value)
    return tuple(sorted(by_key.values(), key=lambda rule: (rule.citation, rule.code)))


def nodes(node: Expression | Operand) -> Iterator[Expression | Operand]:
    """An expression and everything it is made of."""
    yield node
    for operand in node.operands():
        yield from nodes(operand)


def own_nodes(rule: Rule) -> Iterator[Expression | Operand]:
    """What a rule itself is made of, its parts aside."""
    for expression in rule.expressions():
        yield from nodes(expression)


def facts_read(rule: Rule) -> str:
    """The facts a rule itself reads."""
    found = []
    for node in own_nodes(rule):
        if isinstance(node, Fact):
            found.append(code(node.path))
        elif isinstance(node, Derived):
            found.append(f"computed: {node.label}")
    return "<br>".join(dict.fromkeys(found))


def law_read(rule: Rule) -> str:
    """The schedules and groups a rule itself reads."""
    found = []
    for node in own_nodes(rule):
        if isinstance(node, Parameter):
            found.append(f"[{code(node.name)}](#{node.name})")
        elif isinstance(node, Membership):
            found.append(code(node.group))
    return "<br>".join(dict.fromkeys(found))


_HOW = {Mode.ALL: "all of", Mode.ANY: "any of", Mode.INVERSE: "not"}


def made_of(rule: Rule) -> str:
    """What a composed rule is made of."""
    parts = "<br>".join(code(part.code) for part in rule.parts)
    return f"{_HOW[rule.mode]}<br>{parts}" if parts else ""


def provisions() -> str:
    """The map from provisions to rules."""
    rows = (
        (
            link(rule.citation),
            f"{code(rule.code)}<br>{rule.title}",
            code(homes()[_key(rule)]),
            facts_read(rule) or made_of(rule) or "shown in findings only",
            law_read(rule),
        )
        for rule in rules()
    )
    return table(("provision", "rule", "module", "reads, or is made of", "law read"), rows)


def rules_of(module: str) -> str:
    """The rules of one module of a section, in the order of the law."""
    rows = (
        (code(rule.code), rule.title, link(rule.citation), facts_read(rule) or made_of(rule))
        for rule in rules()
        if homes()[_key(rule)] == module
    )
    return table(("reason code", "met if", "provision", "reads, or is made of"), rows)


# -- schedules -----------------------------------------------------------------------------


def value_in_words(entry: Entry[Any]) -> str:
    """The value of an entry as a reader expects it."""
    value = entry.value
    if isinstance(value, NoProvision):
        return f"none: {value.reason}"
    if isinstance(value, Table):
        return "<br>".join(
            f"{_row(key, amount)} ({link(citation)})" for key, amount, citation in value.rows
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "<br>".join(map(_member, value)) or "none"
    return str(value)


def _row(key: Any, amount: Any) -> str:
    """One row of a table: an amount by category, or a percentage from some quarter or age on."""
    if isinstance(amount, NoProvision):
        return f"{key.value}: none, {amount.reason}"
    if isinstance(amount, tuple):
        return f"{key.value}: {', '.join(map(str, amount))}"
    if isinstance(key, int):
        return f"from {key} quarters after: {amount} percent"
    return f"{key.value}: {in_dollars(Decimal(amount))}"


def _member(name: str) -> str:
    """One of a list that the law gives; a country by its name."""
    return country_name(name) if re.fullmatch("[A-Z]{2}", name) else name


def days_in_words(start: date, end: date | None) -> str:
    """Half-open days, as first and last day."""
    last = "on" if end is None else f"to {on(end - timedelta(days=1))}"
    return f"{on(start)} {last}"


def schedules() -> str:
    """Every schedule with all its entries, struck ones too."""
    law = current_law()
    # Nearly all entries are read on the day placed in service; the rules that compute the limit on
    # the number of vehicles do not tell which day they read.
    read_on = {each.schedule: each.read_on for each in change_days()}
    read_on |= dict.fromkeys(("manufacturer_limit_vehicles", "phase_out_percentage"), ("sold",))
    parts = []
    for name in schedule_names():
        schedule = getattr(law, name)
        day = next(iter(read_on.get(name, ())), "")
        rows = (
            (
                days_in_words(entry.start, entry.end),
                value_in_words(entry),
                link(entry.citation),
                on(entry.known_from),
                on(entry.known_until),
                entry.note,
            )
            for entry in schedule.entries
        )
        days = day if day in {"sold", "title passed"} else "placed in service"
        head = (days, "value", "citation", "known from", "struck on", "remark")
        columns = [column for column in zip(head, *rows, strict=True) if any(column[1:])]
        head, *rows = zip(*columns, strict=True)
        title = schedule.name[0].upper() + schedule.name[1:]
        parts.append(f"### {title} {{ #{name} }}\n\n`Law.{name}`\n\n{table(head, rows)}")
    return "\n\n".join(parts)


# -- times ---------------------------------------------------------------------------------

#: What makes a time different from the one before, for a car with four wheels.
_BY_SERVICE = (
    "capacity_amount_in_force",
    "clean_vehicle_rules_in_force",
    "critical_minerals_percentage",
    "battery_components_percentage",
    "components_exclusion_in_force",
    "minerals_exclusion_in_force",
)
_BY_SALE = ("final_assembly_in_force", "manufacturer_limit_in_force")


def _boundaries(names: Iterable[str]) -> set[date]:
    law = current_law()
    return {each.start for name in names for each in getattr(law, name).standing}


def _amount_on(day: date) -> str:
    law = current_law()
    if law.capacity_amount_in_force.on(day):
        return "by capacity"
    minerals, components = law.critical_minerals_amount, law.battery_components_amount
    return " + ".join(in_dollars(Decimal(each.on(day))) for each in (minerals, components))


def _percentages_on(day: date) -> str:
    law = current_law()
    schedules = (law.critical_minerals_percentage, law.battery_components_percentage)
    if not law.sourcing_in_force.on(day):
        return ""
    found = [each.on(day) for each in schedules]
    if any(isinstance(each, NoProvision) for each in found):
        return "none in the statute"
    return " / ".join(f"{each} %" for each in found)


def regimes() -> str:
    """The times of section 30D: what governs a car sold on the day it is placed in service."""
    law = current_law()
    by_service, by_sale = _boundaries(_BY_SERVICE), _boundaries(_BY_SALE)
    starts = sorted(by_service | by_sale)
    deadline = law.acquisition_deadline.values()[0]
    rows = []
    for number, (start, following) in enumerate(zip(starts, [*starts[1:], None], strict=True)):
        # A time that begins by the day of sale lies within one that begins by the day in service.
        service = max(day for day in by_service if day <= start)
        end = min((day for day in by_service if day > start), default=None)
        days = days_in_words(service, end)
        if start not in by_service:
            days += f",<br>sold from {on(start)}"
        elif following is not None and following not in by_service:
            days += f",<br>sold to {on(following - timedelta(days=1))}"
        excluded = [
            name
            for name in ("components", "minerals")
            if getattr(law, f"{name}_exclusion_in_force").on(start)
        ]
        conditions = [
            ("final assembly", law.final_assembly_in_force.on(start)),
            ("price, income, report", law.clean_vehicle_rules_in_force.on(start)),
            ("manufacturer's vehicles sold", law.manufacturer_limit_in_force.on(start)),
            (f"acquired by {on(deadline)}", end is None or end > deadline),
        ]
        rows.append(
            (
                f"R{number}",
                days,
                whole(_amount_on(start)),
                whole(f"{law.minimum_battery_capacity_kwh.on(start)} kWh"),
                "<br>".join(words for words, applies in conditions if applies),
                _percentages_on(start),
                " and ".join(excluded),
            )
        )
    head = ("", "placed in service", "amount", "battery", "asked for", "percentages", "excluded")
    return table(head, rows)


# -- agreements ----------------------------------------------------------------------------


def agreements() -> str:
    """Every country that is or was on the list by an agreement, with dates and marks."""
    rows = []
    for agreement in current_law().agreements:
        for partner in agreement.partners:
            ended = f"{on(partner.ended)} by {partner.superseded_by}" if partner.ended else ""
            rows.append(
                (
                    country_name(partner.country),
                    f"`{agreement.identifier}`<br>{agreement.name}",
                    on(agreement.signed),
                    on(partner.in_force),
                    ended,
                    "<br>".join(whole(mark) for mark in partner.marks.split(", ")),
                )
            )
    rows.sort(key=lambda row: (row[0], row[3]))
    return table(("country", "agreement", "signed", "in force", "replaced on", "marks"), rows)


def hypotheticals() -> str:
    """The instruments that put nobody on the list."""
    rows = (
        (
            f"`{each.identifier}`",
            each.name,
            ", ".join(each.partners) if len(each.partners) < 12 else f"{len(each.partners)} states",
            each.dated,
            each.status,
            each.mark,
        )
        for each in evcredit.hypothetical_agreements()
    )
    return table(("identifier", "name", "partners", "dated", "what became of it", "mark"), rows)


# -- what is not computed ------------------------------------------------------------------


def _checked() -> Coverage:
    """The list of paragraphs; an error if one is neither cited nor explained, or an entry stale."""
    found = coverage()
    faults = found.faults()
    if faults:
        raise LookupError("deferred.toml does not agree with the rules:\n" + "\n".join(faults))
    return found


def _explained(entry: Deferred) -> str:
    left = f" Left: {entry.part_left}." if entry.part_left else ""
    by = f" See {', '.join(code(name) for name in entry.by)}." if entry.by else ""
    return f"{entry.title}: {entry.kind.value}. {entry.reason}{left}{by}"


def _citing(row: Row) -> str:
    found = []
    for place in row.places:
        # What is private is not for the reader: its module is.
        name = code(re.sub(r"\._\w+$", "", place.name))
        if place.kind == "schedule":
            name = f"[{name}](#{place.name})"
        elif place.kind in {"group", "agreements"}:
            name = place.name
        found.append(name)
    return "<br>".join(dict.fromkeys(found))


def _where(paragraph: Paragraph) -> str:
    if paragraph.definition:
        return f"{link(paragraph.citation)}<br>{paragraph.definition}"
    return link(paragraph.citation) + ("<br>struck" if paragraph.struck else "")


def paragraphs() -> str:
    """Every paragraph of the law, with what cites it or why nothing does."""
    rows = _checked().rows()
    parts = []
    for text in law_texts():
        cells = (
            (
                _where(row.paragraph),
                _citing(row),
                "<br>".join(_explained(entry) for entry in row.deferred),
            )
            for row in rows
            if row.text == text
        )
        head = ("paragraph", "rules, numbers, groups", "not computed, or not in full")
        remark = f"{text.remark}\n\n" if text.remark else ""
        parts.append(f"### {text.title}\n\n{remark}{table(head, cells)}")
    return "\n\n".join(parts)


def deferred() -> str:
    """What is not computed and why, in one table."""
    entries = sorted(_checked().deferred, key=lambda each: (each.citation, each.definition))
    rows = (
        (link(each.citation), each.title, each.kind.value, each.reason)
        for each in entries
        if each.kind in {Deferral.LATER, Deferral.OUTSIDE}
    )
    return table(("provision", "what", "how it stands", "why"), rows)


#: More rules than a reader looks through: what moves the day itself moves nearly all of them.
_MANY = 20


def _readers(changes: Iterable[ChangeDay]) -> str:
    """The rules that read what changes; of a change of the day itself, that it concerns all."""
    by_schedule: dict[str, set[Citation]] = {}
    for each in changes:
        by_schedule.setdefault(each.schedule, set()).update(each.rules)
    few = [rules for rules in by_schedule.values() if len(rules) <= _MANY]
    words = [link(where) for where in sorted(set().union(*few))]
    if len(few) < len(by_schedule):
        words.append("nearly all, under the election")
    return "<br>".join(words)


def days_of_change() -> str:
    """Every day on which the law changes, with what changes and where that stands."""
    first = min(each.day for each in change_days() if each.schedule in schedule_names())
    by_day: dict[date, list[ChangeDay]] = {}
    for each in change_days():
        # On the first day of all everything starts, and before it only agreements are held.
        if each.day > first:
            by_day.setdefault(each.day, []).append(each)
    rows = (
        (
            on(day),
            "<br>".join(dict.fromkeys(each.label for each in changes)),
            "<br>".join(link(where) for where in sorted({each.citation for each in changes})),
            _readers(changes),
            ", ".join(
                dict.fromkeys(
                    re.sub("^day (of the )?", "", word) for each in changes for word in each.read_on
                )
            ),
        )
        for day, changes in by_day.items()
    )
    return table(
        ("from", "what changes", "where that stands", "rules that read it", "by the day"), rows
    )


def _kept_in(place: str) -> str:
    kind, _, name = place.partition(" ")
    if kind == "deferred":
        citation, _, definition = name.partition(" | ")
        return f"not computed: {link(citation)}" + (f", {definition}" if definition else "")
    return f"{kind} {code(name)}"


def points() -> str:
    """Every point that is recalled, open or in conflict, and where it is kept."""
    rows = (
        (
            each.point + (f"<br>{link(each.citation)}" if each.citation else ""),
            each.mark,
            "<br>".join(_kept_in(place) for place in each.kept_in),
            each.default + (f"<br>*or:* {each.alternative}" if each.alternative else ""),
        )
        for each in open_points()
    )
    return table(("point", "mark", "kept in", "default"), rows)


# -- results -------------------------------------------------------------------------------


def scenarios() -> str:
    """Every ready-made law, and what it makes of the demonstration claim."""
    claim = examples.demonstration_claim()
    rows = []
    for name, make in named_laws().items():
        result = assess(claim, law=make())
        rows.append(
            (
                f"`{name}`",
                result.law.name,
                str(result.mineral_content),
                bounds_in_dollars(result.credit),
            )
        )
    return table(("name", "called in results", "mineral content", "credit"), rows)


def demonstration() -> str:
    """What the agreement with Japan is worth to the demonstration claim."""
    claim = examples.demonstration_claim()
    words = {
        "no-japan": "the twenty comprehensive agreements alone",
        "current": "with the agreement with Japan (current law)",
        "eu-no-japan": "with a hypothetical agreement with the European Union instead",
        "eu": "with both",
    }
    rows = []
    for name, text in words.items():
        result = assess(claim, law=named_laws()[name]())
        verdicts = [
            result.find(code).verdict.value
            for code in ("minerals_requirement", "components_requirement")
        ]
        rows.append(
            (text, str(result.mineral_content), *verdicts, bounds_in_dollars(result.credit))
        )
    head = ("countries that count", "content", "minerals", "components", "credit")
    return table(head, rows)


def explanation() -> str:
    """The explanation of the demonstration claim under current law."""
    text = assess(examples.demonstration_claim()).explain()
    return f"```text\n{text}```"


_MEANS: dict[Any, str] = {True: "yes", False: "no", None: "open: unknown where it matters"}


def readings() -> str:
    """The fields of `Readings`, with their defaults."""
    rows = []
    for field in attrs.fields(evcredit.Readings):
        default = getattr(field.default, "name", field.default)
        means = _MEANS.get(field.default, getattr(field.default, "value", ""))
        rows.append((f"`{field.name}`", f"`{default}`", means))
    return table(("name", "default", "which means"), rows)


def limits() -> str:
    """How far the analysis of unknown facts goes."""
    rows = (
        ("completions tried for one rule", "COMPLETIONS", completion.COMPLETIONS),
        ("combinations of facts that several rules share", "SHARED", completion.SHARED),
        ("settling sets kept", "CERTIFICATES", completion.CERTIFICATES),
        ("of them for each value of a shared fact", "CASES", completion.CASES),
    )
    return table(
        ("at most", "name in `evcredit.completion`", "number"),
        ((words, f"`{name}`", f"{number:,}") for words, name, number in rows),
    )


def command_line() -> str:
    """What the command line says of itself."""
    written = io.StringIO()
    with redirect_stdout(written), suppress(SystemExit), patch.dict(os.environ, COLUMNS="88"):
        main(["--help"])
    return f"```text\n{written.getvalue()}```"


_HYPHENS = str.maketrans("_.", "--")

GENERATORS: dict[str, Callable[[], str]] = {
    "version": version,
    "provisions": provisions,
    "schedules": schedules,
    "regimes": regimes,
    "agreements": agreements,
    "hypotheticals": hypotheticals,
    "deferred": deferred,
    "paragraphs": paragraphs,
    "change-days": days_of_change,
    "open-points": points,
    "scenarios": scenarios,
    "demonstration": demonstration,
    "explanation": explanation,
    "readings": readings,
    "limits": limits,
    "command-line": command_line,
    # Those of section 30D by the name of the module alone.
    **{
        f"rules-{name.partition('section_')[2].removeprefix('30d.').translate(_HYPHENS)}": partial(
            rules_of, name
        )
        for name in modules()
    },
}
