"""The public names and signatures, recorded: none goes or changes unnoticed.

After a wanted change, `EVCREDIT_UPDATE_GOLDEN=1 python -m pytest tests/test_public_api.py` writes
the record again. What went or changed is a break: docs/compatibility.md says what it needs.
"""

import inspect
import json
import os
import re
from enum import Enum
from pathlib import Path

import pytest
from tests.public import SOURCE, function_of, handed_on, members_of, public_names

RECORD = Path(__file__).parent / "public_api.json"


def signature_of(value):
    """A signature as text, without what differs from one Python to another."""
    try:
        text = str(inspect.signature(value))
    except (TypeError, ValueError):
        return ""
    # What is shown by its place in memory, and defaults that say nothing to a caller.
    return re.sub(r"<(function|object|\w+)\b.*? at 0x[0-9a-f]+>", r"<\1>", text)


def described(value):
    """One public value: its kind, and its signature or members."""
    if isinstance(value, type):
        bases = [base.__name__ for base in value.__mro__[1:] if base.__module__ != "builtins"]
        kind = "error" if issubclass(value, Exception) else "class"
        return f"{kind}({', '.join(each for each in bases if each != 'Generic')})"
    if inspect.isroutine(value):
        return f"function{signature_of(value)}"
    return f"value: {type(value).__name__}"


def member_described(value):
    """One member of a class."""
    if isinstance(value, Enum):
        return f"member: {value.value!r}"
    if isinstance(value, property) or hasattr(value, "func"):
        return f"property -> {inspect.signature(function_of(value)).return_annotation}"
    if isinstance(value, classmethod):
        return f"classmethod{signature_of(value.__func__)}"
    if isinstance(value, staticmethod):
        return f"staticmethod{signature_of(value.__func__)}"
    if inspect.isroutine(value):
        return f"method{signature_of(value)}"
    return "attribute"


def public_api():
    """Everything public, by name."""
    found = {}
    for package in (SOURCE / "__init__.py", *sorted(SOURCE.glob("*/__init__.py"))):
        room = ".".join(("evcredit", *package.parent.relative_to(SOURCE).parts))
        for name, module in handed_on(package):
            found[f"{room}.{name}"] = f"is {module}.{name}"
    for name, value in public_names().items():
        found[name] = described(value)
        if isinstance(value, type):
            if not issubclass(value, Enum | Exception):
                found[f"{name}()"] = signature_of(value)
            for member, each in members_of(value).items():
                found[f"{name}.{member}"] = member_described(each)
    return dict(sorted(found.items()))


def test_the_public_names_are_those_on_record():
    now = public_api()
    if os.environ.get("EVCREDIT_UPDATE_GOLDEN"):
        RECORD.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    before = json.loads(RECORD.read_text(encoding="utf-8"))
    gone = [f"{name} is gone" for name in before if name not in now]
    changed = [
        f"{name}: {before[name]} -> {now[name]}"
        for name in before
        if name in now and now[name] != before[name]
    ]
    added = [f"{name} is not on record" for name in now if name not in before]
    assert (gone, changed, added) == ([], [], []), (
        "a break, unless it is meant (see docs/compatibility.md): "
        + "; ".join([*gone, *changed])
        + "; write the record again if it is meant"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("evcredit.assess", "is evcredit.results.assessing.assess"),
        (
            "evcredit.results.assessing.assess",
            (
                "function(claim: 'Claim', *, law: 'Law | None' = None, "
                "credit: 'Credit | str | Section' = '30D') -> 'Assessment'"
            ),
        ),
        ("evcredit.algebra.verdict.Verdict.MET", "member: 'met'"),
        ("evcredit.errors.InvalidFactError", "error(EvcreditError)"),
        ("evcredit.algebra.citation.Citation.parse", "staticmethod(text: 'str') -> 'Citation'"),
    ],
)
def test_what_is_on_record(name, said):
    assert public_api()[name] == said


def test_the_record_holds_nothing_of_one_machine_or_run():
    text = RECORD.read_text(encoding="utf-8")
    assert not re.search(r"0x[0-9a-f]{6}|/(home|tmp|usr|root)/", text)
    assert len(json.loads(text)) > 1_000
