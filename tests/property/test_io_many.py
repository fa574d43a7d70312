"""Reading quickly gives what reading carefully gives: the same claims, and the same faults."""

from __future__ import annotations

import copy
import io
import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evcredit import Claim, InvalidFactError, examples
from evcredit.errors import InvalidFactsError
from evcredit.io import claim_from_dict, claim_from_json, claim_to_dict, numbered_claims
from evcredit.io.reading import _structure

WHOLE = json.loads(json.dumps(claim_to_dict(examples.demonstration_claim())))
values = st.one_of(
    st.sampled_from(
        [None, True, False, 0, 1, -1, 5, "5", "", "x", "CN", "Georgia", [], {}, [{}], [None]]
    ),
    st.sampled_from(["2024-02-30", "2024-06-03", "nickel", "extraction", "new from a dealer"]),
    st.just({"lower": 1, "upper": 2}),
    st.just({"lower": 2, "upper": 1}),
    st.just({"country": "US"}),
)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every object and list in some data with a key of it."""
    found: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        found += [(data, name) for name in data]
        for each in data.values():
            found += places(each)
    elif isinstance(data, list):
        found += [(data, index) for index in range(len(data))]
        for each in data:
            found += places(each)
    return found


@st.composite
def changed(draw: Any) -> Any:
    """A claim as JSON-ready data in which up to three facts are others, strange or missing."""
    data = json.loads(json.dumps(WHOLE))
    for _ in range(draw(st.integers(0, 3))):
        there = places(data)
        if there:
            holder, key = there[draw(st.integers(0, len(there) - 1))]
            how = draw(st.sampled_from(["set", "set", "strange", "drop"]))
            if how == "strange" and isinstance(holder, dict):
                holder[draw(st.sampled_from(["as", "msrp", "wheel", "x"]))] = copy.deepcopy(
                    draw(values)
                )
            elif how == "drop":
                del holder[key]
            else:
                # A copy: the next change may go into it, and samples serve every draw.
                holder[key] = copy.deepcopy(draw(values))
    return data


def outcome(read: Any, *given_: Any) -> Any:
    """A claim, or its faults in words."""
    try:
        return repr(read(*given_))
    except InvalidFactsError as error:
        return [str(each) for each in error.exceptions]
    except InvalidFactError as error:
        return [str(error)]


@given(changed())
def test_quick_and_careful_reading_agree(data: Any) -> None:
    """Whatever the data: what is quick is never another claim, and hides no fault."""
    careful = outcome(_structure, data, Claim, 0)
    assert outcome(claim_from_dict, data) == careful


@given(st.lists(changed(), min_size=1, max_size=4), st.booleans())
def test_many_are_what_each_is_alone(several: Any, array: bool) -> None:
    """In lines and in an array, with parts that repeat."""
    texts = [json.dumps(each) for each in (*several, *several)]
    alone = [outcome(claim_from_json, text) for text in texts]
    faults: dict[int, list[str]] = {}

    def report(error: Any) -> None:
        each = error.exceptions if isinstance(error, InvalidFactsError) else [error]
        for one in each:
            place, _, rest = str(one).removeprefix("line ").partition(":")
            line, _, _ = place.partition(" ")
            faults.setdefault(int(line), []).append(rest.strip())

    text = f"[{(chr(10) + ',').join(texts)}]" if array else "\n".join(texts)
    stream = io.BytesIO(text.encode())
    found = dict(numbered_claims(stream, report=report))
    for line, wanted in enumerate(alone, 1):
        if isinstance(wanted, str):
            assert repr(found[line]) == wanted
        else:
            told = [each.removeprefix("document: ") for each in wanted]
            assert [each.removeprefix("document: ") for each in faults[line]] == told


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**6))
def test_numbers_stay_as_they_are_written(price: Decimal) -> None:
    """Digit by digit, through bytes and back."""
    text = f'{{"vehicle": {{"msrp": {price}}}}}'
    ((_, claim),) = numbered_claims(io.BytesIO(text.encode()))
    assert claim.vehicle.msrp == price
