"""Renamed reason codes: programs that stored an old one find the new one."""

import pytest

from evcredit.audit.citing import all_topics
from evcredit.results import renamed_codes

CODES = {topic.code for topic in all_topics()}


def test_every_new_code_is_that_of_a_rule():
    """The table leads somewhere, and in one step."""
    assert set(renamed_codes().values()) <= CODES


def test_no_old_code_is_used_again():
    """An old code means what it meant."""
    assert not renamed_codes().keys() & CODES


def test_each_rule_had_one_old_code():
    """Two rules were not made one."""
    assert len(set(renamed_codes().values())) == len(renamed_codes())


def test_the_table_cannot_be_changed():
    """It is the same for everyone."""
    with pytest.raises(TypeError):
        renamed_codes()["made_up"] = "income_within_limit"
