"""Domain objects from JSON: every fact under its own name, every fault told with its path.

The form follows the domain classes: a claim is an object with ``vehicle``, ``purchase`` and
``taxpayer``, and so on down. A fact that is left out, or null, is unknown. Numbers may be JSON
numbers or text and are taken exactly as they are written; bounds are an object with ``lower``
and ``upper``; days are text like ``2024-06-03``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import attrs
import cattrs

from evcredit.bounds import Bounds
from evcredit.errors import InvalidFactError, InvalidFactsError, nearest, raise_faults
from evcredit.fact import FactType, Fault, Kind, declared_facts
from evcredit.receipt import facts_to_dict

__all__ = ["from_data", "from_json", "to_json"]


def from_json(text: str | bytes, cls: type) -> Any:
    """Read an object of a class from JSON text in UTF-8.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.
    """
    try:
        data = json.loads(
            text,
            parse_float=Decimal,
            parse_constant=Decimal,
            object_pairs_hook=_Object,
        )
    except (ValueError, RecursionError) as error:
        raise InvalidFactError("file", str(error), "give JSON text in UTF-8") from error
    return from_data(data, cls)


def from_data(data: Any, cls: type) -> Any:
    """Read an object of a class from JSON-ready data; faults as of `from_json`."""
    return _converter().structure(data, cls)


def to_json(thing: Any, indent: int | None) -> str:
    """The stated facts of an object as JSON text."""
    return json.dumps(facts_to_dict(thing), indent=indent, ensure_ascii=False)


class _Object(dict[str, Any]):
    """A JSON object that remembers which names came twice."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.doubled = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_structure_hook_func(
        lambda cls: attrs.has(cls) and bool(declared_facts(cls)),
        lambda data, cls: _structure(data, cls, converter),
    )
    return converter


def _structure(data: Any, cls: Any, converter: cattrs.Converter) -> Any:
    """Build one object, or raise all faults found in and below it, with paths from here."""
    if not isinstance(data, Mapping):
        raise InvalidFactError("", data, "give an object in braces")
    fields = dict(declared_facts(cls))
    faults = list(_strange_names(data, fields))
    values: dict[str, Any] = {}
    for name, declared in fields.items():
        value = data.get(name)
        if value is None:
            continue
        below = converter.structure
        try:
            if declared.kind is Kind.PART:
                values[name] = below(value, declared.of)
            elif declared.kind is Kind.PARTS:
                values[name] = _items(value, declared, below)
            else:
                values[name] = _bounds(value)
        except (InvalidFactError, InvalidFactsError) as error:
            faults += [fault.below(name) for fault in _each(error)]
    given = attrs.fields_dict(cls)
    required = [name for name in fields if given[name].default is attrs.NOTHING]
    absent = [name for name in required if _is_open(name, values, faults)]
    faults += [
        InvalidFactError(name, None, f"say which {fields[name].label} it is") for name in absent
    ]
    built = None
    if absent:
        faults += _faults_of_fields(cls, values)
    else:
        try:
            built = cls(**values)
        except (InvalidFactError, InvalidFactsError) as error:
            # The class names itself first in a path; here the path says it already.
            faults += [
                InvalidFactError(fault.path.partition(".")[2], fault.found, fault.remedy)
                for fault in _each(error)
            ]
    raise_faults(faults)
    return built


def _faults_of_fields(cls: Any, values: Mapping[str, Any]) -> Iterator[InvalidFactError]:
    """The faults of single facts, where the object cannot be built to find them."""
    for name, value in values.items():
        convert: Any = attrs.fields_dict(cls)[name].converter
        taken = value if convert is None else convert(value)
        if isinstance(taken, Fault):
            yield InvalidFactError(name, taken.found, taken.remedy)


def _is_open(name: str, values: Mapping[str, Any], faults: list[InvalidFactError]) -> bool:
    """Whether a required fact was given neither well nor badly."""
    return name not in values and all(fault.path.partition(".")[0] != name for fault in faults)


def _strange_names(data: Mapping[str, Any], fields: Mapping[str, FactType]) -> Any:
    for name in getattr(data, "doubled", ()):
        yield InvalidFactError(str(name), data[name], "the name stands twice; keep one of them")
    for name in data:
        if name not in fields:
            near = nearest(str(name), fields, 1)
            hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(fields)}"
            yield InvalidFactError(str(name), data[name], f"no fact is called so; {hint}")


def _items(value: Any, declared: FactType, below: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise InvalidFactError("", value, "give a list in brackets")
    items, faults = [], []
    for index, item in enumerate(value):
        try:
            items.append(below(item, declared.of))
        except (InvalidFactError, InvalidFactsError) as error:
            faults += [fault.below(f"[{index}]") for fault in _each(error)]
    raise_faults(faults)
    return tuple(items)


def _bounds(value: Any) -> Any:
    """Bounds from an object with both ends; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    if set(value) != {"lower", "upper"}:
        raise InvalidFactError("", dict(value), "give one value, or an object of lower and upper")
    try:
        return Bounds(*(Decimal(value[end]) for end in ("lower", "upper")))
    except (InvalidOperation, TypeError, ValueError) as error:
        raise InvalidFactError(
            "", dict(value), "give two numbers, the lower one not above the upper one"
        ) from error


def _each(error: InvalidFactError | InvalidFactsError) -> tuple[InvalidFactError, ...]:
    return error.exceptions if isinstance(error, InvalidFactsError) else (error,)  # type: ignore[return-value]  # a group of faults only
