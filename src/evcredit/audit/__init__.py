"""The package compared with the texts of the law: what cites, what is covered, when law changes.

May import: anything below.
May be imported by: io, the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.audit.citing import CitingPlace as CitingPlace
    from evcredit.audit.citing import places_citing as places_citing
    from evcredit.audit.days import ChangeDay as ChangeDay
    from evcredit.audit.days import change_days as change_days
    from evcredit.audit.report import Coverage as Coverage
    from evcredit.audit.report import Row as Row
    from evcredit.audit.report import coverage as coverage
    from evcredit.audit.report import loose_ends as loose_ends
    from evcredit.audit.report import uncovered as uncovered
    from evcredit.audit.texts import Deferral as Deferral
    from evcredit.audit.texts import Deferred as Deferred
    from evcredit.audit.texts import LawText as LawText
    from evcredit.audit.texts import OpenPoint as OpenPoint
    from evcredit.audit.texts import Paragraph as Paragraph
    from evcredit.audit.texts import deferred_provisions as deferred_provisions
    from evcredit.audit.texts import law_texts as law_texts
    from evcredit.audit.texts import open_points as open_points

export(
    __name__,
    {
        "citing": "CitingPlace places_citing",
        "days": "ChangeDay change_days",
        "report": "Coverage Row coverage loose_ends uncovered",
        "texts": (
            "Deferral Deferred LawText OpenPoint Paragraph deferred_provisions law_texts "
            "open_points"
        ),
    },
)
