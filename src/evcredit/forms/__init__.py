"""The forms on which the clean vehicle credits are claimed, filled in.

No law stands here: what the sections of the law work out is placed on lines.

| module | what |
|---|---|
| `form` | the lines of each form, from ``data/forms.toml`` |
| `stated` | a return as its filer states it |
| `placed` | what comes of each vehicle |
| `entries` | what stands on the lines, by key |
| `clean_vehicles` | the forms, filled in |
"""
