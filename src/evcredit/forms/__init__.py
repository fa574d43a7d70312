"""The forms on which the clean vehicle credits are claimed, filled in.

No law stands here: `evcredit.forms.form` has the lines of each form, from ``data/forms.toml``,
and `evcredit.forms.clean_vehicles` places on them what the sections of the law work out.
"""
