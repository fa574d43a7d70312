"""How long a process that imports the package takes, beside a bare interpreter."""

import os
import subprocess
import sys
import time

import pytest

import evcredit

#: The most bare starts that one start with the package may take.
MOST = 7


def seconds(statement: str) -> float:
    """The time of one process that runs a statement, with compiled modules kept between runs."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COV") and name != "PYTHONDONTWRITEBYTECODE"
    }
    start = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", statement], env=environment, check=True)
    return time.perf_counter() - start


def ratio(runs: int) -> float:
    """The quickest start with the package over the quickest bare one, taken in turns."""
    pairs = [(seconds("pass"), seconds("import evcredit")) for _ in range(runs)]
    return min(with_it for _, with_it in pairs) / min(bare for bare, _ in pairs)


def test_importing_takes_at_most_seven_bare_starts():
    """On a noisy machine the first measurements can be off; a later one then decides."""
    seconds("import evcredit")
    found = []
    for _ in range(5):
        found.append(ratio(10))
        if found[-1] <= MOST:
            return
    pytest.fail(f"import evcredit takes {', '.join(f'{each:.1f}' for each in found)} bare starts")


def test_every_public_name_has_a_home():
    """`__all__`, the table of homes and what the package offers are the same names."""
    homes = {name for names in evcredit._HOMES.values() for name in names}
    assert (
        homes | {"__version__"} == set(evcredit.__all__) == set(dir(evcredit)) & {*evcredit.__all__}
    )
    assert all(getattr(evcredit, name) is not None for name in evcredit.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error():
    """A misspelt name fails like that of any module."""
    with pytest.raises(AttributeError, match="asses"):
        evcredit.asses  # noqa: B018
