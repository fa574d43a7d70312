"""A smaller choice by a solver of integer programs; needs the extra ``evcredit[solver]``.

`evcredit.advice.cover` is exact where sums can be listed. Beyond that it gives a choice that
covers the needs, and a bound. The solver works in floating point and takes a near miss for a hit,
so it only proposes: what it finds is added up again in integers, and is taken if it covers the
needs and is smaller. It is never believed that nothing smaller exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

from evcredit.advice.cover import Choice, Need, Part, covers
from evcredit.errors import MissingExtraError

__all__ = ["improved"]

#: A limit in steps and not in seconds: the same input gives the same output.
_MOST_NODES = 50_000
#: How often a proposal that misses a need is asked for again, with that much more needed.
_TRIES = 5


def improved(choice: Choice, parts: Sequence[Part], needs: Sequence[Need], *, by: str) -> Choice:
    """A choice that is smaller, if the solver finds one; otherwise the same.

    Args:
        choice: A choice that covers the needs.
        parts: The parts.
        needs: The needs.
        by: What is to be small: ``"count"`` or ``"value"``.

    Raises:
        MissingExtraError: The extra is not installed.
    """
    weights = [1 if by == "count" else part.value for part in parts]
    places = _proposed(parts, needs, weights)
    if places is None or _sum(weights, places) >= _sum(weights, choice.places):
        return choice
    value = sum(parts[place].value for place in places)
    exact = by == "value" and value == choice.at_least
    return choice._replace(places=places, exact=exact)


def _sum(weights: Sequence[int], places: Sequence[int]) -> int:
    return sum(weights[place] for place in places)


def _proposed(
    parts: Sequence[Part], needs: Sequence[Need], weights: Sequence[int]
) -> tuple[int, ...] | None:
    """Places that cover every need, found by the solver and added up in integers."""
    rows = [_in_integers(parts, need, index) for index, need in enumerate(needs)]
    more = [0] * len(rows)
    for _ in range(_TRIES):
        asked = [(gains, least + extra) for (gains, least), extra in zip(rows, more, strict=True)]
        places = _ask(asked, weights)
        if places is None or covers(parts, needs, places):
            return places
        for index, (gains, least) in enumerate(rows):
            more[index] += max(0, least - _sum(gains, places))
    return None


def _in_integers(parts: Sequence[Part], need: Need, index: int) -> tuple[list[int], int]:
    """Whole coefficients without a common factor, and what they must add up to at least."""
    gains = [part.gains[index] for part in parts]
    scale = lcm(*(gain.denominator for gain in gains))
    whole = [int(gain * scale) for gain in gains]
    common = gcd(*whole) or 1
    need = need._replace(amount=Fraction(Fraction(need.amount) * scale, common))
    return [gain // common for gain in whole], need.left(0)


def _ask(rows: Sequence[tuple[list[int], int]], weights: Sequence[int]) -> tuple[int, ...] | None:
    """What the solver proposes; `None` if it finds nothing."""
    try:
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError("solver=True", error.name, "solver") from error
    common = gcd(*weights) or 1
    found = milp(
        [weight // common for weight in weights],
        integrality=[1] * len(weights),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint([gains], lb=least) for gains, least in rows],
        options={"node_limit": _MOST_NODES, "mip_rel_gap": 0},
    ).x
    if found is None:
        return None
    return tuple(place for place, part in enumerate(found) if 2 * part > 1)
