"""Reason codes of earlier versions, and what they are called now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from evcredit.data import load

__all__ = ["renamed_codes"]


@cache
def renamed_codes() -> Mapping[str, str]:
    """Return the reason codes that were renamed, old to new.

    An answer that an earlier version stored names its rules by the old codes. No code is ever
    used again for another rule.

    >>> renamed_codes()["suggested_retail_price"]
    'msrp_within_limit'
    """
    return MappingProxyType(load("renamed_codes.toml")["codes"])
