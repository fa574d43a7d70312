"""EMRT, CMRT and AMRT: chains from the places of a template, in any language."""

import csv
import io
import sys
import zipfile

import pytest
from tests.importing import check, fate, sample
from tests.workbooks import Formula, workbook

from evcredit.errors import EvcreditError, InvalidFactError
from evcredit.importers import decode
from evcredit.importers.report import Mapped, Unknown, Unmapped
from evcredit.importers.rmi import import_rmi
from evcredit.importers.rmi_rows import MINES, SMELTERS

SMELTER_FILE, MINE_FILE = "rmi-emrt-2.1-smelter-list.csv", "rmi-emrt-2.1-mine-list.csv"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def table(text):
    return list(csv.reader(io.StringIO(text)))


def text(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def cell_paths(sheet, rows):
    return [
        f"{sheet}!{LETTERS[column]}{row}"
        for row, cells in enumerate(rows, 1)
        for column, cell in enumerate(cells)
        if cell.strip()
    ]


def smelters(*rows, **options):
    """Import rows given by column letter."""
    cells = [[row.get(letter, "") for letter in LETTERS[:17]] for row in rows]
    options = {"template": "EMRT 2.1", "steps_are_complete": True, **options}
    if "mines" in options:
        mines = [[row.get(letter, "") for letter in LETTERS[:13]] for row in options.pop("mines")]
        options["mine_list"] = text([["heading"] * 13, *mines])
    return check(import_rmi(text([["heading"] * 17, *cells]), **options))


def steps(chain):
    return [(step.activity and step.activity.name, step.country, step.by) for step in chain.steps]


def in_words(chain):
    return f"{chain.mineral.identifier}: {', '.join(' '.join(map(str, s)) for s in steps(chain))}"


def all_steps(imported):
    return [steps(chain) for chain in imported.facts.minerals]


NICKEL = {"B": "Nickel", "C": "Bay", "D": "Bay", "E": "JAPAN"}
BAY = ("PROCESSING", "JP", "Bay")


# -- the sample ---------------------------------------------------------------------------------


def imported_sample(**options):
    return import_rmi(
        sample(SMELTER_FILE), template="EMRT 2.1", mine_list=sample(MINE_FILE), **options
    )


def test_sample_becomes_chains_without_values():
    imported = imported_sample(steps_are_complete=True)

    assert [in_words(chain) for chain in imported.facts.minerals] == [
        "nickel: EXTRACTION ID Mine A, PROCESSING JP Blue Bay Nickel Refinery",
        "nickel: EXTRACTION PH Mine B, PROCESSING JP Blue Bay Nickel Refinery",
        "cobalt: EXTRACTION CD Copperbelt Pit 4, PROCESSING FI Kestrel Cobalt Oy",
        "lithium: EXTRACTION CL Salar Grande, PROCESSING CL Salar Chemicals",
        "lithium: None None None, PROCESSING None None",
        "nickel: RECYCLING None None, PROCESSING CA Northern Loop Recycling",
        "graphite: EXTRACTION MZ None, PROCESSING CN Eastern Anode Materials",
        "lithium: EXTRACTION AU Hard Rock Hill, PROCESSING None Nobody Named So",
    ]
    assert {chain.value for chain in imported.facts.minerals} == {None}


def test_every_cell_of_the_sample_is_in_one_list():
    lists = {SMELTERS: SMELTER_FILE, MINES: MINE_FILE}
    paths = [
        path
        for sheet, name in lists.items()
        for path in cell_paths(sheet, table(sample(name).decode()))
    ]

    check(imported_sample(), paths)


def test_chains_say_where_they_come_from():
    first, second, *_, last = imported_sample().facts.minerals

    assert first.evidence == (
        "EMRT 2.1, Smelter List row 2, smelter CID900101 of RMI, Mine List row 2"
    )
    assert second.evidence.endswith("Mine List row 3, mine CID900155")
    assert last.evidence == "EMRT 2.1, Mine List row 6"


def test_sample_reports_what_states_nothing_and_what_is_unclear():
    imported = imported_sample()

    assert fate(imported, "Smelter List!B8").why.startswith("copper is not an applicable")
    assert fate(imported, "Smelter List!P3").why == "answered unknown"
    assert fate(imported, "Smelter List!C5").why == "the smelter is not identified"
    assert fate(imported, "Smelter List!C4").why.startswith("another name of the smelter")
    assert fate(imported, "Smelter List!O2").why == "the Mine List names the mines one by one"
    assert isinstance(fate(imported, "Smelter List!I2"), Unmapped)


def test_processing_elsewhere_is_possible_unless_the_caller_rules_it_out():
    (chain,) = smelters(NICKEL, steps_are_complete=False).facts.minerals

    assert steps(chain) == [(None, None, None), BAY, ("PROCESSING", None, None)]


# -- one cell at a time -------------------------------------------------------------------------


def test_a_mine_country_in_the_row_is_the_extraction():
    imported = smelters({**NICKEL, "N": "Mine A", "O": "INDONESIA", "P": "No"})

    assert all_steps(imported) == [[("EXTRACTION", "ID", "Mine A"), BAY]]
    assert fate(imported, "Smelter List!P2").to == ("minerals[0].steps[0].activity",)


def test_the_answer_no_alone_says_that_it_was_mined():
    assert all_steps(smelters({**NICKEL, "P": "No"})) == [[("EXTRACTION", None, None), BAY]]


def test_two_countries_in_a_cell_are_not_split():
    imported = smelters({**NICKEL, "O": "INDONESIA; PHILIPPINES"})

    assert all_steps(imported) == [[("EXTRACTION", None, None), BAY]]
    assert fate(imported, "Smelter List!O2").readings == ("INDONESIA", "PHILIPPINES")


@pytest.mark.parametrize("name", ["A; B", "A, B", "A / B", "A and B", "A & B", "A\nB"])
def test_two_mines_in_a_cell_are_not_split(name):
    imported = smelters({**NICKEL, "N": name, "O": "CHILE"})

    assert all_steps(imported) == [[("EXTRACTION", "CL", None), BAY]]
    assert fate(imported, "Smelter List!N2").readings == ("one mine of that name", "several mines")


@pytest.mark.parametrize("place", ["Unknown", "ZZ"])
def test_an_unknown_place_stays_unknown(place):
    imported = smelters({**NICKEL, "E": place})

    assert all_steps(imported) == [[(None, None, None), ("PROCESSING", None, "Bay")]]
    assert fate(imported, "Smelter List!E2").why == "no place is known"


def test_a_country_that_two_have_the_name_of_stays_unknown():
    imported = smelters({**NICKEL, "E": "CONGO"})

    assert "Kinshasa" in fate(imported, "Smelter List!E2").why
    assert imported.facts.minerals[0].steps[1].country is None


@pytest.mark.parametrize("cells", [{"P": "Yes"}, {"O": "Recycled"}, {"N": "scrap"}])
def test_recycled_is_a_step_in_no_known_place(cells):
    imported = smelters({**NICKEL, **cells})

    assert all_steps(imported) == [[("RECYCLING", None, None), BAY]]


def test_recycled_where_smelted_if_the_caller_says_so():
    imported = smelters({**NICKEL, "P": "Yes"}, recycled_where_smelted=True)

    assert all_steps(imported) == [[("RECYCLING", "JP", "Bay"), BAY]]


@pytest.mark.parametrize(
    "cells",
    [{"P": "No", "O": "recycled"}, {"P": "Yes", "O": "CHILE"}, {"N": "Mine A", "O": "scrap"}],
)
def test_recycled_and_mined_at_once_is_neither(cells):
    imported = smelters({**NICKEL, **cells})

    assert all_steps(imported) == [[(None, None, None), BAY]]
    for column in cells:
        assert fate(imported, f"Smelter List!{column}2").readings == (
            "all of it is recycled",
            "it is mined",
        )


def test_an_answer_in_another_language_is_unknown_in_a_file_without_its_list():
    imported = smelters({**NICKEL, "P": "Ja"})

    assert all_steps(imported) == [[(None, None, None), BAY]]
    assert "none of the template's" in fate(imported, "Smelter List!P2").why


def test_a_smelter_that_is_not_listed_has_the_name_given():
    imported = smelters({"B": "Cobalt", "C": "Smelter not listed", "D": "Kestrel", "E": "FINLAND"})

    assert all_steps(imported) == [[(None, None, None), ("PROCESSING", "FI", "Kestrel")]]


def test_a_smelter_that_is_not_listed_and_not_named_is_unknown():
    imported = smelters({"B": "Cobalt", "C": "Smelter not listed", "E": "FINLAND"})

    assert all_steps(imported) == [[(None, None, None), ("PROCESSING", "FI", None)]]


def test_the_name_looked_up_serves_where_no_other_is_stored():
    imported = smelters({"B": "Cobalt", "C": "Kestrel", "E": "FINLAND"})

    assert imported.facts.minerals[0].steps[1].by == "Kestrel"


def test_a_row_without_any_name():
    imported = smelters({"B": "Cobalt", "E": "FINLAND"})

    assert all_steps(imported) == [[(None, None, None), ("PROCESSING", "FI", None)]]


def test_two_identification_numbers_are_both_unknown():
    imported = smelters({**NICKEL, "A": "CID1", "F": "CID2"})

    assert imported.facts.minerals[0].evidence == "EMRT 2.1, Smelter List row 2"
    assert fate(imported, "Smelter List!A2").readings == ("CID1", "CID2")
    assert isinstance(fate(imported, "Smelter List!F2"), Unknown)


def test_half_of_a_character_is_not_text():
    with pytest.raises(InvalidFactError, match="not text"):
        import_rmi("h\n,Nickel,,,\ud800", template="EMRT 2.1")


def test_an_issuer_without_a_number_is_no_evidence():
    imported = smelters({**NICKEL, "G": "RMI"})

    assert imported.facts.minerals[0].evidence == "EMRT 2.1, Smelter List row 2"


# -- rows ---------------------------------------------------------------------------------------


def test_blank_rows_full_of_residue_make_no_chains():
    blank = {"B": "0", "C": "#N/A", "D": "#N/A", "P": "0"}
    imported = smelters(blank, NICKEL, blank)

    assert len(imported.facts.minerals) == 1
    assert (
        fate(imported, "Smelter List!C2").why == "left in a blank row by a formula of the template"
    )
    assert (
        fate(imported, "Smelter List!C4").why == "left in a blank row by a formula of the template"
    )


def test_a_row_without_a_metal_is_unknown():
    imported = smelters({"A": "CID900101", "B": "#N/A"})

    assert imported.facts.minerals == ()
    assert fate(imported, "Smelter List!A2").why.startswith("the row names no metal")
    assert isinstance(fate(imported, "Smelter List!B2"), Unknown)


def test_a_misspelt_metal_is_unknown_with_a_hint():
    imported = smelters({"B": "Nickle", "D": "Bay"})

    assert "nickel" in fate(imported, "Smelter List!B2").why
    assert isinstance(fate(imported, "Smelter List!D2"), Unknown)


def test_the_same_row_twice_is_two_possible_chains():
    assert all_steps(smelters(NICKEL, NICKEL)) == [[(None, None, None), BAY]] * 2


def test_a_file_without_headings_loses_no_row():
    imported = check(import_rmi(text([["", "Nickel", "", "Bay"]]), template="EMRT 2.1"))

    assert len(imported.facts.minerals) == 1


def test_the_headings_of_a_language_do_not_matter():
    first = ["Nummer", "Metall (*)", "Schmelzhütten: Land", "冶炼厂名称 (*)"]
    for heading in (first, ["金属"] * 4):
        imported = check(
            import_rmi(text([heading, ["", "Nickel", "", "Bay"]]), template="EMRT 2.1")
        )

        assert imported.facts.minerals[0].steps[1].by == "Bay"


def test_an_entire_sheet_begins_in_row_five():
    version = [""] * 16 + ["Revision 2.1\nOctober 17, 2025"]
    imported = check(
        import_rmi(
            text([[], ["", "Nickel"], version, ["", "Nickel"], ["", "Nickel", "", "Bay"]]),
            template="EMRT 2.1",
        )
    )

    assert len(imported.facts.minerals) == 1
    assert isinstance(fate(imported, "Smelter List!B2"), Unmapped)


# -- mines --------------------------------------------------------------------------------------


def test_mines_are_joined_by_metal_and_name_whatever_the_capitals():
    imported = smelters(
        NICKEL,
        {**NICKEL, "B": "Cobalt"},
        mines=[{"A": "Nickel", "B": " BAY ", "C": "M", "F": "CHILE"}],
    )

    assert all_steps(imported) == [
        [("EXTRACTION", "CL", "M"), BAY],
        [(None, None, None), BAY],
    ]
    assert fate(imported, "Mine List!A2").to == ("minerals[0].mineral",)


def test_a_country_that_no_mine_is_in_is_a_chain_too():
    imported = smelters(
        {**NICKEL, "O": "CHINA"}, mines=[{"A": "Nickel", "B": "Bay", "C": "M", "F": "CHILE"}]
    )

    assert all_steps(imported) == [
        [("EXTRACTION", "CL", "M"), BAY],
        [("EXTRACTION", "CN", None), BAY],
    ]


def test_an_unclear_place_beside_mines_is_reported():
    imported = smelters(
        {**NICKEL, "O": "the south"}, mines=[{"A": "Nickel", "B": "Bay", "F": "CHILE"}]
    )

    assert len(imported.facts.minerals) == 1
    assert isinstance(fate(imported, "Smelter List!O2"), Unknown)


def test_mines_of_a_smelter_that_takes_scrap_alone():
    imported = smelters(
        {**NICKEL, "P": "Yes"}, mines=[{"A": "Nickel", "B": "Bay", "C": "M", "F": "CHILE"}]
    )

    assert all_steps(imported) == [[("EXTRACTION", "CL", "M"), BAY]]
    assert fate(imported, "Smelter List!P2").readings == ("all of it is recycled", "it is mined")


def test_a_mine_of_several_smelters_has_none_known():
    imported = smelters(mines=[{"A": "Nickel", "B": "Bay; Cape", "C": "M", "F": "CHILE"}])

    assert all_steps(imported) == [[("EXTRACTION", "CL", "M"), ("PROCESSING", None, None)]]
    assert fate(imported, "Mine List!B2").readings == ("Bay", "Cape")


def test_a_mine_of_nobody():
    imported = smelters(mines=[{"A": "Nickel", "D": "CID1"}])

    assert all_steps(imported) == [[("EXTRACTION", None, None), ("PROCESSING", None, None)]]


# -- workbooks ----------------------------------------------------------------------------------


def book(**sheets):
    """A workbook like an EMRT 2.1 in Chinese."""
    names = {"smelters": SMELTERS, "mines": MINES}
    return workbook(
        {
            "Revision": {(3, 1): "Extended Mineral Reporting Template"},
            "Declaration": {(3, 3): "中文 Chinese", (3, 9): "Revision 2.1\nOctober 17, 2025"},
            **{names.get(name, name): cells for name, cells in sheets.items()},
        }
    )


TOP = {
    (2, 33): "是",
    (3, 33): "否",
    (3, 16): "Revision 2.1\nOctober 17, 2025",
    (4, 1): "金属 (*)",
}


def test_a_workbook_says_what_it_is_and_needs_no_english():
    cells = {**TOP, (5, 1): "Nickel", (5, 3): "Bay", (5, 4): "JAPAN", (5, 15): "是", (5, 23): 0}
    imported = check(import_rmi(book(smelters=cells), steps_are_complete=True))

    assert imported.report.source == "EMRT 2.1"
    assert all_steps(imported) == [[("RECYCLING", None, None), BAY]]
    assert fate(imported, "Smelter List!X5").why == "computed by the template for its own use"
    assert (
        fate(imported, "Declaration!D3").why == "the sheet Declaration states nothing of one chain"
    )


def test_a_workbook_has_its_own_mines():
    smelter = {**TOP, (5, 1): "Nickel", (5, 3): "Bay", (5, 4): "JAPAN"}
    mine = {(3, 12): "Revision 2.1", (5, 0): "Nickel", (5, 1): "Bay", (5, 5): "CHILE"}
    data = book(smelters=smelter, mines=mine)

    assert all_steps(import_rmi(data, steps_are_complete=True)) == [
        [("EXTRACTION", "CL", None), BAY]
    ]
    with pytest.raises(InvalidFactError, match="its own Mine List"):
        import_rmi(data, mine_list="")


def test_rows_of_formulas_without_results_are_not_lost():
    computed = {(5, column): Formula("A1", "") for column in range(1, 7)}
    imported = check(import_rmi(book(smelters={**TOP, (5, 0): "CID900101", **computed})))

    assert imported.facts.minerals == ()
    assert "save it" in fate(imported, "Smelter List!A5").why


def test_stored_results_of_formulas_are_read():
    cells = {
        **TOP,
        (5, 0): "CID1",
        (5, 1): Formula("x", "Nickel", "str"),
        (5, 4): Formula("x", "JAPAN", "str"),
        (5, 23): Formula("x", "7", ""),
        (5, 24): True,
    }

    assert import_rmi(book(smelters=cells)).facts.minerals[0].steps[1].country == "JP"


def test_full_blank_rows_of_a_workbook():
    cells = {**TOP}
    for row in range(5, 60):
        cells |= {(row, 1): 0, (row, 2): Formula("x", "#N/A", "e"), (row, 23): 0}
    cells[60, 1] = "Nickel"
    imported = check(import_rmi(book(smelters=cells)))

    assert len(imported.facts.minerals) == 1


def test_other_versions_and_templates_are_refused():
    other = workbook(
        {
            "Revision": {(3, 1): "Extended Mineral Reporting Template"},
            "Declaration": {(3, 9): "Revision 1.3\nApril 26, 2024"},
            SMELTERS: {},
        }
    )
    with pytest.raises(InvalidFactError, match=r"found 'EMRT 1\.3'; the templates that are read"):
        import_rmi(other)
    with pytest.raises(InvalidFactError, match="the workbook says that it is EMRT"):
        import_rmi(other, template="EMRT 2.1")
    with pytest.raises(InvalidFactError, match="without the title"):
        import_rmi(workbook({SMELTERS: {(5, 1): "Nickel"}}))


def test_a_stated_template_serves_for_a_workbook_without_a_title():
    data = workbook({SMELTERS: {(2, 1): "Nickel"}})

    assert len(import_rmi(data, template="AMRT 1.3").facts.minerals) == 1
    with pytest.raises(InvalidFactError, match="no sheet Smelter List"):
        import_rmi(workbook({"Other": {(1, 1): "x"}}), template="AMRT 1.3")


def test_what_is_no_template_is_refused():
    with pytest.raises(InvalidFactError, match="give one of EMRT"):
        import_rmi("", template="EMRT 9")
    with pytest.raises(InvalidFactError, match="say which template"):
        import_rmi("a,b")
    with pytest.raises(InvalidFactError, match="bytes of the file"):
        import_rmi(3, template="EMRT 2.1")


@pytest.mark.parametrize("keep", [4, 30, 200, -1])
def test_a_truncated_workbook_is_refused(keep):
    with pytest.raises(InvalidFactError, match="opens in Excel"):
        import_rmi(book(smelters=TOP)[:keep])


def test_an_archive_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(InvalidFactError, match="opens in Excel"):
        import_rmi(out.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    """What counts is what it unpacks to: packed it is small."""
    data = workbook({"A": {(row, 1): "Nickel" for row in range(1, 2000)}})
    monkeypatch.setattr(decode, "LARGEST", len(data))
    with pytest.raises(InvalidFactError, match=rf"bytes unpacked.* at most {len(data):,} bytes"):
        import_rmi(data)
    monkeypatch.setattr(decode, "LARGEST", len(data) - 1)
    with pytest.raises(InvalidFactError, match=f"a file of at most {len(data) - 1:,} bytes"):
        import_rmi(data)


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(EvcreditError, match=r"evcredit\[xlsx\]"):
        import_rmi(book(smelters=TOP))


@pytest.mark.parametrize("keep", range(0, 1400, 37))
def test_truncated_lists_raise_only_our_errors(keep):
    try:
        imported = import_rmi(sample(SMELTER_FILE)[:keep], template="EMRT 2.1")
    except InvalidFactError:
        return
    check(imported)


def test_an_unclosed_quote_is_refused():
    with pytest.raises(InvalidFactError, match="comma-separated values"):
        import_rmi('a,"b', template="EMRT 2.1")


def test_windows_encoding_is_read():
    data = "h\n,Nickel,,Étoile,CÔTE D’IVOIRE".encode("cp1252")
    imported = import_rmi(data, template="EMRT 2.1")

    assert imported.facts.minerals[0].steps[1].by == "Étoile"
    assert isinstance(fate(imported, "Smelter List!D2"), Mapped)
