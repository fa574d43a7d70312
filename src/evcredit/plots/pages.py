"""Pictures of forms: the lines, captions and boxes of a page, with what is in them."""

from __future__ import annotations

from evcredit.errors import checked
from evcredit.forms.form_8936 import CleanVehicleForms
from evcredit.forms.lines import FormLine, by_form
from evcredit.plots.drawn import Picture
from evcredit.plots.picture import Fill, Listing, Row, Tone

__all__ = ["form_pages"]


def form_pages(forms: CleanVehicleForms) -> tuple[Picture, ...]:
    """Each form of a return as a page: line, caption, and the box with its value.

    A line that was not seen in the form of that year is marked, and so is one that is unresolved.

    Args:
        forms: The forms, filled in.

    Raises:
        InvalidFactError: They are no forms.

    >>> from evcredit import examples, fill_forms
    >>> from evcredit.facts import TaxReturn
    >>> from evcredit.forms import CleanVehicleReturn, ReturnVehicle
    >>> vehicle = ReturnVehicle(claim=examples.demonstration_claim(), business_use_percent=40)
    >>> taxes = TaxReturn(tax_before_credits=3_800, other_personal_credits=0)
    >>> stated = CleanVehicleReturn(tax_year=2024, vehicles=[vehicle], tax_return=taxes)
    >>> [each.title for each in form_pages(fill_forms(stated))][::4]
    ['Form 8936, tax year 2024', 'Schedule A (Form 8936), vehicle 1, tax year 2024']
    """
    checked(forms, CleanVehicleForms, "forms", "give the forms that fill_forms fills in")
    return tuple(_page(forms, title, list(lines)) for title, lines in by_form(forms.lines))


def _page(forms: CleanVehicleForms, name: str, lines: list[FormLine]) -> Picture:
    title = f"{name}, tax year {forms.stated.year}"
    rows = tuple(
        Row(cells=(line.line, line.caption, _value(line)), tone=_tone(line)) for line in lines
    )
    cited = dict.fromkeys(str(line.citation) for line in lines if line.citation)
    return Picture(
        title=title,
        parts=(Listing(columns=(3, 13, 6), rows=rows, last_at_end=True, boxed=True),),
        law=forms.law.name,
        digests=(forms.law.digest,),
        day=f"tax year {forms.stated.year}; amounts in US dollars",
        sources=f"captions in our words; {'; '.join(cited)}",
        summary=f"{title}. " + "; ".join(map(str, lines)) + ".",
    )


def _value(line: FormLine) -> str:
    return line.in_words if line.verified else f"{line.in_words} (line not verified)"


def _tone(line: FormLine) -> Tone | None:
    """A mark before what is unresolved; nothing before what is known."""
    return Tone(0, Fill.DOTTED) if "unknown" in line.in_words or " to " in line.in_words else None
