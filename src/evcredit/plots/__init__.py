"""Pictures of results, drawn as SVG or by matplotlib from one description.

May import: results, forms and below; sections for what their findings are made of. No law: what a
picture shows was decided before.
May be imported by: `__main__`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.plots.contents import content as content
    from evcredit.plots.contents import scenarios as scenarios
    from evcredit.plots.curves import credit_over as credit_over
    from evcredit.plots.drawn import Picture as Picture
    from evcredit.plots.flows import flow as flow
    from evcredit.plots.owners import ownership as ownership
    from evcredit.plots.pages import form_pages as form_pages
    from evcredit.plots.timelines import timeline as timeline
    from evcredit.plots.trees import findings as findings

export(
    __name__,
    {
        "contents": "content scenarios",
        "curves": "credit_over",
        "drawn": "Picture",
        "flows": "flow",
        "owners": "ownership",
        "pages": "form_pages",
        "timelines": "timeline",
        "trees": "findings",
    },
)
