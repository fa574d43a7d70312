"""Every engine in turn, each started once for all tests."""

import os
from contextlib import ExitStack

import pytest
from tests.tables.engines import ENGINES, PySpark

WANTED = os.environ.get("EVCREDIT_ENGINES", "")
if WANTED not in ("", "all"):
    raise pytest.UsageError(f"EVCREDIT_ENGINES is {WANTED!r}; give 'all' or omit it")


@pytest.fixture(scope="session")
def started():
    """A function that starts an engine, or skips the test where the engine cannot run."""
    running = {}
    with ExitStack() as stack:

        def start(kind):
            obstacle = kind.obstacle()
            if obstacle is not None:
                message = f"{kind.name}: {obstacle}"
                if WANTED == "all":
                    pytest.fail(f"{message}; EVCREDIT_ENGINES requires all engines", pytrace=False)
                pytest.skip(message)
            if kind not in running:
                running[kind] = stack.enter_context(kind())
            return running[kind]

        yield start


# Without EVCREDIT_ENGINES, those that tell most for the time they take; the rest of those that can
# run here are started once, by a test of their own.
FEW = ("polars", "polars-lazy", "duckdb")
USED = [kind for kind in ENGINES if WANTED == "all" or (kind.name in FEW and not kind.obstacle())]


@pytest.fixture(scope="session", params=USED, ids=lambda kind: kind.name)
def engine(request, started):
    """Each engine that holds tables; see `tests.tables.engines`."""
    return started(request.param)


@pytest.fixture(scope="session")
def engines(started):
    """All of them at once."""
    return [started(kind) for kind in USED]


@pytest.fixture(scope="session")
def spark(started):
    """Spark alone."""
    return started(PySpark)
