"""Summaries of results, on every engine."""

import narwhals.stable.v2 as nw
import pytest

from evcredit.tables import InvalidFrameError, summarise, summarise_reasons

KINDS = {
    "maker": "text",
    "sold": "int64",
    "verdict": "bool",
    "credit_lower_cents": "int64",
    "credit_upper_cents": "int64",
    "reason": "text",
}
ROWS = [
    ("A", 10, True, 7_500_00, 7_500_00, "credit_allowed"),
    ("A", 3, None, 0, 3_750_00, "sourcing"),
    ("A", 4, None, 0, 7_500_00, "sourcing"),
    (None, 2, False, 0, 0, "msrp_within_limit"),
    (None, 0, True, 3_750_00, 3_750_00, "credit_allowed"),
    ("B", 10**9, None, None, None, "invalid_row"),
    ("B", 10**9, True, 7_500_00, 7_500_00, "credit_allowed"),
]


def table(engine, rows=ROWS):
    return engine.table([dict(zip(KINDS, row, strict=True)) for row in rows], KINDS)


def is_lazy(frame):
    return isinstance(nw.from_native(frame), nw.LazyFrame)


def told(engine, frame):
    """The rows without their names, in some order that is always the same."""
    kinds = engine.kinds(frame)
    assert set(kinds.values()) <= {"int64", "text", "bool"}
    rows = engine.rows(frame, by="claims")
    return sorted((tuple(row.values()) for row in rows), key=repr)


def test_groups(engine):
    """A null is a group of its own, and each row counts as often as its weight says."""
    assert told(engine, summarise(table(engine), "maker", "sold")) == [
        ("A", 17, 10, 0, 7, 0, 75_000_00, 116_250_00),
        ("B", 2 * 10**9, 10**9, 0, 0, 10**9, 750_000 * 10**9, 750_000 * 10**9),
        (None, 2, 0, 2, 0, 0, 0, 0),
    ]


def test_one_group(engine):
    """Without a weight each row is one claim, and without groups all are one."""
    assert told(engine, summarise(table(engine))) == [(7, 3, 1, 2, 1, 18_750_00, 30_000_00)]
    assert told(engine, summarise(table(engine, []))) == [(0, 0, 0, 0, 0, 0, 0)]
    assert told(engine, summarise(table(engine, []), ["maker"])) == []


def test_reasons(engine):
    """One row for each verdict and reason."""
    assert told(engine, summarise_reasons(table(engine), weight="sold")) == [
        (False, "msrp_within_limit", 2, 0, 0),
        (None, "invalid_row", 10**9, 0, 0),
        (None, "sourcing", 7, 0, 41_250_00),
        (
            True,
            "credit_allowed",
            10**9 + 10,
            750_000 * (10**9 + 10),
            750_000 * (10**9 + 10),
        ),
    ]


@pytest.mark.parametrize(
    ("weight", "cents", "counts", "sums"),
    [
        (10**9, 9_000_000, 10**12, 9 * 10**18),
        (10**9 + 1, 1, None, None),
        (-1, 1, None, None),
        (None, 1, None, None),
        (1, 9_000_001, 1_000, None),
    ],
)
def test_what_might_not_fit_is_an_error_or_unknown(engine, weight, cents, counts, sums):
    """An error where the frame can be looked at, and nothing certain where it cannot."""
    row = ("A", weight, True, cents, cents, "credit_allowed")
    rows = [row] * (1_000 if counts else 1)
    frame = table(engine, rows)
    if is_lazy(frame):
        found = told(engine, summarise(frame, ["maker"], "sold"))
        none = 0 if counts is not None else None
        assert found == [("A", counts, counts, none, none, none, sums, sums)]
    elif sums is None:
        with pytest.raises(InvalidFrameError, match=r"rows\)"):
            summarise(frame, ["maker"], "sold")


def test_one_claim_too_many(engine):
    """Sums that might exceed 64 bits are not told, and counts are."""
    row = ("A", 10**9, True, 9_000_000, 9_000_000, "credit_allowed")
    one = ("A", 1, True, 9_000_000, 9_000_000, "credit_allowed")
    frame = table(engine, [row] * 1_000 + [one])
    if is_lazy(frame):
        found = told(engine, summarise(frame, weight="sold"))
        assert found == [(10**12 + 1, 10**12 + 1, 0, 0, 0, None, None)]
    else:
        with pytest.raises(InvalidFrameError, match=r"^sold: a group has more than 1000000000000 "):
            summarise(frame, weight="sold")
