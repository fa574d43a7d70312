"""What each reason code says in plain words; the clauses are in ``data/sentences.toml``.

Source: 26 USC 30D, 25E and 45W.
"""

from __future__ import annotations

from functools import cache

__all__ = ["clauses"]


@cache
def clauses() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the clauses of each reason code, by audience.

    >>> clauses()["final_assembly"]["buyer"][1]
    'the car was assembled outside North America'
    """
    # Read when first requested: a bare assessment says nothing in plain words.
    from evcredit.data import load  # noqa: PLC0415

    return {
        code: {audience: tuple(said) for audience, said in by_audience.items()}
        for code, by_audience in load("sentences.toml").items()
    }
