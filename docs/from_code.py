"""More text of the documentation that is made from evcredit at build time: tables of its names."""

import ast
import importlib
import inspect
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from datetime import date
from functools import partial
from pathlib import Path

import evcredit
import notebooks
from evcredit import Credit, assess, current_law, errors, examples
from evcredit.provisions.registry import section_of
from evcredit.provisions.words import clauses
from generators import SECTIONS, code, counted, folded, homes, link, on, rules, table

HERE = Path(__file__).parent
PICTURE = HERE / "pictures" / "first-question.svg"


# -- the home page -------------------------------------------------------------------------


def home_output() -> str:
    """What the program on the home page prints."""
    page = (HERE / "index.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    if found is None:
        raise LookupError("no program on the home page")
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(found[1], {})  # noqa: S102 (our own page)
    return f"```text\n{printed.getvalue()}```"


def first_picture() -> str:
    """The answer to the first question as a picture; on a phone another one."""
    title = re.search(r"<title[^>]*>(.*?)</title>", PICTURE.read_text(encoding="utf-8"))
    if title is None:
        raise LookupError(f"{PICTURE.name} has no title")
    return (
        f'<picture><source media="(max-width: 45em)" srcset="pictures/{PICTURE.stem}-phone.svg">'
        f'<img class="picture" src="pictures/{PICTURE.name}" alt="{title[1]}"></picture>'
    )


def explanation_short() -> str:
    """The first lines of the explanation of the first question's car."""
    text = assess(examples.demonstration_claim()).explain().splitlines()
    return "```text\n" + "\n".join(text[:40]) + "\n...\n```"


def covered() -> str:
    """What is covered: the sections with their days, and how many rules compute them."""
    words = {
        Credit.NEW_VEHICLE: "new vehicles",
        Credit.PREVIOUSLY_OWNED_VEHICLE: "used vehicles",
        Credit.COMMERCIAL_VEHICLE: "commercial vehicles and leases",
    }
    lines = []
    for credit, what in words.items():
        first, _ = days_covered(credit)
        count = sum(
            homes()[(rule.code, rule.citation)].startswith(f"section_{credit.value.lower()}.")
            for rule in rules()
        )
        lines.append(
            f"- **Section {credit.value}**, {what}: from {on(first)}, {counted(count, 'rule')}"
        )
    return "\n".join(lines)


def days_covered(credit: Credit) -> tuple[date, date | None]:
    """The first day that a section covers, and the first day after it if there is one."""
    schedule = getattr(current_law(), section_of(credit).covered)
    return schedule.entries[0].start, max(
        (entry.end for entry in schedule.entries if entry.end), default=None
    )


# -- reason codes --------------------------------------------------------------------------


def reason_codes() -> str:
    """Every reason code, with what a result says to a buyer."""
    said = clauses()
    parts = []
    for room, name in SECTIONS.items():
        mine = [rule for rule in rules() if homes()[(rule.code, rule.citation)].startswith(room)]
        rows = (
            (code(rule.code), link(rule.citation), *_both(said[rule.code]["buyer"]))
            for rule in mine
        )
        body = table(("reason code", "citation", "if met, or the question", "if not met"), rows)
        title = f"Section {name} <small>{counted(len(mine), 'code')}</small>"
        parts.append(folded(title, body, f"section-{name.lower()}"))
    return "\n\n".join(parts)


def _both(said: tuple[str, ...]) -> tuple[str, str]:
    return (said[0], said[1] if len(said) > 1 else "")


# -- errors --------------------------------------------------------------------------------


def error_classes() -> str:
    """Every error class: what it is a kind of, and when it is raised."""
    rows = []
    for name in sorted(_error_classes()):
        each = _error_classes()[name]
        kinds = [base.__name__ for base in each.__mro__[1:] if base not in (object, BaseException)]
        rows.append(
            (
                f"[{code(name)}][{each.__module__}.{name}]",
                ", ".join(code(kind) for kind in kinds),
                (inspect.getdoc(each) or "").partition("\n")[0],
            )
        )
    return table(("error", "is also", "raised when"), rows)


def _error_classes() -> dict[str, type]:
    return {
        name: value
        for name, value in vars(errors).items()
        if isinstance(value, type)
        and issubclass(value, Exception)
        and value.__module__ == errors.__name__
    }


# -- the public names ----------------------------------------------------------------------


def public_names() -> str:
    """Every public name by room, with the first line of its docstring."""
    root = Path(evcredit.__file__).parent
    parts = []
    for package in ("", *sorted(path.parent.name for path in root.glob("*/__init__.py"))):
        names = dict(_handed_on(root / package / "__init__.py"))
        if names:
            room = f"evcredit.{package}" if package else "evcredit"
            rows = [_row_of_name(where, name) for name, where in sorted(names.items())]
            title = f"{room} <small>{counted(len(rows), 'name')}</small>"
            parts.append(folded(title, table(("name", "is"), rows), room.replace(".", "-")))
    return "\n\n".join(parts)


def _handed_on(package: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(package.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module != "evcredit":
            for each in node.names:
                if each.asname == each.name != "__version__":
                    yield each.name, node.module


def _row_of_name(module: str, name: str) -> tuple[str, str]:
    value = getattr(importlib.import_module(module), name)
    line = (inspect.getdoc(value) or "").partition("\n")[0].replace("``", "`")
    # A module is described by its names.
    return (code(name) if inspect.ismodule(value) else f"[{code(name)}][{module}.{name}]", line)


# -- engines -------------------------------------------------------------------------------


def engines_and_verbs() -> str:
    """Which verb of tables works on which engine; a test tries each and keeps the record."""
    record = json.loads((HERE / "engines.json").read_text(encoding="utf-8"))
    verbs = list(dict.fromkeys(verb for each in record.values() for verb in each))
    rows = ((f"`{verb}`", *(found.get(verb, "") for found in record.values())) for verb in verbs)
    return table(("verb", *record), rows)


GENERATORS: dict[str, Callable[[], str]] = {
    "home-output": home_output,
    "first-picture": first_picture,
    "covered": covered,
    "explanation-short": explanation_short,
    "reason-codes": reason_codes,
    "error-classes": error_classes,
    "public-names": public_names,
    "engines-and-verbs": engines_and_verbs,
    "notebook": partial(notebooks.page_of, "from-one-car-to-a-fleet.ipynb"),
}
