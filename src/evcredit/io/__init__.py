"""Reading and writing claims and returns; needs the extra ``evcredit[json]``."""

from __future__ import annotations

from evcredit.io.claims import claim_from_dict, claim_from_json, claim_to_dict, claim_to_json
from evcredit.io.returns import (
    return_from_dict,
    return_from_json,
    return_to_dict,
    return_to_json,
)

__all__ = [
    "claim_from_dict",
    "claim_from_json",
    "claim_to_dict",
    "claim_to_json",
    "return_from_dict",
    "return_from_json",
    "return_to_dict",
    "return_to_json",
]
