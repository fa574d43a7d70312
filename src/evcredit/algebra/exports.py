"""Hand on the public names of a room from the modules that define them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module

__all__ = ["export"]


def export(room: str, homes: Mapping[str, str], *, modules: str = "") -> None:
    """Give a package the public names of its modules, each loaded when it is first used.

    A program that needs one name then does not wait for all. The package repeats the names in
    imports under ``if TYPE_CHECKING``, where editors and type checkers read them; a test holds
    both together.

    Args:
        room: The name of the package: its ``__name__``.
        homes: The modules of the package, each with the public names it defines, separated by
            spaces.
        modules: The modules and packages in it that are public as such, separated by spaces.

    >>> import evcredit.algebra
    >>> evcredit.algebra.Bounds(lower=1, upper=2)
    Bounds(lower=1, upper=2)
    """
    namespace = vars(sys.modules[room])
    home_of = {name: home for home, names in homes.items() for name in names.split()}
    public = sorted({*home_of, *modules.split()})

    def get(name: str) -> object:
        if name in home_of:
            value = getattr(import_module(f"{room}.{home_of[name]}"), name)
        elif name in public:
            value = import_module(f"{room}.{name}")
        else:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        namespace[name] = value
        return value

    namespace.update(__getattr__=get, __dir__=lambda: public, __all__=public)
