"""Types of attributes that are imported when someone requires them, and not before.

A class names types of parts that few programs need, so their modules are imported for type
checkers alone. `typing.get_type_hints` needs them as well: it gets them here.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

__all__ = ["import_for_hints"]


class _Hints(dict[str, Any]):
    """The annotations of a class, whose names are imported where they are gone through."""

    def __init__(self, annotations: dict[str, Any], module: str, names: dict[str, str]) -> None:
        super().__init__(annotations)
        self._module, self._names = module, names

    def items(self) -> Any:
        """The annotations, after their names can be resolved."""
        known = vars(sys.modules[self._module])
        room = self._module.rpartition(".")[0]
        for module, names in self._names.items():
            for name in names.split():
                known.setdefault(name, getattr(import_module(f"{room}.{module}"), name))
        return super().items()


def import_for_hints(cls: type, **names: str) -> None:
    """Let `typing.get_type_hints` find names that the module of a class does not import.

    Args:
        cls: The class.
        names: For each module of the same room its names, between spaces.

    >>> from evcredit.facts.vehicle import Vehicle
    >>> import typing
    >>> str(typing.get_type_hints(Vehicle)["sticker"])
    'evcredit.facts.price.StickerPrice | None'
    """
    cls.__annotations__ = _Hints(cls.__annotations__, cls.__module__, names)
