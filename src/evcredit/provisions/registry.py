"""Find the section of the law that allows a credit.

Source: 26 USC 30D, 25E and 45W.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from evcredit.algebra.field import Fault, as_choice
from evcredit.errors import InvalidFactError
from evcredit.provisions.section import Credit, Section

__all__ = ["section_of"]


def section_of(credit: Credit | str | Section) -> Section:
    """The section of the law that allows a credit.

    Args:
        credit: The credit, on its own, its value or its name; or a section, which is returned
            as it is.

    Raises:
        InvalidFactError: There is no such credit.

    >>> section_of("30D").title
    'new clean vehicle credit'
    """
    if isinstance(credit, Section):
        return credit
    kind = as_choice(Credit, credit)
    if isinstance(kind, Fault) or kind is None:
        remedy = kind.remedy if kind else "name a credit, for example '30D'"
        raise InvalidFactError("credit", credit, remedy)
    return _of(kind)


# No section is loaded before it is needed. The package of a section has its name from the
# section, so that one more needs no entry here.
@cache
def _of(credit: Credit) -> Section:
    section: Section = import_module(f"evcredit.section_{credit.value.lower()}.section").SECTION
    return section
