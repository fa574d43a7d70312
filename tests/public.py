"""The public names: what `evcredit` and its rooms hand on."""

import ast
import importlib
import inspect
from functools import cache
from pathlib import Path

import evcredit

ROOT = Path(__file__).parent.parent
SOURCE = Path(evcredit.__file__).parent


def handed_on(package):
    """The names that a package hands on, each with the module that defines it."""
    for node in ast.walk(ast.parse(package.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module != "evcredit":
            for each in node.names:
                if each.asname == each.name != "__version__":
                    yield each.name, node.module


@cache
def public_names():
    """Every public value by the full name of its place, such as `evcredit.facts.chain.Step`."""
    found = {}
    for package in (SOURCE / "__init__.py", *sorted(SOURCE.glob("*/__init__.py"))):
        for name, module in handed_on(package):
            value = getattr(importlib.import_module(module), name)
            if not inspect.ismodule(value):
                found[f"{module}.{name}"] = value
    return dict(sorted(found.items()))


def members_of(cls):
    """The public members that a class of ours, or a base of ours, defines."""
    found = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("evcredit"):
            found |= {name: value for name, value in vars(base).items() if name[0] != "_"}
    return found


def function_of(value):
    """The function behind a method or a property, if there is one."""
    if isinstance(value, property):
        return value.fget
    if isinstance(value, classmethod | staticmethod):
        return value.__func__
    value = getattr(value, "func", value)  # a cached property
    return value if inspect.isroutine(value) else None
