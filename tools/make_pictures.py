"""Write docs/pictures: the pictures of the documentation, for desks and for phones.

Run it after a change of a picture, of the demonstration, or of the law; a test compares:

    python tools/make_pictures.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evcredit import current_law, examples
from evcredit.law import named_law
from evcredit.plots import Picture, scenarios

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"

#: Widths of a desk and of a phone, in pixels, with what they add to the name of the file.
WIDTHS = {"": 860, "-phone": 390}


def first_question() -> Picture:
    """What the agreement with Japan is worth to one car: four scenarios side by side."""
    return scenarios(
        examples.demonstration_claim(),
        {
            "without Japan": named_law("no-japan"),
            "with Japan: the law": current_law(),
            "with the EU instead": named_law("eu-no-japan"),
            "with Japan and the EU": named_law("eu"),
        },
        title="One car: without the Japan agreement 47.7 % of its critical minerals qualify, "
        "with it 84.1 %",
    )


PICTURES = {"first-question": first_question}


def files() -> Iterator[tuple[str, str]]:
    """The name and the text of every file."""
    for name, make in PICTURES.items():
        picture = make()
        for suffix, width in WIDTHS.items():
            yield f"{name}{suffix}.svg", picture.to_svg(width)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in files():
        (FOLDER / name).write_text(text, encoding="utf-8")
