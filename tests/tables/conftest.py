"""Every engine in turn, each started once for all tests."""

import os
from contextlib import ExitStack

import pytest
from tests.tables.engines import ENGINES, PySpark

WANTED = os.environ.get("EVCREDIT_ENGINES", "")
if WANTED not in ("", "all"):
    raise pytest.UsageError(f"EVCREDIT_ENGINES is {WANTED!r}; give 'all' or leave it out")


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
                    pytest.fail(f"{message}; EVCREDIT_ENGINES asks for all engines", pytrace=False)
                pytest.skip(message)
            if kind not in running:
                running[kind] = stack.enter_context(kind())
            return running[kind]

        yield start


# One that cannot run is told of once, by a test that starts each, and not by every test.
USED = [kind for kind in ENGINES if WANTED == "all" or kind.obstacle() is None]


@pytest.fixture(scope="session", params=USED, ids=lambda kind: kind.name)
def engine(request, started):
    """Each engine that holds tables; see `tests.tables.engines`."""
    return started(request.param)


@pytest.fixture(scope="session")
def spark(started):
    """Spark alone."""
    return started(PySpark)
