"""The forms on which the clean vehicle credits are claimed, filled in.

May import: results, the sections, whose accounts it places on lines, and below. No law is here.
May be imported by: io, the command line.

| module | what |
|---|---|
| `lines` | the lines of each form, from ``data/forms.toml`` |
| `return_facts` | a return as its filer states it |
| `vehicle` | what follows for each vehicle |
| `passed_through` | credits of partnerships and S corporations |
| `entries` | what is entered on the lines, by key |
| `doubts` | warnings |
| `form_8936` | the forms, filled in |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.forms.form_8936 import CleanVehicleForms as CleanVehicleForms
    from evcredit.forms.form_8936 import fill_forms as fill_forms
    from evcredit.forms.lines import FormLine as FormLine
    from evcredit.forms.lines import LineSpec as LineSpec
    from evcredit.forms.lines import form_years as form_years
    from evcredit.forms.lines import lines_of as lines_of
    from evcredit.forms.return_facts import CleanVehicleReturn as CleanVehicleReturn
    from evcredit.forms.return_facts import ReturnVehicle as ReturnVehicle

export(
    __name__,
    {
        "form_8936": "CleanVehicleForms fill_forms",
        "lines": "FormLine LineSpec form_years lines_of",
        "return_facts": "CleanVehicleReturn ReturnVehicle",
    },
)
