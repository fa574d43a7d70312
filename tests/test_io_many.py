"""Many claims as JSON: in lines or in an array, in turn, with faults by line."""

import io
import json
from decimal import Decimal

import pytest

from evcredit import Claim, InvalidFactError, Vehicle, examples
from evcredit.errors import InvalidFactsError
from evcredit.io import claim_from_json, claim_to_dict, claims_from_json, numbered_claims
from evcredit.io import many as module
from evcredit.io.repeats import Built, one_of_many

CLAIM = examples.demonstration_claim()
ONE = json.dumps(claim_to_dict(CLAIM))


def read(text, **options):
    stream = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    return list(numbered_claims(stream, **options))


def told(text):
    """The claims that can be used, and the faults in words."""
    faults = []
    found = read(text, report=lambda each: faults.extend(str(each).splitlines()))
    return found, faults


def priced(msrp):
    return Claim(vehicle=Vehicle(msrp=msrp))


def test_lines():
    """Empty lines are passed over and counted; the last one need not end."""
    found = read(f'{ONE}\n\n  \r\n{{"vehicle": {{"msrp": 47999.99}}}}\r\n{{}}')
    assert found == [(1, CLAIM), (4, priced(Decimal("47999.99"))), (5, Claim())]
    assert read("") == read("\n \n") == []


def test_an_array():
    """On one line or on many; the line is that on which a claim begins."""
    text = f'\n[{ONE},\n {{"vehicle":\n {{"msrp": 5}}}}, {{}}\n ,{{}}]\n'
    assert read(text) == [(2, CLAIM), (3, priced(5)), (4, Claim()), (5, Claim())]
    assert read("[]") == read("[ \n ] \n") == []
    assert read(json.dumps([json.loads(ONE)] * 3, indent=2))[1:][0][1] == CLAIM


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1_000])
def test_an_array_in_pieces(monkeypatch, size):
    """Wherever a piece ends: in a name, a number, a letter of several bytes, or between claims."""
    monkeypatch.setattr(module, "_AT_A_TIME", size)

    class Slow(io.BytesIO):
        def readline(self, most):
            return super().readline(min(most, 2))

    text = '[{"vehicle": {"make": "Škoda", "msrp": 1234.50}},{},\n{"vehicle": {"msrp": 7}}]'
    found = list(numbered_claims(Slow(text.encode())))
    assert [line for line, _ in found] == [1, 1, 2]
    assert found[0][1].vehicle.make == "Škoda"
    assert [claim.vehicle.msrp for _, claim in found] == [Decimal("1234.50"), None, 7]


def test_files_and_streams(tmp_path):
    """A path, as text or not, a file of bytes, and a file of text."""
    path = tmp_path / "claims.jsonl"
    path.write_text(f"{ONE}\n{ONE}\n", encoding="utf-8")
    assert list(claims_from_json(path)) == list(claims_from_json(str(path))) == [CLAIM, CLAIM]
    with path.open(encoding="utf-8") as text, path.open("rb") as data:
        assert list(claims_from_json(text)) == list(claims_from_json(data)) == [CLAIM, CLAIM]
    assert list(claims_from_json(io.StringIO(f"[{ONE}, {ONE}]"))) == [CLAIM, CLAIM]
    path.write_bytes(b"\xef\xbb\xbf" + ONE.encode())
    assert list(claims_from_json(path)) == [CLAIM]
    with pytest.raises(FileNotFoundError):
        list(claims_from_json(tmp_path / "none"))
    for wrong in (ONE.encode(), None, [ONE]):
        with pytest.raises(InvalidFactError, match=r"source: .*claim_from_json reads one claim"):
            claims_from_json(wrong)


def test_nothing_is_read_ahead():
    """The first claims are there before the rest of a pipe is."""
    read_lines = []

    class Pipe:
        def readline(self, most):
            read_lines.append(most)
            return b"{}\n"

    claims = claims_from_json(Pipe())
    assert next(claims) == next(claims) == Claim()
    assert len(read_lines) == 2


# -- faults --------------------------------------------------------------------------------


def test_faults_have_their_line_and_path():
    """All of one claim together; the next claim follows if there is who takes them in."""
    text = '{}\n{"vehicle": {"msrp": -1, "wheel": 4}}\n{"vehicle": {"msrp": 5}}\n'
    found, faults = told(text)
    assert found == [(1, Claim()), (3, priced(5))]
    assert faults == [
        "2 facts cannot be used:",
        "  line 2: vehicle.wheel: found 4; there is no fact of this name; did you mean wheels?",
        "  line 2: vehicle.msrp: found -1; may not be negative",
    ]
    with pytest.raises(InvalidFactsError) as caught:
        read(text)
    assert caught.value.exceptions[1].path == "line 2: vehicle.msrp"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: found line 2, column 1: Expecting property name"),
        ('{"vehicle": 5}', "line 2: vehicle: found 5; give an object in braces"),
        ("7", "line 2: found 7; give an object in braces"),
        ('{"vehicle": {"msrp": 1, "msrp": 1}}', "line 2: vehicle.msrp: .*appears twice"),
        ('{"vehicle": {"msrp" : 1, "msrp" : 1}}', "line 2: vehicle.msrp: .*appears twice"),
        ('{"tax_year": 2024}', "line 2: .*this is a return"),
        ('{"vehicle": {"msrp": NaN}}', "line 2: vehicle.msrp: found NaN"),
        ('{"vehicle": {"msrp": 1e9999999999999999999}}', "line 2"),
        ('{"vehicle": {"battery": {"minerals": [{}]}}}', r"minerals\[0\].mineral"),
        ("[" * 100_000, "too many levels"),
    ],
)
def test_faults_of_a_line(line, message):
    """The same as of one claim, and the lines after it are read."""
    with pytest.raises((InvalidFactError, InvalidFactsError), match=message):
        read(f"{{}}\n{line}\n{{}}")
    found, faults = told(f"{{}}\n{line}\n{{}}")
    assert [number for number, _ in found] == [1, 3]
    assert faults


def test_null_beside_a_fault():
    """Null chains are unknown ones, however the claim is read."""
    text = '{"vehicle": {"battery": {"minerals": null}, "msrp": -1}}'
    _, faults = told(text)
    assert faults == ["line 1: vehicle.msrp: found -1; may not be negative"]
    assert read(text.replace("-1", "1"))[0][1].vehicle.battery.minerals is None


def test_a_line_that_is_no_text_in_utf_8():
    """It says what a file of many claims is."""
    found, faults = told(b'{"vehicle": {"make": "\xff"}}\n{}\n{"a\n')
    assert [number for number, _ in found] == [2]
    assert faults[0].startswith("line 1: found byte 22: invalid start byte; give one claim a line")
    assert "give one claim a line, or one array of claims" in faults[1]


def test_a_line_that_is_too_long(monkeypatch):
    """One claim has the limit of one document; the rest of its line is no claim."""
    monkeypatch.setattr(module, "MOST_CHARACTERS", 50)
    monkeypatch.setattr("evcredit.io.reading.MOST_CHARACTERS", 50)
    monkeypatch.setattr("evcredit.io.repeats.MOST_CHARACTERS", 50)
    found, faults = told(f'{{}}\n{{"vehicle": {{"make": "{"x" * 300}"}}}}\n{{}}\n')
    assert [number for number, _ in found] == [1, 3]
    (fault,) = faults
    assert fault.startswith("line 2: ")
    assert "one document holds at most 50 characters" in fault
    text = f'[{{}}, {{"vehicle": {{"make": "{"x" * 300}"}}}}, {{}}]'
    for size, lines in ((1_000, [1, 1]), (10, [1])):  # one is not looked for the end of
        monkeypatch.setattr(module, "_AT_A_TIME", size)
        found, faults = told(text)
        assert [number for number, _ in found] == lines
        assert "one document holds at most 50 characters" in faults[0]


@pytest.mark.parametrize(
    ("text", "lines", "message"),
    [
        ("[{}", [1], "line 1: found 'the end of the file, and not of the array'"),
        ("[{}\n,", [1], "line 2: found 'Expecting value"),
        ("[{} {}]", [1], "line 1: found '{'; give one array of claims"),
        ("[{}]\n{}", [1], "line 2: found 'something after the end of the array'"),
        ("[", [], "line 1: found 'Expecting value"),
        ("[{},\n\n{]", [1], "line 3: found 'Expecting property name"),
        ('["\xff"]'.encode("latin-1"), [], "line 1: found 'invalid start byte'"),
        (b'[{}, "\xc3', [1], "line 1: found 'unexpected end of data'"),
        ("[" * 100_000, [], "line 1: found 'too many levels inside each other'"),
        ("[1e9999999999999999999]", [], "line 1"),
    ],
)
def test_an_array_that_is_none(text, lines, message):
    """What comes before the fault is read, and nothing after it is guessed."""
    found, faults = told(text)
    assert [line for line, _ in found] == lines
    assert faults[0].startswith(message)


def test_faults_of_a_claim_in_an_array():
    """They do not end the array."""
    found, faults = told('[{},\n{"vehicle": {"msrp": -1}},\n7, {}]')
    assert [line for line, _ in found] == [1, 3]
    assert faults[0] == "line 2: vehicle.msrp: found -1; may not be negative"
    assert faults[1] == "line 3: found 7; give an object in braces"


# -- what repeats --------------------------------------------------------------------------


def test_parts_that_repeat_are_one_object():
    """The battery of a model is built once, and is what it would be if it were built again."""
    first, other = (claim for _, claim in read(f"{ONE}\n{ONE}\n"))
    assert first == other == CLAIM
    assert first.vehicle.battery is other.vehicle.battery
    assert first.vehicle is other.vehicle


@pytest.mark.parametrize(
    ("one", "other"), [("1", "true"), ("1.0", "1.00"), ("5", '"5"'), ("null", "0")]
)
def test_parts_that_are_nearly_the_same_are_apart(one, other):
    """Equal in Python is not the same in JSON."""
    lines = [f'{{"vehicle": {{"wheels": {each}, "msrp": {each}}}}}' for each in (one, other)]
    for order in (lines, lines[::-1]):
        found, faults = told("\n".join(order))
        alone = []
        for line in order:
            try:
                alone.append(claim_from_json(line))
            except (InvalidFactError, InvalidFactsError):
                assert faults
        assert [repr(claim) for _, claim in found] == [repr(each) for each in alone]


def test_what_seldom_repeats_is_not_kept(monkeypatch):
    """Nor is more than there is room for; the claims are the same."""
    monkeypatch.setattr("evcredit.io.repeats._TRIED", 4)
    built = Built()
    for number in range(20):
        text = f'{{"vehicle": {{"msrp": {number}}}}}'
        assert one_of_many(text, Claim, None, built) == priced(number)
    assert built._of[Vehicle].rare
    monkeypatch.setattr("evcredit.io.repeats._TRIED", 500)
    monkeypatch.setattr("evcredit.io.repeats._KEPT", 4)
    monkeypatch.setattr("evcredit.io.repeats._LONGEST", 40)
    built = Built()
    for number in range(1, 20):
        text = f'{{"vehicle": {{"msrp": {number}, "make": "{"x" * number}"}}}}'
        assert one_of_many(text, Claim, None, built).vehicle.msrp == number
    assert 0 < len(built._of[Vehicle].objects) <= 4


def test_bounds_and_places_are_objects_too():
    """Their names are counted with the others, so none is taken for one that came twice."""
    text = json.dumps(
        {
            "vehicle": {
                "msrp": {"lower": 1, "upper": None},
                "final_assembly_country": {"country": "US", "subdivision": "Tennessee"},
            }
        }
    )
    built = Built()
    assert one_of_many(text, Claim, None, built) == claim_from_json(text)
    assert built.names == text.count('":')
