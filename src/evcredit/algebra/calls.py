"""What a public function answers when it is called wrongly: an error of ours.

A public function works as it is written. Only where it fails are its arguments compared with its
signature: a value of the wrong type, a name that it has not, or an argument that is missing is
then reported as any other fault is. So a call that works pays nothing for it.
"""

from __future__ import annotations

import builtins
import inspect
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from evcredit.errors import InvalidCallError, InvalidFactError, nearest, place_of, raise_faults

__all__ = ["check_types", "fault_of_call"]

_WORDS: Mapping[object, str] = {
    str: "text",
    bytes: "bytes",
    int: "an int",
    bool: "True or False",
    type: "a class",
    Callable: "a function",
    Mapping: "a mapping",
    dict: "a dict",
    NoneType: "None",
}
_SEVERAL = (Iterable, Collection, Sequence)


def fault_of_call(
    function: Callable[..., Any], args: tuple[Any, ...], named: Mapping[str, Any]
) -> InvalidFactError | None:
    """Return what is wrong with the arguments of a call; `None` where nothing is.

    Args:
        function: The function that was called.
        args: The arguments by place.
        named: The arguments by name.

    >>> def double(number: int) -> int:
    ...     return 2 * number
    >>> print(fault_of_call(double, ("x",), {}))
    number: found 'x'; give an int
    >>> print(fault_of_call(double, (), {"nubmer": 1}))
    nubmer: found 1; double has no such argument; did you mean number?
    """
    called, _, special = function.__qualname__.rpartition(".<locals>.")[2].partition(".")
    found = _fault(function, called, args, named)
    # Of an object in the making the path begins with what it is, as for any other fault of it.
    return found.below(place_of(called)) if found is not None and special else found


def _fault(
    function: Callable[..., Any], called: str, args: tuple[Any, ...], named: Mapping[str, Any]
) -> InvalidFactError | None:
    signature = inspect.signature(function)
    try:
        bound = signature.bind(*args, **named)
    except TypeError:
        return _misnamed(called, signature, args, named)
    names = _Names(inspect.unwrap(function).__globals__)
    for name, value in bound.arguments.items():
        parameter = signature.parameters[name]
        kind = names.value_of(parameter.annotation)
        several = value if parameter.kind is parameter.VAR_POSITIONAL else (value,)
        for each in several:
            if not _fits(each, kind):
                return InvalidFactError(name, each, f"give {_in_words(kind)}")
    return None


def check_types(subject: Any) -> None:
    """Raise every field of a record that is of another type than its annotation says.

    For records without converters, of which few are made: those that hold the package's data.

    Args:
        subject: The freshly built object of an attrs class.

    Raises:
        InvalidFactError: One field is.
        InvalidFactsError: Several are.

    >>> from evcredit.facts import QualifyingForm
    >>> QualifyingForm(
    ...     identifier="x", description=5, statute_current="", mark="V", mark_current="V", source=""
    ... )
    Traceback (most recent call last):
    evcredit.errors.InvalidFactError: qualifying_form.description: found 5; give text
    """
    cls = subject.__class__
    raise_faults(
        InvalidFactError(f"{place_of(cls.__name__)}.{name}", value, f"give {_in_words(kind)}")
        for name, kind in _kinds(cls)
        if not _fits(value := getattr(subject, name), kind)
    )


@cache
def _kinds(cls: Any) -> tuple[tuple[str, Any], ...]:
    names = _Names(vars(sys.modules[cls.__module__]))
    return tuple((each.name, names.value_of(each.type)) for each in attrs.fields(cls))


def _misnamed(
    called: str, signature: inspect.Signature, args: tuple[Any, ...], named: Mapping[str, Any]
) -> InvalidFactError:
    known = [
        name
        for name, each in signature.parameters.items()
        if each.kind is not each.POSITIONAL_ONLY and name != "self"
    ]
    for name, value in named.items():
        if name not in known:
            near = nearest(name, known, most=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}"
            return InvalidCallError(name, value, f"{called} has no such argument; {hint}")
    for place, (name, each) in enumerate(signature.parameters.items()):
        stated = place < len(args) or name in named
        if each.default is each.empty and not stated and each.kind is not each.VAR_POSITIONAL:
            return InvalidCallError(name, None, f"{called} needs this argument")
    # By place there are too many, or one of them is given by name as well.
    found = args[1:] if "self" in signature.parameters else args
    return InvalidCallError("arguments", found, f"give {called} by name: {', '.join(known)}")


class _ByName(type):
    """A class that is known by its name alone, since few programs import it."""

    def __instancecheck__(cls, value: object) -> bool:
        return any(base.__name__ == cls.__name__ for base in type(value).__mro__)

    def __getitem__(cls, of: object) -> type:
        return cls


class _Names(dict[str, Any]):
    """The names that the annotations of a module may use."""

    def __init__(self, module: Mapping[str, Any]) -> None:
        super().__init__()
        self._module = module

    def __missing__(self, name: str) -> Any:
        if name in self._module or name.startswith("__"):
            return self._module[name]
        return getattr(builtins, name, None) or _ByName(name, (), {})

    def value_of(self, annotation: Any) -> Any:
        """The type that an annotation means; one in quotes is read as often as it is quoted."""
        while isinstance(annotation, str):
            # What is read here was written in this package.
            annotation = eval(annotation, {}, self)  # noqa: S307
        return annotation


def _fits(value: object, kind: Any) -> bool:
    """Whether a value is of a type, as far as that shows without looking into it."""
    if kind in (Any, inspect.Parameter.empty):
        return True
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in args)
    if origin is Literal:
        return any(value == each for each in args)
    base = origin or kind
    if base in _SEVERAL and isinstance(value, str | bytes):
        return False
    try:
        return isinstance(value, base)
    except TypeError:  # a protocol, or a variable for a type
        return True


def _in_words(kind: Any) -> str:
    """A type, as the remedy of an error names it."""
    if get_origin(kind) in (Union, UnionType):
        *others, last = dict.fromkeys(map(_in_words, get_args(kind)))
        return f"{', '.join(others)} or {last}" if others else last
    if get_origin(kind) is Literal:
        return " or ".join(map(repr, get_args(kind)))
    base = get_origin(kind) or kind
    if base in _WORDS:
        return _WORDS[base]
    if base in _SEVERAL:
        return f"a list of {_plural(get_args(kind))}"
    name = base.__name__
    article = "an" if name[0] in "AEIOU" else "a"
    if isinstance(base, type) and issubclass(base, Enum):
        return f"{article} {name}, such as {name}.{next(iter(base)).name}"
    return f"{article} {name}"


def _plural(args: tuple[Any, ...]) -> str:
    known = [each for each in args if isinstance(each, type) and each is not object]
    return f"{known[0].__name__} objects" if known and known[0] not in _WORDS else "them"
