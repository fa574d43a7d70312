"""Reading documents so that every value is in one list."""

from decimal import Decimal

import pytest
from tests.importing import check, fate, leaf_paths

from evcredit.algebra.field import as_text
from evcredit.errors import InvalidFactError
from evcredit.importers.decode import as_bytes, json_document, records, rows, text_of
from evcredit.importers.leaves import Leaves
from evcredit.importers.report import ImportReport, Mapped, Unknown, Unmapped


def document(text):
    leaves = Leaves("test")
    return leaves, leaves.add(json_document(text.encode()))


def finished(leaves):
    return leaves.imported({}).report


def test_every_kind_of_value_is_a_leaf():
    text = '{"a": [1, {"b": null}, [], {}], "c d": true, "e.f": "x", "": 1, "[0]": 2}'
    leaves, _ = document(text)

    paths = [entry.path for entry in finished(leaves)]
    assert paths == [
        "a[0]",
        "a[1].b",
        "a[2]",
        "a[3]",
        "c d",
        '["e.f"]',
        '[""]',
        '["[0]"]',
    ]
    assert paths == list(leaf_paths(json_document(text.encode())))


def test_a_document_of_one_value_is_at_the_dollar():
    leaves, node = document("5")
    node.doubt("no object")

    assert [str(entry) for entry in finished(leaves)] == ["$ 5: no object"]


def test_a_scalar_can_be_mapped_at_the_dollar():
    leaves, node = document('"x"')

    assert node.take(as_text, "it") == "x"
    assert finished(leaves).mapped == (Mapped("$", "x", ("it",)),)


def test_a_name_that_occurs_twice_is_unknown_and_counted_twice():
    leaves, node = document('{"a": 1, "a": {"b": 2}, "a": 3}')

    assert not node.child("a").stated
    assert [(entry.path, entry.value) for entry in finished(leaves).unknown] == [
        ("a", Decimal(1)),
        ("a#1.b", Decimal(2)),
        ("a#2", Decimal(3)),
    ]


def test_doubt_overrides_and_a_value_can_be_part_of_two_facts():
    leaves, node = document('{"a": "x", "b": "y"}')
    a, b = node.child("a"), node.child("b")
    a.skip("first")
    a.map("one")
    a.map("two")
    a.skip("last")
    b.map("one")
    b.doubt("unclear")
    b.map("one")

    report = finished(leaves)
    assert report.mapped == (Mapped("a", "x", ("one", "two")),)
    assert report.unknown == (Unknown("b", "y", "unclear"),)


def test_what_is_not_read_is_unmapped():
    leaves, _ = document('{"a": 1}')

    (entry,) = finished(leaves)
    assert isinstance(entry, Unmapped)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("null", "not stated"),
        ('"  "', "not stated"),
        ("[1]", "give one value here"),
        ("{}", "give one value here"),
        ("true", "give text that is not empty, or None for unknown"),
        (r'"\ud800"', "this is not text: it has half of a character"),
    ],
)
def test_a_value_that_cannot_be_the_fact_says_why(text, why):
    leaves, node = document(f'{{"a": {text}}}')

    assert node.child("a").take(as_text, "it") is None
    assert {entry.why for entry in finished(leaves).unknown} == {why}


def test_what_is_absent_is_neither_a_value_nor_a_fact():
    leaves, node = document('{"a": "x"}')

    assert node.child("b").take(as_text, "it") is None
    assert node.child("b").items() == ()
    assert repr(node.child("b").value) == "absent"
    assert not node.child("b").child("c").stated
    assert [entry.path for entry in finished(leaves)] == ["a"]


def test_a_value_where_an_object_or_a_list_belongs():
    leaves, node = document('{"a": 1, "b": {"c": 2}}')

    node.child("a").child("x")
    assert node.child("b").items() == ()
    assert [(entry.path, entry.why) for entry in finished(leaves).unknown] == [
        ("a", "give an object here"),
        ("b.c", "give a list here"),
    ]


def test_what_is_empty_is_shown_and_can_be_hashed():
    leaves, _ = document('{"a": [], "b": {}}')

    report = finished(leaves)
    assert [entry.value for entry in report] == ["[]", "{}"]
    assert hash(report) == hash(finished(leaves))


def test_deep_documents_are_read_or_refused():
    deep = "[" * 400 + "]" * 400
    leaves, _ = document(deep)
    assert len(list(finished(leaves))) == 1

    with pytest.raises(InvalidFactError, match="nested too deeply"):
        json_document(b"[" * 200_000)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'{"a": }', b"\xff\xfe{"])
def test_what_is_no_json_is_refused(data):
    with pytest.raises(InvalidFactError, match="give a JSON file"):
        json_document(data)


def test_numbers_are_exact():
    assert json_document(b"[0.1, 1e2, 12345678901234567890]") == [
        Decimal("0.1"),
        Decimal("1e2"),
        Decimal(12345678901234567890),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_are_read(encoding):
    assert text_of("Côte".encode(encoding)) == "Côte"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x81"])
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(InvalidFactError, match="not text"):
        text_of(data, otherwise="cp1252")


def test_only_bytes_and_text_are_files():
    assert as_bytes(bytearray(b"x")) == b"x"
    with pytest.raises(InvalidFactError, match="read_bytes"):
        as_bytes(None)


def test_records_keep_cells_without_a_heading():
    table = rows("a, b ,,a\n1,2,3,4,5\n\n,,,\n")

    (record,) = records(table, "file", ["a", "b"])
    assert record == {"a": "1", "b": "2", "column 3": "3", "column 5": "5"}
    assert record.repeated == [("a", "4")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b\n1;2, 3", [["a", "b"], ["1", "2, 3"]]),
        ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]),
        ("\na;b", [[], ["a", "b"]]),
        ("a,b;c", [["a", "b;c"]]),
        ("a", [["a"]]),
        ("", []),
    ],
)
def test_semicolons_and_tabs_separate_where_no_comma_does(text, expected):
    assert rows(text) == expected


@pytest.mark.parametrize("table", [[], [["x"]]])
def test_records_need_their_headings(table):
    with pytest.raises(InvalidFactError, match="lacks the headings a, b"):
        records(table, "file", ["a", "b"])


def test_a_report_explains_itself():
    report = ImportReport(
        source="X 1",
        notes=("see the manual",),
        mapped=(Mapped("a", Decimal("1.0"), ("facts[0]",)),),
        unknown=(Unknown("b", "x" * 200, "two readings", ("this", "that")),),
        unmapped=(Unmapped("c", None, "contact"), Unmapped("d", "[]", "contact")),
    )

    assert report.explain().splitlines() == [
        "X 1: 4 values, 1 mapped, 2 unmapped, 1 unknown",
        "Note: see the manual",
        "Mapped:",
        "  a 1.0 -> facts[0]",
        "Unknown:",
        f"  b '{'x' * 77}...: two readings: this, or that",
        "Unmapped:",
        "  contact: 2 (c to d)",
    ]
    assert str(report.unmapped[0]) == "c None: contact"
    assert report.to_dict() == {
        "source": "X 1",
        "digest": "",
        "notes": ["see the manual"],
        "mapped": [{"path": "a", "value": "1.0", "to": ["facts[0]"]}],
        "unmapped": [
            {"path": "c", "value": None, "why": "contact"},
            {"path": "d", "value": "[]", "why": "contact"},
        ],
        "unknown": [
            {"path": "b", "value": "x" * 200, "why": "two readings", "readings": ["this", "that"]}
        ],
    }


def test_half_of_a_character_does_not_break_a_report():
    leaves, _ = document(r'{"\ud800": "\udfff"}')

    check(leaves.imported({}))
    assert fate(leaves.imported({}), '["\\ud800"]').value == "\udfff"
