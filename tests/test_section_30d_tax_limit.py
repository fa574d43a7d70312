"""26 USC 30D(c): what becomes of the credit on a return."""

from datetime import date
from decimal import Decimal, localcontext

import pytest

from evcredit import Bounds, InvalidFactError, OutsideCoverage, assess, current_law, examples
from evcredit.facts.tax_return import TaxReturn
from evcredit.law.readings import Apportionment
from evcredit.provisions.tax_limit import allocate_credit, business_part, remaining_tax

LAW = current_law()
ENDLESS = Decimal("Infinity")


def tax_return(percent, tax, other=0, used=None):
    return TaxReturn(
        business_use_percent=percent,
        tax_before_credits=tax,
        other_personal_credits=other,
        previously_owned_vehicle_credit=used,
    )


def parts(result):
    """Business part, personal credit allowed, and what is lost."""
    return tuple(
        str(each) for each in (result.business_part, result.personal_credit, result.forfeited)
    )


# Each row as Form 8936 and its Schedule A amount to it.
@pytest.mark.parametrize(
    ("credit", "returned", "expected"),
    [
        (7500, tax_return(40, 3000), ("3,000", "3,000", "1,500")),
        (7500, tax_return(40, 3800), ("3,000", "3,800", "700")),
        (7500, tax_return(0, 10000, 0, 4000), ("0", "6,000", "1,500")),
        (7500, tax_return(0, 9000), ("0", "7,500", "0")),
        (7500, tax_return(0, 7500), ("0", "7,500", "0")),
        (7500, tax_return(0, "7499.99"), ("0", "7,499.99", "0.01")),
        (7500, tax_return(0, 0), ("0", "0", "7,500")),
        (7500, tax_return(0, 3000, 2999), ("0", "1", "7,499")),
        (7500, tax_return(0, 3000, 3001), ("0", "0", "7,500")),
        (7500, tax_return(100, 0), ("7,500", "0", "0")),
        (3750, tax_return("33.333", 0), ("1,249.99", "0", "2,500.01")),
        ("4751.80", tax_return(50, 9000), ("2,375.90", "2,375.90", "0")),
        (0, tax_return(50, 0), ("0", "0", "0")),
    ],
)
def test_worked_cases(credit, returned, expected):
    """Business part, personal credit and lost part, in whole cents that add up."""
    result = allocate_credit(Decimal(credit), returned)
    assert parts(result) == expected
    assert result.missing == ()
    assert sum(Decimal(each.replace(",", "")) for each in expected) == Decimal(credit)


def test_basis_falls_by_the_whole_credit():
    """Business part and lost part count too: the statute sets (c) aside here."""
    result = allocate_credit(7500, tax_return(40, 3000))
    assert str(result.basis_reduction) == "7,500"
    assert str(result.other_benefits_reduction) == "7,500"


def test_lines_say_where_they_stand():
    """In the order of the form, each with its citation."""
    result = allocate_credit(7500, tax_return(40, 3000))
    assert [str(line) for line in result.lines] == [
        "credit: $7,500 [26 USC 30D(a)]",
        "business part, a general business credit: $3,000 [26 USC 30D(c)(1)]",
        "personal part: $4,500 [26 USC 30D(c)(2)]",
        "tax left for it: $3,000 [26 USC 26(a)]",
        "personal credit allowed: $3,000 [26 USC 26(a)]",
        "forfeited, not carried to another year: $1,500 [26 USC 26(a)]",
        "reduction of basis: $7,500 [26 USC 30D(f)(1)]",
        "reduction of other deductions and credits for the vehicle: $7,500 [26 USC 30D(f)(2)]",
    ]
    assert result.explain() == "".join(f"{line}\n" for line in result.lines)


# -- unknown -------------------------------------------------------------------------------


def test_nothing_known_of_the_return():
    """Each part is anything the credit allows, and what is missing is named."""
    result = allocate_credit(7500, TaxReturn())
    assert result.business_part == result.personal_credit == result.forfeited == Bounds(0, 7500)
    assert result.remaining_tax == Bounds(Decimal(0), ENDLESS)
    assert result.missing == (
        "business_use_percent",
        "tax_before_credits",
        "other_personal_credits",
    )
    assert result.explain().endswith(
        "not known exactly: business use of the vehicle, tax before credits, other personal "
        "credits\n"
    )


@pytest.mark.parametrize(
    ("credit", "returned", "missing"),
    [
        (0, TaxReturn(), ()),
        (7500, tax_return(100, None, None), ()),
        (7500, tax_return(0, 0, None), ()),
        (7500, tax_return(0, None, None), ("tax_before_credits", "other_personal_credits")),
        (7500, tax_return(0, Bounds(8000, 9000), 0), ()),
        (7500, tax_return(0, Bounds(7000, 9000), 0), ("tax_before_credits",)),
        (7500, tax_return(0, Bounds(7500, 9000), 0), ()),
        (7500, tax_return(0, Bounds(0, 400), 400), ()),
        (7500, tax_return(0, Bounds(0, 401), 400), ("tax_before_credits",)),
        (7500, tax_return(0, 8000, Bounds(0, 500)), ()),
        (7500, tax_return(0, 8000, Bounds(0, 501)), ("other_personal_credits",)),
        (7500, tax_return(0, 8000, Bounds(8000, 9000)), ()),
        (7500, tax_return(0, 8000, 0, Bounds(0, 501)), ("previously_owned_vehicle_credit",)),
        (Bounds(0, 7500), tax_return(None, 0), ("business_use_percent",)),
        (Bounds(0, 7500), tax_return(50, 9000), ()),
    ],
)
def test_only_what_bears_on_the_parts_is_missing(credit, returned, missing):
    """A fact whose every value leads to the same parts is not requested."""
    assert allocate_credit(credit, returned).missing == missing


def test_bounds_of_the_credit():
    """What an assessment leaves unresolved goes through."""
    result = allocate_credit(Bounds(Decimal(3750), Decimal(7500)), tax_return(40, 3000))
    assert parts(result) == ("1,500 to 3,000", "2,250 to 3,000", "0 to 1,500")


def test_the_credit_of_an_assessment():
    """The amount that `assess` gives is taken in as it is."""
    credit = assess(examples.demonstration_claim()).credit
    assert parts(allocate_credit(credit, tax_return(0, 5000))) == ("0", "5,000", "2,500")


@pytest.mark.parametrize(
    "credit", [-1, 7500.0, True, "7,500", None, ENDLESS, Bounds(Decimal(0), ENDLESS)], ids=str
)
def test_what_is_no_credit(credit):
    """Exact, finite and not negative."""
    for use in (
        lambda: allocate_credit(credit, TaxReturn()),
        lambda: business_part(credit, 0),
    ):
        with pytest.raises(InvalidFactError, match=r"^credit: found"):
            use()


def test_the_context_of_the_caller_does_not_round():
    """Three digits of precision change nothing."""
    with localcontext() as context:
        context.prec = 3
        result = allocate_credit(
            Decimal("4751.80"), tax_return("12.345", "3000.01", "0.02", "0.03")
        )
        assert parts(result) == ("586.61", "2,999.96", "1,165.23")


# -- parts on their own -------------------------------------------------------------------


def test_several_vehicles_share_the_tax_left():
    """The personal parts are added up before the limit, as on the form."""
    vehicles = [Decimal(7500), Decimal(3750)]
    personal = sum(credit - business_part(credit, 50).lower for credit in vehicles)
    assert personal == Decimal(5625)
    assert min(personal, remaining_tax(tax_return(None, 5000, 500)).lower) == 4500


def test_business_part_of_an_unknown_use():
    """Anything up to the whole."""
    assert business_part(7500, None) == Bounds(0, 7500)
    assert business_part(7500, Bounds(20, 40)) == Bounds(1500, 3000)
    with pytest.raises(InvalidFactError, match="give a percentage"):
        business_part(7500, 101)


# -- the other reading ---------------------------------------------------------------------

WHOLE = LAW.with_readings(apportionment=Apportionment.WHOLE_FROM_HALF)
DAY = date(2024, 6, 3)


@pytest.mark.parametrize(
    ("percent", "part"),
    [
        (0, "0"),
        ("49.99", "3,749.25"),
        (50, "7,500"),
        (100, "7,500"),
        (None, "0 to 7,500"),
        (Bounds(40, 60), "3,000 to 7,500"),
        (Bounds(50, 60), "7,500"),
    ],
)
@pytest.mark.parametrize("day", [DAY, None], ids=str)
def test_whole_credit_from_half_business_use(percent, part, day):
    """26 CFR 1.30D-1(b)(2) as recalled: from 50 percent on nothing is personal."""
    result = allocate_credit(7500, tax_return(percent, 0), placed_in_service=day, law=WHOLE)
    assert str(result.business_part) == part
    assert str(business_part(7500, percent, placed_in_service=day, law=WHOLE)) == part
    assert ("business_use_percent" in result.missing) is (" to " in part)


def test_the_reading_before_the_rule_was_known():
    """As the law was known before the regulation there is no such threshold."""
    for day in (DAY, None):
        known = WHOLE.known_on(date(2024, 5, 5))
        assert str(business_part(7500, 60, placed_in_service=day, law=known)) == "4,500"
    with pytest.raises(OutsideCoverage):
        business_part(7500, 60, placed_in_service=date(2009, 12, 31), law=WHOLE)
