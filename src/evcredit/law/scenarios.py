"""Laws and reforms by name: the current law, and the scenarios people ask about.

Source: 26 USC 30D(e)(1)(A)(i)(II).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, partial

from evcredit.errors import LawError, UnknownAgreement, nearest, shown
from evcredit.law.current import current_law
from evcredit.law.law import Law
from evcredit.law.reform import Reform

__all__ = ["named_law", "named_laws", "named_reform", "named_reforms"]

_CONCLUDED = "as if it had been concluded before the critical mineral test began"
#: The day on which P.L. 119-21 was enacted.
_ENACTED = date(2025, 7, 4)


@cache
def _reforms() -> tuple[tuple[str, Reform], ...]:
    suppose = partial(Reform.suppose_agreement, why=_CONCLUDED)
    minerals, components = (
        Reform.set_value(
            f"{side}_exclusion_in_force", False, why="no exclusion of foreign entities of concern"
        )
        for side in ("minerals", "components")
    )
    return (
        ("no Japan", Reform.remove_agreement("JPCMA", why="what the agreement is worth")),
        ("EU", suppose("EU-CMA")),
        ("UK", suppose("UK-CMA")),
        ("Indonesia", suppose("ID-CMA")),
        ("Philippines", suppose("PH-CMA")),
        (
            "Malaysia 2025",
            suppose("MY-ART", date(2025, 10, 26), why="as if its signing had put it on the list"),
        ),
        (
            "before P.L. 119-21",
            Reform.known_on(
                date.fromordinal(_ENACTED.toordinal() - 1),
                why="the law of the day before the act",
                source="P.L. 119-21",
            ),
        ),
        ("no foreign-entity rule", minerals + components),
    )


def named_reforms() -> dict[str, Reform]:
    """Ready-made reforms by plain name.

    >>> list(named_reforms())[:3]
    ['no Japan', 'EU', 'UK']
    """
    return dict(_reforms())


def named_reform(name: str) -> Reform:
    """A ready-made reform by its plain name; several joined by ``+``.

    Args:
        name: One of `named_reforms`, in any case.

    Raises:
        LawError: There is none of that name.
        ConflictingReforms: Two of them change the same entry.

    >>> named_reform("no japan + EU").name
    'without JPCMA, with EU-CMA'
    """
    known = {plain.casefold(): reform for plain, reform in _reforms()}
    found = Reform()
    for part in str(name).split("+"):
        reform = known.get(part.strip().casefold())
        if reform is None:
            names = [plain for plain, _ in _reforms()]
            near = nearest(part.strip(), names)
            hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names)}"
            raise LawError(f"no reform is called {shown(part.strip())}; {hint}")
        found += reform
    return found


def named_laws() -> dict[str, Callable[[], Law]]:
    """Ready-made laws by name: the current one and the scenarios people ask about.

    >>> sorted(named_laws())[:3]
    ['current', 'eu', 'eu-no-japan']
    """
    reforms = named_reforms()
    japan, eu = reforms["no Japan"], reforms["EU"]
    malaysia = Reform.suppose_agreement("MY-ART", why=_CONCLUDED)
    lapse = Reform.end_agreement(
        "USMCA",
        date(2036, 7, 1),
        why="its article 34.7 sets a term of sixteen years unless the parties extend it",
    )
    made = {
        "no-japan": japan,
        "eu": eu,
        "eu-no-japan": japan + eu,
        "eu-uk": eu + reforms["UK"],
        "indonesia-philippines": reforms["Indonesia"] + reforms["Philippines"],
        "malaysia": malaysia,
        "usmca-lapses-2036": lapse,
    }
    laws = {name: partial(_reformed, reform) for name, reform in made.items()}
    return {"current": current_law, **laws}


def _reformed(reform: Reform) -> Law:
    return reform.apply(current_law())


def named_law(name: str) -> Law:
    """A ready-made law by its name.

    Args:
        name: One of `named_laws`; or a country with which an agreement was never concluded, as
            if it had been; or ``no-`` and an agreement or a country, without that agreement; or
            some of `named_reforms`, joined by ``+``.

    Raises:
        LawError: There is none of that name.
        ConflictingReforms: Two reforms change the same entry.

    >>> named_law("no-japan").name
    'current law without JPCMA'
    >>> named_law("no Japan + UK").name
    'current law without JPCMA and with UK-CMA'
    """
    laws = named_laws()
    plain = str(name).strip().lower()
    if plain in laws:
        return laws[plain]()
    if "+" in plain or plain in {each.casefold() for each in named_reforms()}:
        return _reformed(named_reform(name))
    try:
        if plain.startswith("no-"):
            return current_law().without_agreement(str(name).strip()[3:])
        return current_law().with_hypothetical(name)
    except UnknownAgreement:
        near = nearest(str(name), laws)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(laws)}"
        raise LawError(f"no law is called {shown(name)}; {hint}") from None
