"""Pickle what is written once in a module by naming where it is written."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

__all__ = ["by_reference"]


def by_reference(subject: Any) -> tuple[Any, ...]:
    """How to pickle or copy what is written once in a module: by saying where.

    Raises:
        TypeError: It is not written at the top level of a module.
    """
    for name, module in sorted(sys.modules.items()):
        for attribute, value in tuple(getattr(module, "__dict__", {}).items()):
            if value is subject:
                return _from_module, (name, attribute)
    raise TypeError(f"{subject!r} is at the top level of no module, so it cannot be pickled")


def _from_module(module: str, attribute: str) -> Any:
    return getattr(import_module(module), attribute)
