"""Changes of the law as JSON, and their JSON Schema, made from the classes of changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from evcredit.errors import InvalidFactError, checked
from evcredit.io.reading import as_text_of, parsed
from evcredit.law.law import schedule_names
from evcredit.law.readings import Readings
from evcredit.law.reform import CHANGES, Reform

__all__ = ["reform_from_json", "reform_schema", "reform_to_json"]

_LAYOUT = "give an object with a list of changes, and a name if you like"


def reform_from_json(text: str | bytes) -> Reform:
    """Read changes of the law from JSON.

    Args:
        text: JSON text in UTF-8, as `reform_to_json` writes it: ``changes``, each with its kind
            under ``change``, its arguments, and ``why``. `evcredit.io.json_schema` of a `Reform`
            says what each takes.

    Raises:
        InvalidFactError: It is not JSON, or a change is not known or invalid.
        LawError: There is no such schedule or agreement.

    >>> reform = reform_from_json('''
    ...     {"changes": [{"change": "remove agreement", "agreement": "Japan", "why": "a test"}]}
    ... ''')
    >>> reform.name
    'without JPCMA'
    """
    data = parsed(text)
    if not isinstance(data, Mapping):
        raise InvalidFactError("reform", data, _LAYOUT)
    for path, name in _doubled(data, "reform"):
        raise InvalidFactError(path, name, "the name appears twice; keep one of them")
    return Reform.from_dict(data)


def reform_to_json(reform: Reform, *, indent: int | None = 2) -> str:
    """Changes of the law as JSON; reading it back gives an equal reform.

    Args:
        reform: What is written.
        indent: The number of spaces of a level; `None` for one line.

    >>> reform = Reform.remove_agreement("Japan", why="a test")
    >>> reform_from_json(reform_to_json(reform)) == reform
    True
    """
    return as_text_of(checked(reform, Reform, "reform").to_dict(), indent)


def _doubled(data: Any, path: str) -> Iterator[tuple[str, str]]:
    """The names that come twice in an object, each with its path."""
    if isinstance(data, Mapping):
        yield from ((f"{path}.{name}", name) for name in getattr(data, "doubled", ()))
        for name, value in data.items():
            yield from _doubled(value, f"{path}.{name}")
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _doubled(value, f"{path}[{place}]")


# -- the schema ----------------------------------------------------------------------------


def reform_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of changes of the law.

    >>> schema = reform_schema()
    >>> schema["$defs"]["RemoveAgreement"]["required"]
    ['change', 'why', 'agreement']
    """
    definitions: dict[str, Any] = {}
    for kind, cls in CHANGES.items():
        _define(cls, definitions, {"change": {"const": kind}})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": Reform.__name__,
        "description": "Changes of the law, in turn.",
        "type": "object",
        "properties": {
            "name": {"description": "for the reader", "type": "string"},
            "changes": {
                "type": "array",
                "items": {"anyOf": [_reference(cls) for cls in CHANGES.values()]},
            },
        },
        "required": ["changes"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def _reference(cls: type) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{cls.__name__}"}


#: What a name must be one of, where the type says only that it is text.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "schedule": schedule_names(),
    "reading": tuple(each.name for each in attrs.fields(Readings)),
}


def _define(cls: type, definitions: dict[str, Any], own: Mapping[str, Any]) -> None:
    hints, fields = get_type_hints(cls), attrs.fields(cls)
    properties = dict(own)
    definitions[cls.__name__] = {
        "type": "object",
        "description": (cls.__doc__ or "").strip().partition("\n")[0],
        "properties": properties,
        "required": [*own, *(each.name for each in fields if each.default is attrs.NOTHING)],
        "additionalProperties": False,
    }
    for field in fields:
        if field.name in _NAMES:
            properties[field.name] = {"enum": list(_NAMES[field.name])}
        else:
            properties[field.name] = _of_type(hints[field.name], definitions)


_PLAIN: Mapping[Any, dict[str, Any]] = {
    NoneType: {"type": "null"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    str: {"type": "string"},
    # A value is one of its schedule or reading, which the law checks.
    Any: {"type": ["boolean", "number", "string", "null"]},
}


def _of_type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of what a type hint takes."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) in (Union, UnionType):
        return {"anyOf": [_of_type(each, definitions) for each in get_args(hint)]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _of_type(get_args(hint)[0], definitions)}
    if issubclass(hint, Enum):
        return {"enum": [each.value for each in hint]}
    _define(hint, definitions, {})
    return _reference(hint)
