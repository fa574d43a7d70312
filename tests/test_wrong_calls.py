"""Every public function, called wrongly in each argument in turn, answers in our own words."""

from __future__ import annotations

import importlib
import inspect
import pickle
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

import attrs
import pytest
from tests.public import SOURCE, handed_on
from tests.test_wrong_inputs import MOST, faults_of
from tests.wrong_calls import valid_arguments

import evcredit
from evcredit import Bounds, Claim, EvcreditError, InvalidFactError, assess, examples, testing
from evcredit.algebra import calls, exports
from evcredit.errors import InvalidCallError
from evcredit.facts import Metric

WRONG: tuple[Any, ...] = (None, 5, "x", [], object())
#: What is no error of ours, by function and argument, and why. This may only get shorter.
FOREIGN = {
    ("finding_of", "subject"): "the algebra knows no classes: a rule may be about any object",
    ("verdict_of", "subject"): "likewise",
    ("claims_from_json", "source"): "the system says that there is no such file",
    ("numbered_claims", "source"): "likewise",
}


def public_functions() -> dict[str, Callable[..., Any]]:
    """Every public function as it is handed on, once, by the full name."""
    found: dict[Any, tuple[str, Any]] = {}
    for package in (SOURCE / "__init__.py", *sorted(SOURCE.glob("*/__init__.py"))):
        room = ".".join(("evcredit", *package.parent.relative_to(SOURCE).parts))
        for name, _ in handed_on(package):
            value = getattr(importlib.import_module(room), name)
            if inspect.isroutine(value):
                found.setdefault(value, (f"{room}.{name}", value))
    return dict(found.values())


FUNCTIONS = public_functions()
_BY_PLACE = inspect.Parameter.POSITIONAL_OR_KEYWORD


def call(function: Callable[..., Any], stated: dict[str, Any]) -> Any:
    """Call with arguments by name, and look at all that comes if it comes in turn."""
    kinds = inspect.signature(function).parameters
    last = [name for name, each in kinds.items() if each.kind is each.VAR_POSITIONAL]
    if last:
        own = [stated[name] for name, each in kinds.items() if each.kind is _BY_PLACE]
        found = function(*own, *stated.get(last[0], ()))
    else:
        found = function(**stated)
    return list(found) if isinstance(found, Iterator) else found


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # of cells that look unlikely, and the like
def test_a_wrong_argument_is_an_error_of_ours(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it works; what the arguments are that work, `tests/wrong_calls.py` says."""
    monkeypatch.chdir(tmp_path)
    Path("cars.csv").write_text("vehicle_msrp_cents\n5400000\n", encoding="utf-8")
    function = FUNCTIONS[name]
    call(function, valid_arguments(function))
    for argument, kind in inspect.signature(function).parameters.items():
        for value in WRONG:
            if value is kind.default is None:
                continue
            wrong = [value] if kind.kind is kind.VAR_POSITIONAL else value
            try:
                call(function, {**valid_arguments(function), argument: wrong})
            except EvcreditError as error:
                for message in faults_of(error):
                    assert len(message) <= MOST, message
            except Exception as error:  # noqa: BLE001
                said = f"{name}({argument}={value!r}): {error!r}"
                assert (function.__name__, argument) in FOREIGN, said


def test_what_is_said_to_be_foreign_is() -> None:
    """Whoever mends one takes it off the list."""
    by_name = {each.__name__: each for each in FUNCTIONS.values()}
    for name, argument in FOREIGN:
        with pytest.raises((AttributeError, OSError)) as caught:
            call(by_name[name], {**valid_arguments(by_name[name]), argument: "x"})
        assert not isinstance(caught.value, EvcreditError)


CLAIM = examples.demonstration_claim()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("assess()", "claim: found None; assess needs this argument"),
        (
            "assess(CLAIM, lw=None)",
            "lw: found None; assess has no such argument; did you mean law?",
        ),
        (
            "assess(CLAIM, zzz=1)",
            "zzz: found 1; assess has no such argument; it has claim, law, credit",
        ),
        (
            "assess(CLAIM, CLAIM)",
            "arguments: found a list of 2 items; give assess by name: claim, law, credit",
        ),
        (
            "section_25e.within_years('2024-06-03', None, 3)",
            "earlier: found '2024-06-03'; give a date",
        ),
        (
            "section_30d.traced(5, {}, 1, 2)",
            "graph: found 5; give an OwnershipGraph",
        ),
        (
            "section_30d.check_seller_report(REPORT, credit='x')",
            "credit: found 'x'; give a Credit, such as Credit.NEW_VEHICLE",
        ),
        ("section_30d.kilowatt_hour_amount('x')", "capacity_kwh: found 'x'; give a Decimal"),
        ("facts.label_class(5)", "name: found 5; give text"),
        (
            "section_30d.phase_out_percent('x', DAY)",
            "quarter: found 'x'; give a tuple or None",
        ),
        ("algebra.all_of('a', 'b', '26 USC 1', 5)", "parts: found 5; give a Rule"),
        (
            "section_30d.entity_finding(GRAPH, 'Refinr', LAW)",
            "name: found 'Refinr'; no entity of the graph has this name; did you mean Refiner?",
        ),
        (
            "section_30d.entity_finding(GRAPH, 'Refiner', LAW, output='gold')",
            "output: found 'gold'; give an applicable critical mineral or a kind of component",
        ),
        (
            "section_30d.traced(GRAPH, {'Owner': True}, METRIC, TRACE.tracing)",
            "bodies: found 'Refiner'; say of every entity whether it is one",
        ),
        (
            "section_30d.chains_of(TRACE, 'x')",
            "name: found 'x'; no traced entity has this name",
        ),
        ("algebra.declared_facts(int)", "subject: found the class int; give an object of a class"),
        ("facts.doubt_about('JP')", "code: found 'JP'; only the letters of this country are meant"),
        (
            "io.claims_from_json('{}')",
            "source: found '{}'; give the path of a file, or an open file; claim_from_json",
        ),
        ("tables.rows_of('x')", "claims: found 'x'; give a list of claims"),
    ],
)
def test_what_a_wrong_call_says(source: str, said: str) -> None:
    names = {name: getattr(evcredit, name) for name in dir(evcredit)}
    names |= _values()
    with pytest.raises(InvalidFactError) as caught:
        eval(source, names)
    assert said in str(caught.value)


def _values() -> dict[str, Any]:
    functions = {each.__name__: each for each in FUNCTIONS.values()}
    return {
        "CLAIM": CLAIM,
        "DAY": date(2024, 6, 3),
        "GRAPH": valid_arguments(functions["traced"])["graph"],
        "LAW": evcredit.current_law(),
        "METRIC": Metric.EQUITY,
        "REPORT": valid_arguments(functions["check_seller_report"])["report"],
        "TRACE": valid_arguments(functions["chains_of"])["trace"],
    }


def test_an_argument_that_there_is_not_is_a_type_error_too() -> None:
    with pytest.raises(TypeError):
        assess(CLAIM, lw=None)  # type: ignore[call-overload]
    with pytest.raises(InvalidCallError):
        assess()  # type: ignore[call-arg]


def test_a_function_is_one_in_all_rooms_and_can_be_pickled() -> None:
    assert evcredit.assess is evcredit.results.assess
    assert pickle.loads(pickle.dumps(evcredit.assess)) is evcredit.assess
    assert inspect.signature(evcredit.assess).parameters["claim"].annotation == "Claim"


def test_an_error_that_no_argument_explains_stays_what_it_is() -> None:
    """It is a fault of the package, or of what a caller hands in, and must be seen."""

    def fails(number: int) -> None:
        raise RuntimeError("stop")

    answering = exports._answering(fails, "evcredit")
    with pytest.raises(RuntimeError, match="stop"):
        answering(5)
    with pytest.raises(InvalidFactError, match="number: found 'x'; give an int"):
        answering("x")


def many_kinds(
    claim: Claim,
    flag: bool = True,
    text: str | bytes | None = None,
    way: Literal["one", "two"] = "one",
    metric: Metric = Metric.EQUITY,
    bounds: Bounds[int] | None = None,
    several: Iterable[str] = (),
    made: Callable[[], int] | None = None,
    quoted: "Literal['usual'] | None" = None,  # noqa: UP037
    unseen: NeverImported[int] | None = None,  # noqa: F821  # type: ignore[name-defined]
    claims: Iterable[Claim] = (),
    law: evcredit.algebra.LawLike | None = None,
    odd: HasName | None = None,
    free: Any = None,
    pairs: dict[str, int] | None = None,
) -> None:
    """A function whose arguments are annotated in every way."""


class HasName(Protocol):
    """A protocol that nothing can be held against."""

    name: str


#: Of a class that is known by its name alone where annotations are read.
UNSEEN = type("NeverImported", (), {})()


@pytest.mark.parametrize(
    ("argument", "value", "remedy"),
    [
        ("claim", 5, "give a Claim"),
        ("flag", "x", "give True or False"),
        ("text", 5, "give text, bytes or None"),
        ("way", "three", "give 'one' or 'two'"),
        ("metric", "x", "give a Metric, such as Metric.EQUITY"),
        ("bounds", 5, "give a Bounds or None"),
        ("several", 5, "give a list of them"),
        ("several", "x", "give a list of them"),
        ("claims", 5, "give a list of Claim objects"),
        ("made", 5, "give a function or None"),
        ("quoted", 5, "give 'usual' or None"),
        ("unseen", 5, "give a NeverImported or None"),
        ("law", 5, "give a LawLike or None"),
        ("pairs", 5, "give a dict or None"),
    ],
)
def test_the_remedy_says_what_is_wanted(argument: str, value: Any, remedy: str) -> None:
    found = calls.fault_of_call(many_kinds, (), {"claim": CLAIM, argument: value})
    assert found is not None and (found.path, found.remedy) == (argument, remedy)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("text", b"x"),
        ("way", "two"),
        ("bounds", Bounds(1, 2)),
        ("several", ["x"]),
        ("made", len),
        ("quoted", "usual"),
        ("unseen", UNSEEN),
        ("law", evcredit.current_law()),
        ("odd", 5),
        ("free", 5),
        ("pairs", {}),
    ],
)
def test_what_fits_is_no_fault(argument: str, value: Any) -> None:
    assert calls.fault_of_call(many_kinds, (CLAIM,), {argument: value}) is None


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "Vehicle(mspr=5)",
            "vehicle.mspr: found 5; Vehicle has no such argument; did you mean msrp?",
        ),
        (
            "Vehicle.road_vehicle(mspr=5)",
            "vehicle.mspr: found 5; Vehicle has no such argument; did you mean msrp?",
        ),
        (
            "attrs.evolve(CLAIM, vehicel=5)",
            "claim.vehicel: found 5; Claim has no such argument; did you mean vehicle?",
        ),
        (
            "Claim(CLAIM)",
            "claim.arguments: found a list of 1 item; give Claim by name: vehicle, purchase, ",
        ),
        ("facts.Entity()", "entity.name: found None; Entity needs this argument"),
        ("Bounds(1)", "bounds.upper: found None; Bounds needs this argument"),
        (
            "Purchase.new_from_dealer(placed='2024-06-03')",
            "purchase.placed: found '2024-06-03'; Purchase has no such argument; it has contract",
        ),
        (
            "facts.SellerReport.accepted(maxcredit=5)",
            "seller_report.maxcredit: found 5; SellerReport has no such argument; did you mean max",
        ),
    ],
)
def test_a_wrong_name_of_a_fact_is_answered_by_the_nearest(source: str, said: str) -> None:
    """It is a `TypeError` as well, as without this package; see ADR 53."""
    names = {name: getattr(evcredit, name) for name in dir(evcredit)}
    with pytest.raises(TypeError) as caught:
        eval(source, names | {"CLAIM": CLAIM, "attrs": attrs})
    assert isinstance(caught.value, InvalidCallError)
    assert str(caught.value).startswith(said)


def test_an_error_in_the_making_that_no_argument_explains_stays_what_it_is() -> None:
    class Made:
        def __init__(self, number: int) -> None:
            raise TypeError("stop")

    exports._answer_when_made(Made)
    with pytest.raises(TypeError, match="stop"):
        Made(5)
    with pytest.raises(InvalidCallError, match="needs this argument"):
        Made()  # type: ignore[call-arg]


def test_a_class_still_says_what_it_takes() -> None:
    assert "msrp" in inspect.signature(evcredit.Vehicle).parameters
    assert pickle.loads(pickle.dumps(CLAIM)) == CLAIM


@pytest.mark.parametrize("cls", ["ApplicableMineral", "QualifyingForm", "PublishedList"])
def test_a_record_of_data_says_what_its_fields_take(cls: str) -> None:
    made = getattr(evcredit.facts, cls)
    known = testing.examples_of(made)[0]
    assert attrs.evolve(known) == known
    for each in attrs.fields(made):
        with pytest.raises(InvalidFactError, match=f"{each.name}: found .* object .*; give "):
            attrs.evolve(known, **{each.name: object()})
