"""Reading and writing claims and returns as JSON, and checking stored results.

May import: anything below.
May be imported by: the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.io.claims import claim_from_dict as claim_from_dict
    from evcredit.io.claims import claim_from_json as claim_from_json
    from evcredit.io.claims import claim_to_dict as claim_to_dict
    from evcredit.io.claims import claim_to_json as claim_to_json
    from evcredit.io.many import claims_from_json as claims_from_json
    from evcredit.io.many import numbered_claims as numbered_claims
    from evcredit.io.pools import graph_from_json as graph_from_json
    from evcredit.io.pools import graph_from_rows as graph_from_rows
    from evcredit.io.pools import graph_to_json as graph_to_json
    from evcredit.io.pools import pool_from_dict as pool_from_dict
    from evcredit.io.pools import pool_from_json as pool_from_json
    from evcredit.io.pools import pool_from_rows as pool_from_rows
    from evcredit.io.pools import pool_to_dict as pool_to_dict
    from evcredit.io.pools import rows_of_csv as rows_of_csv
    from evcredit.io.reforms import reform_from_json as reform_from_json
    from evcredit.io.reforms import reform_to_json as reform_to_json
    from evcredit.io.returns import return_from_dict as return_from_dict
    from evcredit.io.returns import return_from_json as return_from_json
    from evcredit.io.returns import return_to_dict as return_to_dict
    from evcredit.io.returns import return_to_json as return_to_json
    from evcredit.io.schema import json_schema as json_schema
    from evcredit.io.verification import Difference as Difference
    from evcredit.io.verification import Verification as Verification
    from evcredit.io.verification import verify as verify

export(
    __name__,
    {
        "claims": "claim_from_dict claim_from_json claim_to_dict claim_to_json",
        "pools": (
            "graph_from_json graph_from_rows graph_to_json pool_from_dict pool_from_json "
            "pool_from_rows pool_to_dict rows_of_csv"
        ),
        "reforms": "reform_from_json reform_to_json",
        "many": "claims_from_json numbered_claims",
        "returns": "return_from_dict return_from_json return_to_dict return_to_json",
        "schema": "json_schema",
        "verification": "Difference Verification verify",
    },
)
