"""How objects of facts are built when nothing is wrong with them, which is nearly always.

`attrs` builds an object of facts with a converter for each of them, and `check` then looks at
every one for a fault. Where each fact is sound that can be known while it is taken in. So a class
gets a constructor of one pass, written for its fields: what is unknown, and what is of the right
class already, stays as it is; anything else goes through its converter. At the first doubt
it hands all arguments over to the constructor of `attrs`, which finds every fault as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial, wraps
from typing import Any, TypeVar

import attrs

from evcredit.algebra.field import FactType, Fault, Kind, class_of, written_facts
from evcredit.algebra.limits import most_items

__all__ = ["quickly_built", "slowly"]

C = TypeVar("C", bound=type)

#: Where a class keeps the constructor of `attrs`.
_SLOW = "__attrs_own_init__"
#: What converters of facts of these kinds give back as it is, if it is of exactly this class.
_KEPT = {Kind.FLAG: bool, Kind.DAY: date, Kind.PARTS: tuple}


def quickly_built(cls: C) -> C:
    """Let objects of a class of facts be built in one pass where all facts are sound.

    The pass is written when the first object is built, so that importing the class costs nothing
    more. `__attrs_post_init__` of the class takes `sound`, and passes it on to `check`.

    Args:
        cls: A class of facts by `attrs.frozen(kw_only=True)`.

    >>> from evcredit.facts.taxpayer import TaxYear
    >>> TaxYear(modified_adjusted_gross_income="0.50").modified_adjusted_gross_income
    Decimal('0.50')
    """
    of: Any = cls
    slow = of.__init__

    @wraps(slow)
    def first(self: Any, *placed: Any, **facts: Any) -> None:
        of.__init__ = wraps(slow)(_one_pass(of, slow))
        self.__init__(*placed, **facts)

    setattr(of, _SLOW, slow)
    of.__init__ = first
    return cls


def slowly(cls: type, **facts: Any) -> Any:
    """Build an object as `attrs` does, every fact looked at; the two ways must agree.

    Args:
        cls: A class of facts.
        facts: Its arguments.

    >>> from evcredit.facts.taxpayer import TaxYear
    >>> slowly(TaxYear, modified_adjusted_gross_income=1) == TaxYear(
    ...     modified_adjusted_gross_income=1
    ... )
    True
    """
    from evcredit.algebra.calls import fault_of_call  # noqa: PLC0415  # rarely needed

    made: Any = object.__new__(cls)
    slow = getattr(cls, _SLOW)
    try:
        slow(made, **facts)
    except TypeError as error:
        raise fault_of_call(slow, (made,), facts) or error from None
    return made


def _one_pass(cls: Any, slow: Callable[..., None]) -> Callable[..., None]:
    """The constructor of one pass, written for the fields of a class."""
    declared = dict(written_facts(cls))
    names: dict[str, Any] = {
        "_Fault": Fault,
        "_put": object.__setattr__,
        "_slow": slow,
        "_refuse": partial(_refuse, slow),
        "_needed": attrs.NOTHING,
        "_cls": cls,
        "_Open": _open(cls),
        "_class_of": class_of,
    }
    fields = [each for each in attrs.fields(cls) if each.init]
    parameters = [_parameter(each, names) for each in fields]
    body = [line for each in fields for line in _taken_in(each, declared.get(each.name), names)]
    needed = [each.alias for each in fields if each.default is attrs.NOTHING]
    given = ", ".join(f"{name}={name}" for name in needed)
    wrong = " or ".join((*(f"{name} is _needed" for name in needed), "_placed", "_strange"))
    source = [
        f"def __init__(self, *_placed, {', '.join(parameters)}, **_strange):",
        f"    if {wrong}:",
        f"        _refuse(self, _placed, _strange, {given})",
        "    _put(self, '__class__', _Open)",
        "    _doubt = False",
        *(f"    {line}" for line in body),
        "    self.__class__ = _cls",
        "    if _doubt:",
        f"        _slow(self, {', '.join(f'{each.alias}={each.alias}' for each in fields)})",
        "    else:",
        "        self.__attrs_post_init__(sound=True)",
    ]
    exec("\n".join(source), names)  # noqa: S102  # written here, of the names of fields alone
    made: Callable[..., None] = names["__init__"]
    return made


def _refuse(
    slow: Callable[..., None],
    made: Any,
    placed: tuple[Any, ...],
    strange: dict[str, Any],
    **needed: Any,
) -> None:
    """Raise what is wrong with the names of the arguments."""
    from evcredit.algebra.calls import fault_of_call  # noqa: PLC0415  # rarely needed

    stated = {name: value for name, value in needed.items() if value is not attrs.NOTHING}
    raise fault_of_call(slow, (made, *placed), stated | strange) or TypeError(slow)


def _open(cls: Any) -> type:
    """A class of the same layout whose attributes can be set, for an object while it is built.

    Setting an attribute of a frozen class takes a call for each; here it is one operation.
    """
    settable = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(cls.__name__, (cls,), {"__slots__": (), **settable})


def _parameter(field: Any, names: dict[str, Any]) -> str:
    """A parameter with its default, to which `names` leads; what a factory makes is made later."""
    if field.default is attrs.NOTHING:
        return f"{field.alias}=_needed"
    by_factory = isinstance(field.default, attrs.Factory)  # type: ignore[arg-type]  # it is a class
    names[f"_default_{field.alias}"] = attrs.NOTHING if by_factory else field.default
    return f"{field.alias}=_default_{field.alias}"


def _taken_in(field: Any, declared: FactType | None, names: dict[str, Any]) -> Iterator[str]:
    """The lines that take in one fact and set it; what they refer to goes into `names`."""
    alias, of = field.alias, None if declared is None else declared.of
    if names.get(f"_default_{alias}") is attrs.NOTHING:
        names[f"_make_{alias}"] = field.default.factory
        made = f"_make_{alias}({'self' if field.default.takes_self else ''})"
        yield f"if {alias} is _default_{alias}: {alias} = {made}"
    yield f"_v = {alias}"
    if field.converter is not None:
        names[f"_as_{alias}"] = field.converter
        yield f"if {_to_convert(field, declared, names)}:"
        yield f"    _v = _as_{alias}(_v)"
        yield "    if _v.__class__ is _Fault: _doubt = True"
    if declared is not None and declared.kind in (Kind.PART, Kind.PARTS):
        names[f"_of_{alias}"] = of
        # The class of a part that most claims leave out is not imported before one is stated.
        part = f"_of_{alias}" if isinstance(of, type) else f"_class_of(_of_{alias})"
        if declared.kind is Kind.PART:
            stated = "_v is not None and " if declared.optional else ""
            yield f"if {stated}_v.__class__ is not {part}: _doubt = True"
        else:
            yield "if _v.__class__ is tuple and _v:"
            yield f"    _kind = {part}"
            yield "    for _each in _v:"
            yield "        if _each.__class__ is not _kind: _doubt = True"
            yield f"    if len(_v) > {most_items(field.name)}: _doubt = True"
    yield f"self.{field.name} = _v"


def _to_convert(field: Any, declared: FactType | None, names: dict[str, Any]) -> str:
    """When a value has to go through its converter: always, but for what that gives back."""
    conditions = []
    if field.converter(None) is None:
        conditions.append("_v is not None")
    kept = None if declared is None else _KEPT.get(declared.kind)
    if declared is not None and declared.kind in (Kind.CHOICE, Kind.PART):
        kept = declared.of if isinstance(declared.of, type) else None
    if kept is not None:
        names[f"_kept_{field.alias}"] = kept
        conditions.append(f"_v.__class__ is not _kept_{field.alias}")
    return " and ".join(conditions) or "True"
