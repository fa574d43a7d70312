"""Hypothesis profiles: `desk`, the default, `ci`, and `campaign` (--hypothesis-profile=campaign).

And fixtures for tests of the command line.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Programs for type checkers (`make types`): one of them is all mistakes.
collect_ignore = ["typing"]

# At a desk, every run looks elsewhere, and nobody waits for 200 examples of every property.
settings.register_profile("desk", max_examples=50, deadline=None, derandomize=False)
# The gate must give the same answer twice.
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.register_profile(
    "campaign",
    # Fewer at a time can be added up over seeds: --hypothesis-seed=1 and so on.
    max_examples=int(os.environ.get("EVCREDIT_EXAMPLES", "20000")),
    deadline=None,
    derandomize=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Leave random claims out of what coverage counts: what only they reach is not tested."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("no_cover")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line; give status, output and complaints."""
    from evcredit.__main__ import main  # most tests need no command line

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def claim_file(tmp_path: Path) -> Path:
    """The demonstration claim as a file."""
    from evcredit.examples import demonstration_claim  # likewise
    from evcredit.io import claim_to_json  # likewise

    file = tmp_path / "claim.json"
    file.write_text(claim_to_json(demonstration_claim()), encoding="utf-8")
    return file
