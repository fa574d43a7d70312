"""What a caller gets back: assessments, comparisons, and both in words and as data.

May import: provisions and below; no section by name.
May be imported by: advice, forms, tables, audit, io.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.results.assessing import assess as assess
    from evcredit.results.assessment import Assessment as Assessment
    from evcredit.results.comparison import Comparison as Comparison
    from evcredit.results.comparison import Flipped as Flipped
    from evcredit.results.comparison import compare as compare
    from evcredit.results.reason_codes import renamed_codes as renamed_codes
    from evcredit.results.transfer import assess_transfer as assess_transfer

export(
    __name__,
    {
        "assessing": "assess",
        "assessment": "Assessment",
        "comparison": "Comparison Flipped compare",
        "reason_codes": "renamed_codes",
        "transfer": "assess_transfer",
    },
)
