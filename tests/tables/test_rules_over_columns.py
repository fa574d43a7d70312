"""The rules as table expressions: one body, read on objects and on columns, says the same.

The reader below is a test of the rules, not a product: it walks `Rule` and `Expression` nodes
and knows nothing of any single rule. Facts are columns named by their path; an unknown fact is a
null. Money is whole cents, energy whole watt-hours, shares are ratios of whole numbers that are
compared by cross-multiplication. Only comparisons and ``& | ~`` carry verdicts, because those
are Kleene's on columns too; where a value is picked, nulls are needed by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache, reduce
from operator import and_, or_
from typing import Any

import attrs
import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import (
    VALUES,
    hide,
    hidings,
    known_claim,
    known_claims,
    listed_claims,
    some_laws,
)
from tests.used import known_used_claims

from evcredit import Claim, Law, Taxpayer, current_law, with_facts
from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import BoundRule, bind
from evcredit.algebra.day import Day
from evcredit.algebra.derived import Derived, ShareComparison
from evcredit.algebra.expression import And, Comparison, Expression, Fact, IsOneOf, Not, Or, Stated
from evcredit.algebra.field import Kind
from evcredit.algebra.parameter import InGroup, Parameter, Reading, TableLookup
from evcredit.algebra.path import read
from evcredit.algebra.rule import Rule
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.share import Share
from evcredit.algebra.symbol import facts_of, law_of
from evcredit.algebra.topic import Mode
from evcredit.law.law import schedule_names
from evcredit.section_25e.amount import credit_allowed as used_credit_allowed
from evcredit.section_30d.amount import credit_allowed, listed_credit_allowed

UNKNOWN = nw.lit(None, dtype=nw.Boolean)
INT64 = 2**63


# -- from claims to columns ----------------------------------------------------------------


def column(path: str) -> str:
    return path.replace(".", "_")


def day_column(day: Fact | Day) -> str:
    """A day that picks the law may differ from the fact it mostly is."""
    return column(f"day.{day.path}") if isinstance(day, Day) else column(day.path)


def scale(fact: Fact) -> int:
    """How many units of the column make one of the fact."""
    if fact.declared.kind is Kind.MONEY:
        return 100
    return 1000 if fact.declared.unit == "kWh" else 1


DTYPES = {
    Kind.FLAG: pl.Boolean,
    Kind.DAY: pl.Date,
    Kind.CHOICE: pl.String,
    Kind.COUNTRY: pl.String,
    Kind.MONEY: pl.Int64,
    Kind.QUANTITY: pl.Int64,
    Kind.COUNT: pl.Int64,
}


def cell(fact: Fact, value: Any) -> Any:
    """The value of a fact as the column holds it."""
    if value is None or isinstance(value, bool | date | str):
        return value
    if isinstance(value, Enum):
        return value.value
    units = Fraction(value) * scale(fact)
    assert units.denominator == 1
    return int(units)


def share_columns(name: str) -> tuple[str, str, str, str]:
    return tuple(f"{name}_{end}_{part}" for end in ("lower", "upper") for part in ("of", "in"))


def share_cells(share: Share | None) -> tuple[int | None, ...]:
    if share is None:
        return (None,) * 4
    lower, upper = share.bounds.lower, share.bounds.upper
    return (lower.numerator, lower.denominator, upper.numerator, upper.denominator)


def binding_of(claim: Claim, law: Law, top: Rule = credit_allowed) -> Binding:
    days = {fact.path: fact.stated(claim, law) for fact in top.facts() if is_day(fact)}
    return Binding(law, {path: day for path, day in days.items() if day is not None})


def is_day(fact: Any) -> bool:
    return isinstance(fact, Day)


def row_of(claim: Claim, law: Law, top: Rule = credit_allowed) -> dict[str, Any]:
    """One row: every fact the rules read, and what is computed from chains and components."""
    binding = binding_of(claim, law, top)
    cells: dict[str, Any] = {}
    for fact in top.facts():
        if isinstance(fact, Fact):
            cells[column(fact.path)] = cell(fact, read(claim, fact.path))
            continue
        if isinstance(fact, Day):
            cells[day_column(fact)] = fact.stated(claim, law)
            continue
        value = fact.bind_value(binding)(claim)
        if fact.kind is Kind.PERCENT:
            cells.update(zip(share_columns(fact.name), share_cells(value), strict=True))
        else:
            cells[fact.name] = value
    return cells


def schema(top: Rule = credit_allowed) -> dict[str, Any]:
    types: dict[str, Any] = {}
    for fact in top.facts():
        if isinstance(fact, Fact):
            types[column(fact.path)] = DTYPES[fact.declared.kind]
        elif isinstance(fact, Day):
            types[day_column(fact)] = pl.Date
        elif fact.kind is Kind.PERCENT:
            types.update(dict.fromkeys(share_columns(fact.name), pl.Int64))
        else:
            types[fact.name] = pl.Boolean
    return types


def fits(row: dict[str, Any]) -> bool:
    """Whether cross-multiplication with a percentage stays within 64 bits."""
    return all(abs(v) * 100 < INT64 for v in row.values() if type(v) is int)


# -- from rules to expressions over columns ------------------------------------------------


@attrs.frozen
class ColumnRange:
    """A limit as two columns: the minimum and the maximum it may be; null where there is none."""

    lower: nw.Expr
    upper: nw.Expr


def constant(value: Any) -> Any:
    """A value of the law as a literal; a silent law is null."""
    return nw.lit(None, dtype=nw.Int64) if isinstance(value, NoProvision) else nw.lit(value)


def hull(values: Iterable[Any]) -> tuple[Any, Any]:
    values = list(values)
    for value in values:
        if isinstance(value, NoProvision):
            return value, value
    return min(values), max(values)


@attrs.frozen
class Compiler:
    """Reads rules about a claim, under one law, as expressions over columns."""

    law: Law

    # limits

    def scheduled(self, parameter: Parameter, value_of: Any, units: int) -> ColumnRange:
        """What a schedule says on the day of each row; on an unknown day, all it may say."""
        entries = getattr(self.law, parameter.name).standing
        day = nw.col(day_column(parameter.day))
        if not entries:
            nothing = nw.lit(None, dtype=nw.Int64)
            return ColumnRange(nothing, nothing)

        def units_of(value: Any) -> Any:
            counted = isinstance(value, int | Decimal) and not isinstance(value, bool)
            return int(Fraction(value) * units) if counted else value

        each = [tuple(units_of(v) for v in hull(value_of(e))) for e in entries]
        ends = []
        for index in (0, 1):
            low_high = hull(value for pair in each for value in pair)
            picked: Any = nw.when(day.is_null()).then(constant(low_high[index]))
            for entry, pair in zip(entries, each, strict=True):
                inside = day >= nw.lit(entry.start)
                if entry.end is not None:
                    inside = inside & (day < nw.lit(entry.end))
                picked = nw.when(inside).then(constant(pair[index])).otherwise(picked)
            ends.append(picked)
        return ColumnRange(*ends)

    def limit(self, operand: Any, units: int) -> ColumnRange:
        if isinstance(operand, Parameter):
            return self.scheduled(operand, lambda entry: [entry.value], units)
        if not isinstance(operand, TableLookup):
            return ColumnRange(nw.lit(operand * units), nw.lit(operand * units))
        key = nw.col(column(operand.key.path))
        table = getattr(self.law, operand.parameter.name).standing[0].value
        unknown = self.scheduled(operand.parameter, lambda entry: entry.value.values(), units)
        ends = [nw.when(key.is_null()).then(end) for end in (unknown.lower, unknown.upper)]
        for category in table.categories():
            chosen = self.scheduled(
                operand.parameter,
                lambda entry, category=category: [entry.value[category]],
                units,
            )
            ends = [
                nw.when(key == category.value).then(here).otherwise(end)
                for here, end in zip((chosen.lower, chosen.upper), ends, strict=True)
            ]
        return ColumnRange(*ends)

    # statements

    def statement(self, node: Expression) -> nw.Expr:
        """A boolean column: true, false, or null for unknown."""
        if isinstance(node, And):
            return self.statement(node.left) & self.statement(node.right)
        if isinstance(node, Or):
            return self.statement(node.left) | self.statement(node.right)
        if isinstance(node, Not):
            return ~self.statement(node.inner)
        if isinstance(node, Fact):
            flag = nw.col(column(node.path))
            # An optional flag is down unless stated.
            return flag.fill_null(False) if node.declared.optional else flag
        if isinstance(node, IsOneOf):
            return self.among(node)
        if isinstance(node, Stated):
            return ~nw.col(column(node.fact.path)).is_null()
        if isinstance(node, Derived):
            return nw.col(node.name)
        if isinstance(node, Reading):
            chosen = getattr(self.law.readings, node.name)
            return nw.lit(chosen in node.members if node.members else chosen)
        if isinstance(node, Parameter):
            return self.flag(node)
        if isinstance(node, InGroup):
            return self.membership(node)
        if isinstance(node, ShareComparison):
            return self.share_comparison(node)
        assert isinstance(node, Comparison)
        return self.comparison(node)

    def flag(self, node: Parameter) -> nw.Expr:
        entries = getattr(self.law, node.name).standing
        day = nw.col(day_column(node.day))
        values = {entry.value for entry in entries}
        picked: Any = nw.when(day.is_null()).then(
            nw.lit(values.pop()) if len(values) == 1 else UNKNOWN
        )
        for entry in entries:
            inside = day >= nw.lit(entry.start)
            if entry.end is not None:
                inside = inside & (day < nw.lit(entry.end))
            picked = nw.when(inside).then(nw.lit(entry.value)).otherwise(picked)
        return picked

    def membership(self, node: InGroup) -> nw.Expr:
        country = nw.col(column(node.country.path))
        rows = getattr(self.law, node.group).rows

        def among(codes: list[str]) -> Any:
            # A null may not become "not in the list", nor be turned over by "~".
            return nw.when(~country.is_null()).then(country.is_in(codes))

        inside = among([code for code, member in rows if member])
        undecided = among([code for code, member in rows if member is None])
        return inside.otherwise(UNKNOWN) | (undecided.otherwise(UNKNOWN) & UNKNOWN)

    def among(self, node: IsOneOf) -> nw.Expr:
        choice = nw.col(column(node.choice.path))
        absent = nw.lit(False) if node.choice.declared.optional else UNKNOWN
        members = [member.value for member in node.members]
        return nw.when(~choice.is_null()).then(choice.is_in(members)).otherwise(absent)

    def comparison(self, node: Comparison) -> nw.Expr:
        units = scale(node.left)
        ends = self.limit(node.right, units)
        value = nw.col(column(node.left.path))
        compare = {
            "<": lambda limit: value < limit,
            "<=": lambda limit: value <= limit,
            ">": lambda limit: value > limit,
            ">=": lambda limit: value >= limit,
        }[node.symbol]
        return agreed(compare(ends.lower), compare(ends.upper))

    def share_comparison(self, node: ShareComparison) -> nw.Expr:
        lower_of, lower_in, upper_of, upper_in = map(nw.col, share_columns(node.left.name))
        percent = self.limit(node.right, 1)

        def reaches(limit: nw.Expr) -> nw.Expr:
            surely = lower_of * 100 >= limit * lower_in
            perhaps = upper_of * 100 >= limit * upper_in
            return surely | (perhaps & UNKNOWN)

        return agreed(reaches(percent.lower), reaches(percent.upper))

    # rules

    def columns(self, rule: Rule) -> dict[str, nw.Expr]:
        """Whether the rule is in force, its verdict assuming it is, and its verdict."""
        applies, inside = self.inside(rule)
        names = columns_of(rule)
        return dict(zip(names, (applies, inside, ~applies | inside), strict=True))

    def inside(self, rule: Rule) -> tuple[nw.Expr, nw.Expr]:
        """Whether the rule is in force, and its verdict if it is, by the columns of its parts."""
        in_force = nw.lit(True) if rule.in_force is None else self.statement(rule.in_force)
        if rule.body is not None:
            return in_force, self.statement(rule.body)
        parts = [tuple(map(nw.col, columns_of(part)[:2])) for part in rule.parts]
        live = reduce(or_, [applies for applies, _ in parts])
        if rule.mode is Mode.ALL:
            verdict = reduce(and_, [~applies | inner for applies, inner in parts])
        elif rule.mode is Mode.ANY:
            verdict = reduce(or_, [applies & inner for applies, inner in parts])
        else:
            verdict = ~(~parts[0][0] | parts[0][1])
        return in_force & live, verdict


def columns_of(rule: Rule) -> tuple[str, str, str]:
    """The names of what `columns` makes of a rule."""
    return f"{rule.code}: in force", f"{rule.code}: inside", f"{rule.code}: verdict"


def agreed(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    """What holds at both ends of a limit, null where the ends differ."""
    return (one & other) | ((one | other) & UNKNOWN)


# -- the comparison ------------------------------------------------------------------------


def every_rule(top: Rule = credit_allowed) -> list[Rule]:
    return list(top.walk())


def height(rule: Rule) -> int:
    """How many floors of parts are below a rule."""
    return 1 + max(map(height, rule.parts)) if rule.parts else 0


def bound_rules(bound: BoundRule) -> Iterable[BoundRule]:
    yield bound
    for part in bound.parts:
        yield from bound_rules(part)


def verdicts_over_columns(
    rows: list[dict[str, Any]], law: Law, top: Rule = credit_allowed
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Row by row, for every rule: whether it is in force, and the verdict."""
    frame = nw.from_native(pl.DataFrame(rows, schema=schema(top)))
    reader = Compiler(law)
    floors: dict[int, list[Rule]] = {}
    for rule in every_rule(top):
        floors.setdefault(height(rule), []).append(rule)
    # The columns of the parts come before those of the whole, so that each is read once.
    for _, rules in sorted(floors.items()):
        made = {name: each for rule in rules for name, each in reader.columns(rule).items()}
        frame = frame.with_columns(**made)
    tables = [
        frame.select(**{rule.code: nw.col(columns_of(rule)[side]) for rule in every_rule(top)})
        for side in (0, 2)
    ]
    return tuple(table.to_native().to_dicts() for table in tables)


def check(claims: list[Claim], law: Law, top: Rule = credit_allowed) -> int:
    """Compare every rule on every claim; gives the number of claims compared."""
    rows = [row_of(claim, law, top) for claim in claims]
    kept = [(claim, row) for claim, row in zip(claims, rows, strict=True) if fits(row)]
    in_force, verdicts = verdicts_over_columns([row for _, row in kept], law, top)
    for (claim, row), applies, found in zip(kept, in_force, verdicts, strict=True):
        bound = bind(top, binding_of(claim, law, top))
        for each in bound_rules(bound):
            code = each.rule.code
            assert (applies[code], found[code]) == (each.applies, each.run(claim)), (code, row)
    return len(kept)


@st.composite
def partial_claims(draw: st.DrawFn, of: st.SearchStrategy[Claim] | None = None) -> Claim:
    """A claim with unknown facts; numbers are known exactly or not at all."""
    whole = draw(known_claims() if of is None else of)
    return hide(whole, draw(hidings(whole)))


def gathered(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """As many examples as the profile requires, so that one table holds them all."""
    examples: list[Any] = []

    @given(strategy)
    def gather(example: Any) -> None:
        examples.append(example)

    gather()
    return examples


@cache
def some_partial_claims() -> list[Claim]:
    """Claims with unknown facts, drawn once for all that is required of them."""
    return gathered(partial_claims())


def laws_told_apart_by_rules() -> list[Law]:
    """Some laws of which each says something else in the columns or on the days.

    Others differ only in what is computed from chains and components, which the columns hold.
    """
    current = current_law()
    groups = ("north_america", *schedule_names())
    different = {
        tuple(getattr(law, name) for name in groups): law
        for law in some_laws()
        if any(getattr(law, name) != getattr(current, name) for name in groups)
    }
    days = [law for law in some_laws() if law.readings.election_ends_with_2022]
    return [*different.values(), *days]


def test_columns_agree_with_objects() -> None:
    """Every rule of the section gives the same verdict over columns as on each object."""
    claims = some_partial_claims()
    assert check(claims, current_law()) > len(claims) // 2


def test_columns_agree_under_other_laws() -> None:
    """The same under reforms, other readings and earlier states of the law."""
    laws = laws_told_apart_by_rules()
    pairs = gathered(st.tuples(st.sampled_from(range(len(laws))), partial_claims()))
    for index, law in enumerate(laws):
        check([claim for chosen, claim in pairs if chosen == index], law)


def test_columns_agree_where_a_list_is_relied_on() -> None:
    """Like the above, for the rules for claims that rely on a published list."""
    claims = gathered(partial_claims(listed_claims()))
    assert check(claims, current_law(), listed_credit_allowed) > len(claims) // 2


def test_columns_agree_for_used_vehicles() -> None:
    """Like the above, for the rules of section 25E."""
    claims = gathered(partial_claims(known_used_claims()))
    assert check(claims, current_law(), used_credit_allowed) == len(claims)
    assert check([Claim()], current_law(), used_credit_allowed) == 1


def test_no_claim_at_all_is_unknown() -> None:
    """Where nothing is known, columns and objects leave the same rules open."""
    assert check([Claim()], current_law()) == 1


def test_the_reader_tells_all_three_verdicts_of_each_rule() -> None:
    """Nothing is compared only where both say unknown: each leaf is met, not met and unknown."""
    claims = single_cases()
    assert check(claims, current_law()) == len(claims)
    rows = [row_of(claim, current_law()) for claim in claims]
    _, verdicts = verdicts_over_columns(rows, current_law())
    for rule in every_rule():
        if rule.code != "placed_in_service_in_time":  # not in force under the current law
            # What did not happen unless stated is never unknown.
            sure = all(isinstance(fact, Fact) and fact.declared.optional for fact in rule.facts())
            found = {True, False} if sure else {True, False, None}
            assert {row[rule.code] for row in verdicts} == found, rule.code


def single_cases() -> list[Claim]:
    """Claims that between them lead every rule to each of its verdicts."""
    claims = [known_claim(date(2024, 6, 3)), known_claim(date(2025, 6, 2)), Claim()]
    for day in (date(2024, 6, 3), date(2025, 10, 2), date(2026, 6, 2)):
        whole = known_claim(day)
        for path, values in VALUES.items():
            claims += [with_facts(whole, {path: value}) for value in values]
        late = dict.fromkeys(("purchase.contract_date", "purchase.first_payment_date"), day)
        claims.append(with_facts(whole, late))
        waiting = {"purchase.placed_in_service": None, "purchase.not_in_service": True}
        new = {"taxpayer.prior_year": None, "taxpayer.no_prior_year": True}
        bare = {**dict.fromkeys(late), "purchase.no_contract": True}
        claims += [with_facts(whole, facts) for facts in (waiting, new, bare)]
        poor = {"vehicle.msrp": 10**6, "vehicle.vehicle_class": None}
        claims.append(with_facts(whole, poor))
        for side in ("minerals", "components"):
            name = f"vehicle.battery.{side}"
            flag = f"{name}_from_foreign_entity_of_concern"
            claims.append(with_facts(whole, {name: None, flag: True}))
            certified = {"minerals": "critical_mineral", "components": "battery_component"}[side]
            claims.append(with_facts(whole, {f"vehicle.battery.certified_{certified}_content": 1}))
        incomes = {
            f"taxpayer.{year}.modified_adjusted_gross_income": 10**6
            for year in ("current_year", "prior_year")
        }
        claims.append(with_facts(whole, incomes))
    claims += list(early_claims())
    early = known_claim(date(2023, 12, 31))
    exempt = {"purchase.sold_to_tax_exempt_user": True, "purchase.credit_disclosed_to_user": None}
    claims.append(with_facts(early, exempt))
    claims.append(with_facts(early, {"taxpayer": Taxpayer(kind="tax-exempt or governmental user")}))
    cancelled = {"purchase.sale_cancelled": True, "purchase.placed_in_service": None}
    claims.append(with_facts(early, cancelled))
    for name in ("returned_on", "resold_on"):
        for day in (date(2024, 1, 30), date(2024, 1, 31)):
            given_up = with_facts(early, {f"purchase.{name}": day})
            claims += [given_up, hide(given_up, ["purchase.placed_in_service"])]
    pending = {"purchase.seller_report_not_accepted": True}
    claims += [with_facts(each, pending) for each in (early, known_claim(date(2024, 6, 3)))]
    claims.append(hide(claims[-1], ["purchase.placed_in_service"]))
    return claims


def early_claims() -> Iterable[Claim]:
    """Claims under the rules of before 2023: small vehicles, and makers past the limit."""
    small = {"vehicle.wheels": 2, "vehicle.top_speed_mph": 45, "purchase.cost": 9_000}
    for day in (date(2013, 6, 3), date(2015, 6, 3)):
        whole = with_facts(known_claim(day), small)
        yield whole
        for path in (*small, "vehicle.battery.capacity_kwh", "vehicle.made_for_public_roads"):
            for value in (None, 1, 3, 4) if path == "vehicle.wheels" else (None, 0):
                flag = path.endswith("roads") and value is not None
                yield with_facts(whole, {path: bool(value) if flag else value})
    for maker in ("Tesla", "Ford", None):
        whole = with_facts(known_claim(date(2021, 6, 3)), {"vehicle.make": None})
        yield with_facts(whole, {"vehicle.manufacturer": maker})


# -- dry run -------------------------------------------------------------------------------


def nodes(node: Any) -> Iterable[Any]:
    yield node
    for operand in node.operands():
        yield from nodes(operand)


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.code)
def test_every_name_in_a_rule_exists(rule: Rule) -> None:
    """A dry run: each fact is declared on a claim, each parameter is a schedule or a group."""
    symbol = facts_of(Claim)
    for expression in rule.expressions():
        for node in nodes(expression):
            if isinstance(node, Fact):
                found = symbol
                for name in node.path.split("."):
                    found = getattr(found, name)
                assert found.declared == node.declared
                read(Claim(), node.path)
            elif isinstance(node, Parameter):
                assert node.name in schedule_names()
                assert is_day(node.day)
            elif isinstance(node, InGroup):
                assert getattr(current_law(), node.group).members
    assert rule.title
    assert rule.citation


def test_a_misspelt_name_is_refused() -> None:
    """A name that no class declares raises when the rule is written, not when it is used."""
    with pytest.raises(AttributeError, match="states no fact 'msrpp'"):
        facts_of(Claim).vehicle.msrpp  # noqa: B018  # the look-up is what is tested
    with pytest.raises(AttributeError, match="has no 'income_treshold'"):
        law_of(Law).income_treshold  # noqa: B018  # the look-up is what is tested


def test_codes_are_unique() -> None:
    """Each rule has a reason code of its own."""
    codes = [rule.code for rule in every_rule()]
    assert len(set(codes)) == len(codes)
