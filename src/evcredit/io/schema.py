"""JSON Schema of claims, returns, transfers and changes of the law, made from the types.

The schemas describe the canonical form, which this package writes: choices by their values,
countries by name or code, days as ISO 8601. The reader takes more words than that, such as the
names of the fuel economy label for a class.
"""

from __future__ import annotations

from typing import Any

import attrs

from evcredit.algebra.field import FactType, Kind, declared_facts
from evcredit.algebra.limits import most_items
from evcredit.algebra.shorthand import shorthands
from evcredit.errors import InvalidFactError
from evcredit.facts.claim import Claim
from evcredit.facts.transfer import CreditTransfer
from evcredit.forms.return_facts import CleanVehicleReturn
from evcredit.io.ready_made import AS, names_of, ready_made
from evcredit.io.reforms import reform_schema
from evcredit.law.reform import Reform

__all__ = ["DOCUMENTS", "json_schema"]

#: The documents that can be read, by the name of their schema.
DOCUMENTS: dict[str, type] = {
    "claim": Claim,
    "return": CleanVehicleReturn,
    "transfer": CreditTransfer,
    "reform": Reform,
}

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER_AS_TEXT: dict[str, Any] = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_EXACT: list[dict[str, Any]] = [{"type": "number"}, _NUMBER_AS_TEXT]
_NULL: dict[str, Any] = {"type": "null"}
_BOUNDS: dict[str, Any] = {
    "type": "object",
    "description": "bounds; null is an end that is not known",
    "properties": {"lower": {"anyOf": [*_EXACT, _NULL]}, "upper": {"anyOf": [*_EXACT, _NULL]}},
    "required": ["lower", "upper"],
    "additionalProperties": False,
}
_PLACE: dict[str, Any] = {
    "type": "object",
    "description": "a country, and a part of it for the reader",
    "properties": {"country": {"type": "string"}, "subdivision": {"type": ["string", "null"]}},
    "required": ["country"],
}
_NUMBERS = frozenset({Kind.MONEY, Kind.QUANTITY, Kind.PERCENT, Kind.COUNT})


def json_schema(cls: type) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a domain class and everything inside it.

    Args:
        cls: A domain class, for example `Claim`; or `Reform`, for changes of the law.

    Raises:
        InvalidFactError: It is no domain class.

    Returns:
        A schema in which every class is a definition of its own. Null is always allowed: it is
        a fact that is not known.

    >>> schema = json_schema(Claim)
    >>> schema["$defs"]["Vehicle"]["properties"]["wheels"]["description"]
    'number of wheels'
    >>> sorted(schema["$defs"]["Purchase"]["properties"]["as"]["enum"])[:2]
    ['by a lessor', 'for a business']
    """
    given: Any = cls
    if given is Reform:
        return reform_schema()
    if not (isinstance(given, type) and attrs.has(given) and declared_facts(given)):
        raise InvalidFactError("cls", cls, "give a domain class, such as Claim")
    definitions: dict[str, Any] = {}
    _define(cls, definitions)
    return {
        "$schema": _DRAFT,
        "title": cls.__name__,
        "description": "Facts that are omitted, or null, are unknown.",
        "$ref": f"#/$defs/{cls.__name__}",
        "$defs": dict(sorted(definitions.items())),
    }


def _define(cls: type, definitions: dict[str, Any]) -> None:
    if cls.__name__ in definitions:
        return
    facts = dict(declared_facts(cls))
    properties: dict[str, Any] = {}
    definitions[cls.__name__] = {
        "type": "object",
        "description": (cls.__doc__ or "").strip().partition("\n")[0],
        "properties": properties,
        "additionalProperties": False,
    }
    for name, declared in facts.items():
        properties[name] = _of_fact(declared, most_items(name))
        if declared.kind in (Kind.PART, Kind.PARTS):
            _define(declared.of, definitions)
    for name, several in shorthands(cls).items():
        both = " and ".join(facts[each].label for each in several)
        properties[name] = _of_fact(
            facts[several[0]]._replace(label=f"both {both}"), most_items(several[0])
        )
    made = ready_made(cls)
    if made:
        properties[AS] = {"description": "a ready-made constructor", "enum": sorted(made)}
        names = [name for each in made.values() for name in names_of(cls, each)[0]]
        for name in dict.fromkeys(name for name in names if name not in properties):
            properties[name] = {"description": f"of a ready-made object: {name.replace('_', ' ')}"}
    else:
        given = attrs.fields_dict(cls)
        needed = [name for name in facts if given[name].default is attrs.NOTHING]
        if needed:
            definitions[cls.__name__]["required"] = needed


def _of_fact(declared: FactType, most: int) -> dict[str, Any]:
    words = f"{declared.label} ({declared.unit})" if declared.unit else declared.label
    return {"description": words, "anyOf": [*_forms_of(declared, most), _NULL]}


def _forms_of(declared: FactType, most: int) -> list[dict[str, Any]]:
    """The forms in which a fact may be written, null aside."""
    kind = declared.kind
    if kind in _NUMBERS:
        return [*_EXACT, _BOUNDS]
    if kind is Kind.PART:
        return [{"$ref": f"#/$defs/{declared.of.__name__}"}]
    if kind is Kind.PARTS:
        items = {"$ref": f"#/$defs/{declared.of.__name__}"}
        return [{"type": "array", "items": items, "maxItems": most}]
    if kind is Kind.COUNTRY:
        return [{"type": "string"}, _PLACE]
    if kind is Kind.CHOICE:
        members = getattr(declared.of, "__members__", None)
        if members is None:
            return [{"type": "string"}]
        return [{"enum": [each.value for each in declared.of]}]
    return [_PLAIN[kind]]


_PLAIN: dict[Kind, dict[str, Any]] = {
    Kind.FLAG: {"type": "boolean"},
    Kind.DAY: {"type": "string", "format": "date"},
    Kind.TEXT: {"type": "string", "minLength": 1},
}
