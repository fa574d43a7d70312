"""What an assessment warns of, for claims that become rows or are assumed of every row."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping

from evcredit.algebra.path import read, with_facts
from evcredit.errors import ClaimWarning
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.provisions.section import Section
from evcredit.results.assessing import assess
from evcredit.tables.compiler.columns import FrameColumn

__all__ = ["warn_of_assumed", "warn_of_claims"]

#: The most sentences that one call issues; the rest are counted.
_MOST = 20


def warn_of_assumed(
    assumed: Claim, columns: Iterable[FrameColumn], law: Law, section: Section
) -> None:
    """Warn of what is wrong with a claim that is assumed of every row.

    Args:
        assumed: The claim.
        columns: The columns that override what it states.
        law: The law.
        section: The section of the law.
    """
    paths = [each.path for each in columns if each.path]
    overridden = [path for path in paths if read(assumed, path) is not None]
    claim = with_facts(assumed, dict.fromkeys(overridden)) if overridden else assumed
    for each in assess(claim, law=law, credit=section).warnings:
        warnings.warn(f"assume: {each}", ClaimWarning, stacklevel=3)


def warn_of_claims(found: Mapping[str, list[int]]) -> None:
    """Warn of what is wrong with claims that became rows, each sentence once.

    Args:
        found: For each sentence the places of the claims.
    """
    for each, places in list(found.items())[:_MOST]:
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        warnings.warn(f"claims[{places[0]}]{more}: {each}", ClaimWarning, stacklevel=3)
    if len(found) > _MOST:
        more = f"claims: {len(found) - _MOST} more warnings; assess shows those of one claim"
        warnings.warn(more, ClaimWarning, stacklevel=3)
