"""Reading and writing claims; needs the extra ``evcredit[json]``."""

from __future__ import annotations

from evcredit.io.claims import claim_from_dict, claim_from_json, claim_to_dict, claim_to_json

__all__ = ["claim_from_dict", "claim_from_json", "claim_to_dict", "claim_to_json"]
