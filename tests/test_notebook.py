"""Notebooks of the gallery: their cells run and show what is stored.

After a wanted change, `EVCREDIT_UPDATE_GOLDEN=1 python -m pytest tests/test_notebook.py` stores it.
"""

import importlib.util
import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "docs" / "gallery").glob("*.ipynb"))


def _tool():
    found = importlib.util.spec_from_file_location("notebook", ROOT / "tools" / "notebook.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


notebook = _tool()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_shows_when_it_is_run(path):
    pytest.importorskip("polars")
    stored = json.loads(path.read_text("utf-8"))
    now = notebook.with_outputs(stored)
    if os.environ.get("EVCREDIT_UPDATE_GOLDEN"):
        path.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        stored = now
    for before, after in zip(stored["cells"], now["cells"], strict=True):
        assert before == after, "".join(before["source"])


def test_the_gallery_has_results_forms_pictures_and_tables():
    (path,) = NOTEBOOKS
    text = path.read_text("utf-8")
    for word in ("<svg", "<table", "assess_frame", "fill_forms", "compare(", "verify("):
        assert word in text


def test_what_a_cell_shows():
    cells = [
        "1 + 1",
        "print('said')",
        "x = 3",
        "None",
        "class A:\n    def _repr_html_(self): return '<b>'\nA()",
    ]
    made = {"cells": [{"cell_type": "code", "source": [cell]} for cell in cells]}
    two, said, nothing, none, bold = notebook.outputs_of(made)
    assert two[0]["data"] == {"text/plain": ["2"]}
    assert said == [{"name": "stdout", "output_type": "stream", "text": ["said\n"]}]
    assert nothing == none == []
    assert bold[0]["data"]["text/html"] == ["<b>"]
