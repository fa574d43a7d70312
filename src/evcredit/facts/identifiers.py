"""Identifiers of organizations: what registers call them. They only join records."""

from __future__ import annotations

import re
from typing import Any

from evcredit.algebra.field import Fault

__all__ = ["as_bpn", "as_lei", "as_rmi_id"]


def _written(value: Any) -> str:
    """A text without spaces around it, in capital letters; of what is no text, nothing."""
    return value.strip().upper() if isinstance(value, str) else ""


def as_lei(value: str | None) -> Any:
    """A legal entity identifier, with its check digits (ISO 17442), or unknown.

    >>> as_lei("529900t8bm49aursdo55")
    '529900T8BM49AURSDO55'
    """
    if value is None:
        return None
    text = _written(value)
    if re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", text):
        # Letters count as two digits; the rest after division by 97 is one (ISO 7064).
        digits = "".join(str(int(each, 36)) for each in text)
        if int(digits) % 97 == 1:
            return text
        return Fault(value, "the check digits do not fit; look for a letter that is wrong")
    return Fault(value, "give a legal entity identifier: 18 letters or digits and 2 digits")


def as_rmi_id(value: str | None) -> Any:
    """An identifier of a smelter or refiner by the Responsible Minerals Initiative, or unknown.

    >>> as_rmi_id("cid002849")
    'CID002849'
    """
    remedy = "give an identifier like CID002849: CID and 6 digits"
    return _of_form(value, r"CID[0-9]{6}", remedy)


def as_bpn(value: str | None) -> Any:
    """A business partner number of a company in Catena-X, or unknown.

    >>> as_bpn("BPNL00000003CRHK")
    'BPNL00000003CRHK'
    """
    remedy = "give a number like BPNL00000003CRHK: BPNL and 12 letters or digits"
    return _of_form(value, r"BPNL[0-9A-Z]{12}", remedy)


def _of_form(value: str | None, form: str, remedy: str) -> Any:
    """The identifier as it is written officially, or a fault if it is not of a form."""
    if value is None:
        return None
    text = _written(value)
    return text if re.fullmatch(form, text) else Fault(value, remedy)
