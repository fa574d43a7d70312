"""What is stated may be large: the work grows with its size, not with the number of ways through.

`make growth` measures seconds and memory in full sizes. Here the calls of functions are counted in
small ones: their number is the same on every machine.
"""

import sys

import pytest
from benchmarks import exponents
from benchmarks.growth import CASES, Case, measured, run


def calls(case: Case, size: int) -> int:
    """How many functions are called to assess, explain and ask what is missing."""
    claim, count = case.build(size), 0

    def counting(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        run(case, claim)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_growth(case):
    """Four times the size makes no more calls than the power of the row allows, and a half more."""
    run(case, case.build(case.small + 1))  # what is made once and kept
    few, many = calls(case, case.small), calls(case, 4 * case.small)
    assert many <= 1.5 * 4**case.power * few


def test_every_row_can_be_measured():
    """As the script does in a process of its own."""
    for case in CASES:
        found = measured(case, case.small)
        assert 0 <= found["build"] + found["run"] < case.seconds
        assert found["megabytes"] < case.megabytes
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("row", exponents.ROWS, ids=lambda row: row.name)
def test_every_call_can_be_measured(row):
    """As `make growth` does at a hundred times the size."""
    found = exponents.measured(row, (1, 2, 4))
    assert all(seconds > 0 for seconds in found.seconds)


def test_a_call_that_grows_too_fast_is_seen(monkeypatch, capsys):
    """What grows with the square of its size has an exponent of two, and the run fails."""
    assert exponents.Measured((0.01, 1.0, 100.0)).exponent == pytest.approx(2)
    rows = (exponents.Row("a call", lambda size: size, lambda size: None),)
    monkeypatch.setattr(exponents, "ROWS", rows)
    monkeypatch.setattr(sys, "argv", ["exponents"])
    took = {3: 0.01, 30: 0.1, 300: 10.0}
    monkeypatch.setattr(exponents, "seconds", lambda row, size: took[size])
    assert exponents.main() == 1
    assert "grow faster than they may: a call" in capsys.readouterr().out
    took[300] = 1.0
    assert exponents.main() == 0
