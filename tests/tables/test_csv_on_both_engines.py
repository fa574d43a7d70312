"""Random CSV files: both engines read the same rows, or refuse them with the same words."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import fewer

from evcredit import EvcreditError, examples
from evcredit.tables.files.engines import Engine, engine_of
from evcredit.tables.files.inputs import inputs_of, naming
from evcredit.tables.plan import plan_for

ENGINES = [engine_of("polars"), engine_of("duckdb")]
CLAIM = examples.demonstration_claim()
ANY = ("", '""', "a", '"a""b"', '"a\nb"', 'a"b', '"', " x ", "NULL", "\\", "#", "\x00", "5\n", "é")
CELLS = {
    "key": ANY,
    "msrp_cents": (
        "5400000",
        "-5",
        "007",
        "5.0",
        "5e3",
        "1_0",
        '"5"',
        "9" * 18,
        "9" * 19,
        "٣",
        *ANY,
    ),
    "placed_in_service": ("2024-06-03", "2024-02-30", "05/02/2023", "2024-06-03 00:00:00", "today"),
    "vin_on_return": ("true", "FALSE", "yes", "1", '"true"', "tRUE", ""),
}


@st.composite
def files(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from([*CELLS]), min_size=1, unique=True))
    rows = draw(st.lists(st.tuples(*(st.sampled_from(CELLS[name]) for name in names)), max_size=4))
    lines = [",".join(names), *(",".join(row) for row in rows)]
    odd = draw(st.sampled_from([*[None] * 8, "", "a,b", ","]))
    lines += [] if odd is None else [odd]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return (
        draw(st.sampled_from(["", "\ufeff"])) + end.join(lines) + draw(st.sampled_from(["", end]))
    )


def told(engine: Engine, path: Path) -> Any:
    """The rows, or the error; of what an engine itself refuses, the fact alone."""
    try:
        (file,) = inputs_of(path, engine, lambda header: plan_for(header, assume=CLAIM))
        with naming(engine, path):
            frame = engine.frame(file, 0, file.rows)
        found = engine.cells(frame, file)
        return found.rows() if engine.name == "polars" else found.fetchall()
    except EvcreditError as error:
        return str(error)


@pytest.mark.filterwarnings("error")
@given(files())
@fewer(2)
def test_both_engines_read_one_file_alike(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "cars.csv")
        path.write_bytes(text.encode())
        one, other = (told(engine, path) for engine in ENGINES)
    assert one == other
