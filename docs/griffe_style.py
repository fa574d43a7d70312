"""What the reference needs to know of this package's style, told to its reader of source code.

Unknown to it are: the `__init__` of attrs classes and the fields of named tuples, the members of
enumerations that have no text of their own, and examples in docstrings that are in the text
instead of under a heading.
"""

import importlib
import inspect
import re
from enum import Enum
from typing import Any

import attrs
import griffe

# An example: lines that begin with ">>>", and what follows them up to an empty line.
EXAMPLE = re.compile(r"^(?P<indent> *)>>> .*(?:\n *\S.*)*", re.MULTILINE)


class Style(griffe.Extension):
    """Completes classes and examples."""

    def on_class(self, *, cls: griffe.Class, **_: Any) -> None:
        """Add the `__init__` that is nowhere written, and list the members of an enumeration."""
        real = getattr(importlib.import_module(cls.module.path), cls.name, None)
        if not isinstance(real, type):
            return
        if issubclass(real, Enum) and cls.docstring:
            members = (f"- `{each.name}`: {each.value}" for each in real)
            cls.docstring.value += "\n\n" + "\n".join(members)
        if "__init__" in cls.members:
            return
        made = cls.members.get("__new__")
        if isinstance(made, griffe.Function):
            parameters = griffe.Parameters(*list(made.parameters)[1:])
            cls.set_member(
                "__init__", griffe.Function("__init__", parameters=parameters, returns="None")
            )
        elif attrs.has(real) or hasattr(real, "_fields"):
            cls.set_member("__init__", _init(cls, real))

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Put fences around the examples of a docstring."""
        if obj.docstring:
            obj.docstring.value = EXAMPLE.sub(_fenced, obj.docstring.value)


def _init(cls: griffe.Class, real: type) -> griffe.Function:
    fields = {field.alias: field for field in attrs.fields(real)} if attrs.has(real) else {}
    parameters = []
    for each in inspect.signature(real).parameters.values():
        field = fields.get(each.name)
        declared = _declared(cls, real, field.name if field else each.name)
        parameters.append(
            griffe.Parameter(
                each.name,
                annotation=(
                    declared.annotation
                    if isinstance(declared, griffe.Attribute)
                    else _inherited(real, field.name if field else each.name)
                ),
                kind=griffe.ParameterKind[each.kind.name.lower()],
                default=_default(each.default, field and field.default),
            )
        )
    return griffe.Function("__init__", parameters=griffe.Parameters(*parameters), returns="None")


def _declared(cls: griffe.Class, real: type, name: str) -> Any:
    """The line that declares a field, in the class or in a base of the same module."""
    for base in real.__mro__:
        declaring = cls if base is real else cls.module.members.get(base.__name__)
        if isinstance(declaring, griffe.Class) and name in declaring.members:
            return declaring.members[name]
    return None


def _inherited(real: type, name: str) -> str | None:
    """The type of a field that a base of another module declares, as it is written there."""
    found = (vars(base).get("__annotations__", {}).get(name) for base in real.__mro__)
    return next((each for each in found if isinstance(each, str)), None)


def _default(value: Any, declared: Any) -> str | None:
    match value, declared:
        case inspect.Parameter.empty, _:
            return None
        case _, attrs.Factory(factory=type() as factory):
            return f"{factory.__name__}()"
        case _, attrs.Factory():
            return "..."
        case Enum(), _:
            return str(value)
        case _ if attrs.has(type(value)):
            return f"{type(value).__name__}()"
        case _:
            return repr(value)


def _fenced(example: re.Match[str]) -> str:
    indent = example["indent"]
    return f"{indent}```pycon\n{example[0]}\n{indent}```"
