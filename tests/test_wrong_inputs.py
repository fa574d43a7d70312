"""Every wrong input is refused in our own words: where it is, what was found and what to do.

``tests/wrong_inputs.txt`` is the table of what takes the input, the input and the message,
read by people. To write it again after a wanted change, run ``EVCREDIT_UPDATE_GOLDEN=1 python -m
pytest tests/test_wrong_inputs.py`` and read the difference.
"""

import os
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.wrong_inputs import WRONG

import evcredit
from evcredit import (
    advice,
    batteries,
    errors,
    facts,
    forms,
    importers,
    io,
    law,
    plots,
    pools,
    results,
    tables,
)
from evcredit.__main__ import main
from evcredit.examples import demonstration_claim

GOLDEN = Path(__file__).with_name("wrong_inputs.txt")
CLAIM = demonstration_claim()
MOST = 400
ROOMS = (
    evcredit,
    advice,
    batteries,
    errors,
    facts,
    forms,
    importers,
    io,
    law,
    plots,
    pools,
    results,
    tables,
)
CASES = [(door, source) for door, several in WRONG.items() for source in several]


class CommandError(errors.EvcreditError):
    """What the command line wrote on standard error."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files with faults."""
    made = tmp_path_factory.mktemp("in")
    contents = {
        "empty.json": "",
        "broken.json": '{"vehicle": {',
        "return.json": '{"tax_year": 2024, "vehicles": []}',
        "claim.json": '{"vehicle": {"msrp": 50000}}',
        "wrong.json": '{"vehicle": {"msrp": "much", "wheels": -1}}',
        "empty.csv": "",
        "other.bin": "\x00\x01",
        "cars.csv.gz": "",
        "_SUCCESS": "",
        "short.csv": "key,vehicle_msrp_cents\n1\n",
        "days.csv": "purchase_placed_in_service\n05/02/2023\n",
        "semicolons.csv": "key;vehicle_msrp_cents\n1;5\n",
        "broken.parquet": "PAR1",
        "good.csv": "vehicle_msrp_cents\n5400000\n",
    }
    for name, text in contents.items():
        (made / name).write_text(text)
    return made


@pytest.fixture
def names(folder, tmp_path, capsys):
    """What the expressions may name."""

    def run(*arguments):
        try:
            code = main(list(arguments))
        except SystemExit as error:
            code = error.code
        told = capsys.readouterr().err
        if code != 2:
            raise AssertionError(f"the command line ended with {code}: {told}")
        raise CommandError(told)

    found = {}
    for room in ROOMS:
        found |= {name: getattr(room, name) for name in room.__all__}
    law_of_today = evcredit.current_law()
    filled = evcredit.fill_forms(
        evcredit.CleanVehicleReturn(tax_year=2024, vehicles=[forms.ReturnVehicle(claim=CLAIM)])
    )
    return found | {
        "CLAIM": CLAIM,
        "DAY": "purchase_placed_in_service",
        "Decimal": Decimal,
        "FOLDER": str(folder),
        "FORMS": filled,
        "LAW": law_of_today,
        "OPTIONS": {"assume": CLAIM, "unknown": True},
        "OUT": str(tmp_path / "out"),
        "RUN": run,
        "SEPARATOR": evcredit.BatteryComponent(kind="separator", value=2),
        "TURNED": ("2025-01-01", "2024-01-01"),
        "datetime": datetime,
        "pl": pl,
    }


def faults_of(error):
    """The messages of an error, one for each fault."""
    if isinstance(error, errors.InvalidFactsError):
        return [str(each) for each in error.exceptions]
    if isinstance(error, tables.InvalidFrameError):
        return [str(each) for each in error.problems]
    return [str(error)]


def refused(source, names):
    with pytest.raises(evcredit.EvcreditError) as caught:
        eval(source, dict(names))
    return faults_of(caught.value)


def plain(text, names):
    """Without what differs from run to run and machine to machine."""
    text = text.replace(names["FOLDER"], "FOLDER").replace(names["OUT"], "OUT")
    return " ".join(text.split())


@pytest.fixture(scope="module")
def told():
    return {}


@pytest.mark.parametrize(("door", "source"), CASES, ids=[source[:60] for _, source in CASES])
def test_a_wrong_input_is_refused_in_our_own_words(door, source, names, told):
    """One message for each fault, of at most 400 characters."""
    messages = [plain(each, names) for each in refused(source, names)]
    told[door, source] = messages
    for message in messages:
        assert len(message) <= MOST, message
        # Where it is, and after that what was found and what to do.
        assert re.search(r".[:;] .", message), message
        assert not re.search(r"<class|object at 0x|Traceback|NoneType|keyword|Errno", message)


def test_the_table_of_messages_is_the_one_that_was_read(told):
    """At least 200 of them. Only a run of the whole file can tell."""
    assert len(CASES) >= 200 and len(set(CASES)) == len(CASES)
    if set(told) != set(CASES):
        pytest.skip("the whole file fills the table")
    lines = []
    for door, several in WRONG.items():
        lines += [f"== {door}", ""]
        for source in several:
            lines += [f"  {source}", *(f"    {each}" for each in told[door, source][:3])]
        lines.append("")
    text = "\n".join(lines)
    if os.environ.get("EVCREDIT_UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
