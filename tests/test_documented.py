"""Every public name is documented: sentence, types, parameters, units, errors, source, example."""

import inspect
import re
import sys
import textwrap
from enum import Enum
from functools import cache

import attrs
import pytest
from tests.public import ROOT, SOURCE, function_of, members_of, public_names

from evcredit import Law, current_law
from evcredit.algebra import Schedule

NAMES = public_names()
CLASSES = {name: value for name, value in NAMES.items() if isinstance(value, type)}
FUNCTIONS = {name: value for name, value in NAMES.items() if inspect.isroutine(value)}
#: The rooms that state law, or facts that law names: what they say has a source.
LAWFUL = {"facts", "forms", "law", "provisions", "section_25e", "section_30d", "section_45w"}
SOURCES = re.compile(
    r"\d+ (USC|CFR|FR)\b|P\.L\. \d|Notice \d|Rev\. Proc\.|FS-\d|REG-\d|Form \d"
    r"|ISO 3166|section \d\d"
)
UNIT = re.compile(
    r"dollar|cent|percent|kWh|kilowatt|pound|day|year|mile|count|number|share|ratio|USD|unit|quarter"
    r"|many|cells|Cells|batteries|spaces|identity|mass|kilogram|gram|characters|rows|pixels|position|index|line|amount|price|value|parts"
)


def doc(value):
    """The docstring of a value itself, not of a base."""
    return inspect.cleandoc(getattr(value, "__doc__", None) or "")


@cache
def examples():
    """All examples of pages and docstrings."""
    pages = [page for page in (ROOT / "docs").rglob("*.md") if "adr" not in page.parts]
    found = []
    for page in (ROOT / "README.md", *pages):
        found += re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    for path in SOURCE.rglob("*.py"):
        found += re.findall(r"^ *>>> .*(?:\n *\S.*)*", path.read_text("utf-8"), re.MULTILINE)
    return frozenset(re.findall(r"\w+", "\n".join(found)))


@cache
def shown():
    """The names that an example uses, and the classes of what comes of them, step by step."""
    found = set(examples())
    by_name = {value.__name__: value for value in CLASSES.values()}
    for function in FUNCTIONS.values():
        if function.__name__ in examples():
            found |= _words_of(function)
    while True:
        more = set(found)
        for name in found & by_name.keys():
            cls = by_name[name]
            for base in cls.__mro__:
                more.update(_words(getattr(base, "__annotations__", {}).values()))
            for member in members_of(cls).values():
                function = function_of(member)
                if function is not None:
                    more |= _words_of(function)
        if more == found:
            return frozenset(found)
        found = more


def _words(annotations):
    return {word for each in annotations for word in re.findall(r"\w+", str(each))}


def _words_of(function):
    return _words([inspect.signature(function).return_annotation])


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_has_a_docstring(name):
    value = NAMES[name]
    if name in CLASSES or name in FUNCTIONS:
        first = doc(value).partition("\n\n")[0]
        assert re.search(r"[.:?]$", first), f"no sentence: {first!r}"
    else:
        module, _, last = name.rpartition(".")
        path = SOURCE / f"{module.partition('.')[2].replace('.', '/')}.py"
        lines = re.split(rf"^{last}\b", path.read_text("utf-8"), flags=re.MULTILINE)
        assert re.search(r"^#: .+\n$", lines[0][-200:], re.MULTILINE) or '\n"""' in lines[1]


@pytest.mark.parametrize("name", CLASSES)
def test_public_members_have_docstrings_and_types(name):
    cls = CLASSES[name]
    for member, value in members_of(cls).items():
        function = function_of(value)
        if function is not None and function.__module__.startswith("evcredit"):
            assert inspect.getdoc(getattr(cls, member, value)), f"{member}: no docstring"
            _assert_typed(function)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_functions_have_types_and_describe_their_parameters(name):
    function = inspect.unwrap(FUNCTIONS[name])
    _assert_typed(function)
    said = doc(FUNCTIONS[name])
    missing = [
        each
        for each in inspect.signature(function).parameters
        if not re.search(rf"\b{each}\b", said)
    ]
    assert missing == []


def _assert_typed(function):
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty, function
    untyped = [
        each.name
        for each in signature.parameters.values()
        if each.annotation is inspect.Parameter.empty and each.name not in {"self", "cls"}
    ]
    assert untyped == [], function


@pytest.mark.parametrize("name", [name for name, cls in CLASSES.items() if attrs.has(cls)])
def test_fields_of_public_classes_are_described(name):
    """In the docstring of the class, or of the class that declares them."""
    cls = CLASSES[name]
    said = "\n".join(doc(base) for base in cls.__mro__ if base.__module__.startswith("evcredit"))
    missing = [
        field.name
        for field in attrs.fields(cls)
        if field.init
        and field.name[0] != "_"
        and not _is_schedule(cls, field)
        and not re.search(rf"\b{field.name}\b", said)
    ]
    assert missing == []


def _is_schedule(cls, field):
    """A schedule of the law has a name of its own, and its page is made from it."""
    return cls is Law and isinstance(getattr(current_law(), field.name), Schedule)


@pytest.mark.parametrize("name", [*FUNCTIONS, *CLASSES])
def test_numbers_have_units(name):
    """The description of a parameter that is a number says what it counts."""
    value = NAMES[name]
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return
    said = doc(value)
    for each in parameters:
        if re.search(r"\b(Decimal|Fraction|int)\b", str(each.annotation)):
            found = re.search(
                rf"^ *{each.name}:(.*?)(?=^ *\w+: |\Z|\n\n)", said, re.MULTILINE | re.DOTALL
            )
            text = found[1] if found else said
            assert "US dollars" in said or UNIT.search(f"{each.name} {text}"), each.name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_errors_that_a_function_raises_are_named(name):
    function = inspect.unwrap(FUNCTIONS[name])
    source = textwrap.dedent(inspect.getsource(function))
    raised = set(re.findall(r"^ +raise (\w+)\(", source, re.MULTILINE))
    said = doc(FUNCTIONS[name])
    assert {
        error for error in raised if not re.search(rf"^ *{error}: ", said, re.MULTILINE)
    } == set()


@pytest.mark.parametrize("name", [each for each in NAMES if each.split(".")[1] in LAWFUL])
def test_what_states_law_has_a_source(name):
    """In its own docstring, in that of a member, of its module or of its room."""
    value = NAMES[name]
    _, room, *_ = name.split(".")
    said = [
        doc(value),
        doc(sys.modules[name.rpartition(".")[0]]),
        doc(sys.modules[f"evcredit.{room}"]),
    ]
    if name in CLASSES:
        said += [doc(member) for member in members_of(value).values()]
    assert SOURCES.search("\n".join(said))


@pytest.mark.parametrize("name", [*FUNCTIONS, *CLASSES])
def test_there_is_an_example(name):
    """An example uses the name, or what an example uses leads to it."""
    value = NAMES[name]
    said = [doc(value)]
    if name in CLASSES:
        said += [doc(member) for member in members_of(value).values()]
    used = value.__name__ in shown() or ">>> " in "\n".join(said)
    assert used or issubclass(value, Enum | Exception)


def test_the_tests_see_the_names():
    assert len(FUNCTIONS) > 80
    assert len(CLASSES) > 150
    assert "nowhere_to_be_seen" not in shown()
