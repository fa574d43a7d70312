"""Hand on the public names of a room from the modules that define them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

from evcredit.errors import EvcreditError, MissingExtraError

__all__ = ["export"]


def export(room: str, homes: Mapping[str, str], *, modules: str = "", extra: str = "") -> None:
    """Give a package the public names of its modules, each loaded when it is first used.

    A program that needs one name then does not wait for all. The package repeats the names in
    imports under ``if TYPE_CHECKING``, where editors and type checkers read them; a test holds
    both together.

    Functions and classes are handed on so that wrong arguments are errors of ours
    (`fault_of_call`). Modules of the package import a function from the module that defines it,
    and pay nothing for that.

    Args:
        room: The name of the package: its ``__name__``.
        homes: The modules of the package, each with the public names it defines, separated by
            spaces.
        modules: The modules and packages in it that are public as such, separated by spaces.
        extra: The extra that brings what its modules import from outside, if one does.

    >>> import evcredit.algebra
    >>> evcredit.algebra.Bounds(lower=1, upper=2)
    Bounds(lower=1, upper=2)
    """
    namespace = vars(sys.modules[room])
    home_of = {name: home for home, names in homes.items() for name in names.split()}
    public = sorted({*home_of, *modules.split()})

    def get(name: str) -> object:
        if name in home_of:
            value = getattr(_imported(f"{room}.{home_of[name]}", extra), name)
            if isinstance(value, FunctionType) or hasattr(value, "__wrapped__"):
                value = _answering(value, room)
            elif "__attrs_attrs__" in getattr(value, "__dict__", {}):
                _answer_when_made(value)
        elif name in public:
            value = import_module(f"{room}.{name}")
        else:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        namespace[name] = value
        return value

    namespace.update(__getattr__=get, __dir__=lambda: public, __all__=public)


def _imported(module: str, extra: str) -> ModuleType:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        if not extra or package == "evcredit":
            raise
        raise MissingExtraError(module, package, extra) from error


#: The functions that are handed on, by the functions as their modules define them.
_handed_on: dict[Callable[..., Any], Callable[..., Any]] = {}


def _answering(function: Callable[..., Any], room: str) -> Callable[..., Any]:
    """A function that answers a wrong call with an error of ours; one for all rooms."""
    if function not in _handed_on:

        @wraps(function)
        def answering(*args: Any, **named: Any) -> Any:
            try:
                return function(*args, **named)
            except EvcreditError:
                raise
            except Exception:
                _raise_if_called_wrongly(function, args, named)
                raise

        answering.__module__ = room  # where pickles find it
        _handed_on[function] = answering
    return _handed_on[function]


def _answer_when_made(cls: type[Any]) -> None:
    """Let a class answer a wrong name with an error of ours; `quickly_built` ones do anyhow."""
    made = cls.__init__
    if made in _handed_on or hasattr(cls, "__attrs_own_init__"):
        return

    @wraps(made)
    def answering(self: Any, *args: Any, **named: Any) -> None:
        try:
            made(self, *args, **named)
        except TypeError:
            _raise_if_called_wrongly(made, (self, *args), named)
            raise

    cls.__init__ = answering
    _handed_on[answering] = answering


def _raise_if_called_wrongly(
    function: Callable[..., Any], args: tuple[Any, ...], named: Mapping[str, Any]
) -> None:
    """Raise what is wrong with the arguments of a call that failed, if anything is."""
    from evcredit.algebra.calls import fault_of_call  # noqa: PLC0415  # rarely needed

    fault = fault_of_call(function, args, named)
    if fault is not None:
        raise fault from None
