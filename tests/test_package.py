"""The package as a whole: what importing it costs, its version, and exact arithmetic only."""

import ast
import json
import os
import subprocess
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from textwrap import dedent

import pytest

import evcredit

SOURCE = Path(evcredit.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))

# Places where inexact arithmetic is allowed: (module, source of the expression) -> why.
# What a caller requires as a float is for plots and printing; nothing here calls it.
ALLOWED: dict[tuple[str, str], str] = {
    ("algebra/bounds.py", "float(end)"): "float(bounds), of a number known exactly",
    ("algebra/share.py", "float(self.bounds)"): "float(share), likewise",
    ("plots/figure.py", "float(Fraction(number, of))"): "matplotlib takes sizes as floats",
}


def modules_loaded_by(statement: str) -> set[str]:
    """The top-level modules that a statement adds to those of a bare interpreter."""
    script = dedent(f"""
        import json, sys
        before = set(sys.modules)
        {statement}
        print(json.dumps(sorted(set(sys.modules) - before)))
    """)
    environment = {name: v for name, v in os.environ.items() if not name.startswith("COV")}
    output = subprocess.run(
        [sys.executable, "-I", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {name.partition(".")[0] for name in json.loads(output)}


def test_importing_evcredit_loads_nothing_but_attrs_and_the_standard_library():
    loaded = modules_loaded_by("import evcredit")

    assert "evcredit" in loaded
    assert loaded - sys.stdlib_module_names - {"evcredit", "attr", "attrs"} == set()


def test_the_module_count_notices_a_third_party_import():
    assert "pycountry" in modules_loaded_by("import pycountry")


def test_version_is_the_installed_one():
    assert evcredit.__version__ == version("evcredit")


def test_package_says_that_it_is_typed():
    assert files("evcredit").joinpath("py.typed").is_file()


def inexact(source: str) -> list[tuple[int, str]]:
    """Line and text of each float literal, call of float() and true division."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Constant(value=float() | complex())
                | ast.Call(func=ast.Name(id="float" | "complex"))
                | ast.BinOp(op=ast.Div())
                | ast.AugAssign(op=ast.Div())
                | ast.Attribute(value=ast.Name(id="operator"), attr="truediv" | "itruediv")
            ):
                found.append((node.lineno, ast.unparse(node)))
            case _:
                pass
    return sorted(found)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_source_has_no_inexact_arithmetic(path):
    module = path.relative_to(SOURCE).as_posix()
    found = [
        f"{module}:{line}: {text}"
        for line, text in inexact(path.read_text(encoding="utf-8"))
        if (module, text) not in ALLOWED
    ]

    assert found == []


def test_allow_list_has_no_stale_entry():
    present = {
        (path.relative_to(SOURCE).as_posix(), text)
        for path in MODULES
        for _, text in inexact(path.read_text(encoding="utf-8"))
    }

    assert set(ALLOWED) <= present


@pytest.mark.parametrize(
    "source",
    ["0.5", "-1e3", "2j", "float('0.5')", "a / b", "a /= b", "f(x)(y / 2)", "operator.truediv"],
)
def test_scan_finds_inexact_arithmetic(source):
    assert inexact(source)


@pytest.mark.parametrize(
    "source",
    [
        "1_000",
        "a // b",
        "a % b",
        "'0.5 / 2'",
        "Decimal('0.5')",
        "Fraction(1, 2)",
        "isinstance(x, float)",
        "x: float",
    ],
)
def test_scan_leaves_exact_arithmetic_alone(source):
    assert inexact(source) == []
