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
import floors as floors_of_the_package
from evcredit import Citation, assess, current_law, examples
from evcredit.__main__ import main
from evcredit.algebra import certificate, completion, item_sums, relevance
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression, Fact, Operand
from evcredit.algebra.money import bounds_in_dollars, in_dollars
from evcredit.algebra.parameter import InGroup, Parameter
from evcredit.algebra.rule import Rule
from evcredit.algebra.schedule import Entry, NoProvision, Table
from evcredit.algebra.topic import Mode, Topic
from evcredit.audit.days import ChangeDay, change_days
from evcredit.audit.report import Coverage, Row, coverage
from evcredit.audit.texts import Deferral, Deferred, Paragraph, law_texts, open_points
from evcredit.data import load, load_rows
from evcredit.facts.country import country_name
from evcredit.facts.place import is_doubtful
from evcredit.facts.subdivision import subdivisions_of
from evcredit.facts.vehicle import label_classes
from evcredit.law import hypothetical_agreements, named_laws
from evcredit.law.law import schedule_names
from evcredit.law.manufacturers import known_manufacturers
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


def folded(title: str, body: str, anchor: str) -> str:
    """Markdown under a heading that opens it; a link to the anchor opens it too."""
    return (
        f'<details class="fold" markdown>\n<summary><h3 id="{anchor}">{title}</h3></summary>\n\n'
        f"{body}\n\n</details>"
    )


def anchor_of(text: str) -> str:
    """A title as an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def counted(number: int, noun: str) -> str:
    """A number of something, in the singular if it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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
    found = {}
    for room in ("section_30d", "section_25e", "section_45w"):
        package = importlib.import_module(f"evcredit.{room}")
        for each in pkgutil.walk_packages(package.__path__, f"evcredit.{room}."):
            if not each.ispkg:
                found[each.name.removeprefix("evcredit.")] = importlib.import_module(each.name)
    return found


def _key(rule: Topic) -> tuple[str, Citation]:
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
            written = re.search(
                rf"^(def {attribute}\(|{attribute}(: [^=\n]+)? = )", source, re.MULTILINE
            )
            if isinstance(value, Topic) and written:
                found.setdefault(_key(value), name)
                # A part may be written within the whole, without a name of its own.
                for part in value.walk() if isinstance(value, Rule) else ():
                    within.setdefault(_key(part), name)
    return {**within, **found}


@cache
def rules() -> tuple[Topic, ...]:
    """Every rule, sorted by citation: those that decide, and those that only explain."""
    by_key: dict[tuple[str, Citation], Topic] = {_key(rule): rule for rule in credit_allowed.walk()}
    for module in modules().values():
        for value in vars(module).values():
            if isinstance(value, Topic):
                by_key.setdefault(_key(value), value)
    return tuple(sorted(by_key.values(), key=lambda rule: (rule.citation, rule.code)))


def nodes(node: Expression | Operand) -> Iterator[Expression | Operand]:
    """An expression and everything it is made of."""
    yield node
    for operand in node.operands():
        yield from nodes(operand)


def own_nodes(rule: Topic) -> Iterator[Expression | Operand]:
    """What a rule itself is made of, its parts aside; what only explains is made of nothing."""
    for expression in rule.expressions() if isinstance(rule, Rule) else ():
        yield from nodes(expression)


def facts_read(rule: Topic) -> str:
    """The facts a rule itself reads."""
    found = []
    for node in own_nodes(rule):
        if isinstance(node, Fact):
            found.append(code(node.path))
        elif isinstance(node, Derived):
            found.append(f"computed: {node.label}")
    return "<br>".join(dict.fromkeys(found))


def law_read(rule: Topic) -> str:
    """The schedules and groups a rule itself reads."""
    found = []
    for node in own_nodes(rule):
        if isinstance(node, Parameter):
            found.append(f"[{code(node.name)}](schedules.md#{node.name})")
        elif isinstance(node, InGroup):
            found.append(code(node.group))
    return "<br>".join(dict.fromkeys(found))


_HOW = {Mode.ALL: "all of", Mode.ANY: "any of", Mode.NOT: "not"}


def made_of(rule: Topic) -> str:
    """What a composed rule is made of."""
    if not isinstance(rule, Rule):
        return ""
    parts = "<br>".join(code(part.code) for part in rule.parts)
    return f"{_HOW[rule.mode]}<br>{parts}" if parts else ""


SECTIONS = {"section_30d": "30D", "section_25e": "25E", "section_45w": "45W"}


def _room_of(rule: Topic) -> str:
    return homes()[_key(rule)].partition(".")[0]


def _paragraph_of(citation: Citation) -> str:
    """The paragraph that a citation lies in, by the first of its letters: 26 USC 30D(d)."""
    text = str(citation)
    found = re.match(r"(\d+ USC \w+)(\([^)]+\))?", text)
    edition = f" ({citation.edition})" if citation.edition else ""
    return f"{found[1]}{found[2] or ''}{edition}" if found else text.partition("(")[0]


def _folded_by_paragraph(some: Iterable[Topic]) -> str:
    groups: dict[str, list[Topic]] = {}
    for rule in some:
        groups.setdefault(_paragraph_of(rule.citation), []).append(rule)
    head = ("provision", "rule", "module", "reads, or is made of", "law read")
    return "\n\n".join(
        folded(
            f"{paragraph} <small>{counted(len(group), 'rule')}</small>",
            table(head, map(_row_of_rule, group)),
            f"{_room_of(group[0]).replace('_', '-')}-{anchor_of(paragraph)}",
        )
        for paragraph, group in groups.items()
    )


def _row_of_rule(rule: Topic) -> tuple[str, ...]:
    return (
        link(rule.citation),
        f"{code(rule.code)}<br>{rule.title}",
        code(homes()[_key(rule)]),
        facts_read(rule) or made_of(rule) or "shown in findings only",
        law_read(rule),
    )


def provisions() -> str:
    """The map from provisions to rules, by section and folded by paragraph."""
    return "\n\n".join(
        f"## Section {name}\n\n"
        + _folded_by_paragraph(rule for rule in rules() if _room_of(rule) == room)
        for room, name in SECTIONS.items()
    )


def counts() -> str:
    """How much of the law is here: a line for each section."""
    texts = _checked().rows()
    deferred_only = sum(bool(row.deferred) and not row.places for row in texts)
    lines = [
        f"- Section {name}: {counted(sum(_room_of(r) == room for r in rules()), 'rule')}"
        for room, name in SECTIONS.items()
    ]
    agreements = counted(len(list(current_law().agreements)), "trade agreement")
    checked = counted(len(texts), "paragraph")
    lines += [
        f"- {counted(len(schedule_names()), 'schedule')} of numbers and dates, and {agreements}",
        f"- {checked} of law checked; {deferred_only} are not computed, each with the reason",
    ]
    return "\n".join(lines)


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
    """Every schedule with all its entries, struck ones too; folded, by who reads it."""
    readers = _rooms_reading()
    parts: dict[str, list[str]] = {}
    for name in schedule_names():
        title = getattr(current_law(), name).name
        body = f"`Law.{name}`\n\n{entries_of(name)}"
        fold = folded(title[0].upper() + title[1:], body, name)
        parts.setdefault(readers.get(name, _ELSEWHERE), []).append(fold)
    return "\n\n".join(
        f"## {heading}\n\n" + "\n\n".join(parts[heading]) for heading in sorted(parts, key=_RANK)
    )


def entries_of(name: str) -> str:
    """The entries of one schedule."""
    rows = (
        (
            days_in_words(entry.start, entry.end),
            value_in_words(entry),
            link(entry.citation),
            on(entry.known_from),
            on(entry.known_until),
            entry.note,
        )
        for entry in getattr(current_law(), name).entries
    )
    days = _read_on().get(name, "")
    days = days if days in {"sold", "title passed"} else "placed in service"
    head = (days, "value", "citation", "known from", "struck on", "remark")
    columns = [column for column in zip(head, *rows, strict=True) if any(column[1:])]
    head, *rows = zip(*columns, strict=True)
    return table(head, rows)


@cache
def _read_on() -> dict[str, str]:
    # Nearly all entries are read on the day placed in service; the rules that compute the limit on
    # the number of vehicles do not tell which day they read.
    found = {each.schedule: next(iter(each.read_on), "") for each in change_days()}
    return found | dict.fromkeys(("manufacturer_limit_vehicles", "phase_out_percentage"), "sold")


_ELSEWHERE = "Read by computed shares, amounts and transfers"
_HEADINGS = (*(f"Read by rules of section {name}" for name in SECTIONS.values()), _ELSEWHERE)
_RANK = _HEADINGS.index


def _rooms_reading() -> dict[str, str]:
    """The heading of each schedule that a rule names: the first section that reads it."""
    found: dict[str, str] = {}
    for room, name in SECTIONS.items():
        for rule in rules():
            if _room_of(rule) == room:
                for node in own_nodes(rule):
                    if isinstance(node, Parameter):
                        found.setdefault(node.name, f"Read by rules of section {name}")
    return found


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
    head = ("", "placed in service", "amount", "battery", "requested", "percentages", "excluded")
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
    """The instruments that put no one on the list."""
    rows = (
        (
            f"`{each.identifier}`",
            each.name,
            ", ".join(each.partners) if len(each.partners) < 12 else f"{len(each.partners)} states",
            each.dated,
            each.status,
            each.mark,
        )
        for each in hypothetical_agreements()
    )
    return table(("identifier", "name", "partners", "dated", "what became of it", "mark"), rows)


# -- words that are understood -------------------------------------------------------------


def label_class_table() -> str:
    """The classes of fuel economy labels, with the class of the price limit."""
    marks = {row["name"]: row["mark"] for row in load("vehicle_classes.toml")["label_classes"]}
    return table(
        ("class on the label", "also printed", "for the price limit", "compact", "source", "mark"),
        (
            (
                each.name,
                "; ".join(each.printed),
                "open" if each.vehicle_class is None else each.vehicle_class.value,
                {True: "yes", False: "no", None: ""}[each.compact_car],
                each.citation,
                marks[each.name],
            )
            for each in label_classes()
        ),
    )


def trade_words() -> str:
    """Other words for the members of each list, and words that are refused."""
    rows = []
    for name, words in load("trade_words.toml").items():
        label = name.replace("_", " ")
        for member, several in words["also_called"].items():
            rows.append((label, member, "; ".join(several)))
        for why, several in words.get("refused", {}).items():
            rows.append((label, f"refused: {why}", "; ".join(several)))
    return table(("fact", "read as", "words"), rows)


def states() -> str:
    """The states, provinces and territories of North America, with a second reading if any."""
    rows = (
        (
            each.code,
            each.name,
            each.kind,
            each.own or "",
            country_name(each.letters) if is_doubtful(each.letters) else "",
        )
        for country in ("US", "CA", "MX")
        for each in subdivisions_of(country)
    )
    return table(("code", "name", "kind", "country code of its own", "letters also mean"), rows)


def materials() -> str:
    """The names and CAS numbers of minerals, of their forms, and of what is neither."""
    return table(
        ("material", "mineral", "a form of it", "CAS numbers", "also called", "mark"),
        (
            (
                row["name"],
                row.get("mineral", "none").replace("|", ", "),
                row.get("is_form", row.get("form", "")).replace("_", " "),
                row.get("cas", "").replace("|", ", "),
                row.get("also_called", "").replace("|", ", "),
                row["mark"],
            )
            for row in load_rows("materials.csv")
        ),
    )


def makers() -> str:
    """The manufacturers on record with all their names."""
    return table(
        ("manufacturer", "makes", "also called", "200,000th vehicle"),
        (
            (
                each.name,
                ", ".join(each.makes),
                ", ".join(each.also_called),
                str(each.quarter or ""),
            )
            for each in known_manufacturers()
        ),
    )


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
            name = f"[{name}](schedules.md#{place.name})"
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
        title = f"{text.title} <small>{counted(len(text.paragraphs), 'paragraph')}</small>"
        parts.append(folded(title, f"{remark}{table(head, cells)}", anchor_of(text.title)))
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
    """Every day on which the law changes, with what changes and its citation."""
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
    return table(("from", "what changes", "its citation", "rules that read it", "by the day"), rows)


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
        ("completions tried for one rule", "completion.COMPLETIONS", completion.COMPLETIONS),
        (
            "comparisons of values, in the search for what is missing",
            "relevance.COMPARISONS",
            relevance.COMPARISONS,
        ),
        ("sums that two tests make, listed", "item_sums.LISTED", item_sums.LISTED),
        ("ranges looked at beside these", "item_sums.TRIES", item_sums.TRIES),
        ("settling sets kept", "certificate.CERTIFICATES", certificate.CERTIFICATES),
        ("of them for each value of a shared fact", "certificate.CASES", certificate.CASES),
    )
    return table(
        ("at most", "name in `evcredit.algebra`", "number"),
        ((words, f"`{name}`", f"{number:,}") for words, name, number in rows),
    )


def command_line() -> str:
    """What the command line says of itself."""
    written = io.StringIO()
    with redirect_stdout(written), suppress(SystemExit), patch.dict(os.environ, COLUMNS="88"):
        main(["--help"])
    return f"```text\n{written.getvalue()}```"


_HYPHENS = str.maketrans("_.", "--")

# -- the floors of the package -------------------------------------------------------------


def floors() -> str:
    """The picture of the rooms, drawn from the imports; on one line, as Markdown wants it."""
    return floors_of_the_package.as_svg().replace("\n", "")


def rooms() -> str:
    """The rooms from the lowest floor up, with what each is for and rests on."""
    graph = floors_of_the_package.imports_of_rooms()
    below = floors_of_the_package.direct(graph)
    return table(
        ("floor", "room", "what is in it", "is on"),
        (
            (str(number), f"`{room}`", line, ", ".join(f"`{each}`" for each in below[room]))
            for number, names in enumerate(floors_of_the_package.floors(graph), start=1)
            for room in names
            for line in [floors_of_the_package.first_line(room).replace("``", "`")]
        ),
    )


GENERATORS: dict[str, Callable[[], str]] = {
    "version": version,
    "provisions": provisions,
    "counts": counts,
    "schedules": schedules,
    "regimes": regimes,
    "agreements": agreements,
    "hypotheticals": hypotheticals,
    "label-classes": label_class_table,
    "trade-words": trade_words,
    "states": states,
    "materials": materials,
    "makers": makers,
    "deferred": deferred,
    "paragraphs": paragraphs,
    "change-days": days_of_change,
    "open-points": points,
    "scenarios": scenarios,
    "demonstration": demonstration,
    "explanation": explanation,
    "readings": readings,
    "floors": floors,
    "rooms": rooms,
    "limits": limits,
    "command-line": command_line,
    **{f"schedule-{name}": partial(entries_of, name) for name in schedule_names()},
    # Those of section 30D by the name of the module alone.
    **{
        f"rules-{name.partition('section_')[2].removeprefix('30d.').translate(_HYPHENS)}": partial(
            rules_of, name
        )
        for name in modules()
    },
}
