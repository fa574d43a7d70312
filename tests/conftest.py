"""Hypothesis profiles: `ci`, the default, and `campaign` (--hypothesis-profile=campaign)."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    max_examples=200,
    deadline=None,
    # The gate must give the same answer twice; at a desk, every run looks elsewhere.
    derandomize=bool(os.environ.get("CI")),
)
settings.register_profile(
    "campaign",
    max_examples=20_000,
    deadline=None,
    derandomize=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci")
