"""The typed views of facts and law that rule bodies are checked against."""

import pytest
from tools.make_views import VIEWS, source

from evcredit.algebra.parameter import ChoiceReading, Parameter, Reading, ScheduledFlag
from evcredit.algebra.symbol import facts_of, law_of
from evcredit.facts.claim import Claim
from evcredit.law.current import current_law
from evcredit.law.law import Law
from evcredit.provisions import views

LAW = law_of(Law)


def test_the_views_are_those_of_the_declared_facts_and_the_law():
    """After a change of a fact, a schedule or a reading: python tools/make_views.py."""
    assert VIEWS.read_text(encoding="utf-8") == source()


@pytest.mark.parametrize("name", views.LawView.__annotations__)
def test_what_a_view_of_the_law_says_is_what_a_body_gets(name):
    """Flags are statements, other schedules are not; the values are of the kind that is said."""
    said = views.LawView.__annotations__[name]
    if said == "ReadingsView":
        return
    if said == "Group":
        country = facts_of(Claim).vehicle.final_assembly_country
        assert getattr(LAW, name).contains(country).group == name
        return
    parameter = getattr(LAW, name).ever
    assert type(parameter) is (ScheduledFlag if said == "FlagSchedule" else Parameter)
    values = getattr(current_law(), name).values()
    flags = {isinstance(value, bool) for value in values}
    assert flags <= {said == "FlagSchedule"}


@pytest.mark.parametrize("name", views.ReadingsView.__annotations__)
def test_what_a_view_of_the_readings_says_is_what_a_body_gets(name):
    """A choice is a statement only once it is said of which members."""
    said = views.ReadingsView.__annotations__[name]
    assert type(getattr(LAW.readings, name)) is (
        ChoiceReading if said.startswith("ChoiceReading") else Reading
    )


def test_a_reading_that_does_not_exist_fails_at_once():
    """As a fact or a parameter does."""
    with pytest.raises(AttributeError, match="there is no reading 'agreement_scop'"):
        LAW.readings.agreement_scop  # noqa: B018
