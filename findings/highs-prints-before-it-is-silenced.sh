#!/usr/bin/env bash
# highspy 1.16.0 prints two lines to standard output when the first Highs object of a process is
# made, before any option can be set: silent() and output_flag=False come too late, and redirecting
# sys.stdout does not catch them. A program that answers in JSON on standard output and asks the
# solver on the way gives a document that no reader takes. The same solver inside SciPy 1.17.1
# (scipy.optimize.milp) prints nothing. One would expect a library that has a method named silent()
# to be silent once it is called first of all.
#
# Seen on 2026-12-01, CPython 3.11:
#   highspy  'Running HiGHS 1.16.0 ...', 'Includes third-party software components ...', '{"sum": 3}'
#   scipy    '{"sum": 3}'
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check highspy==1.16.0 scipy==1.17.1

"$folder/venv/bin/python" - >"$folder/highspy.txt" <<'PYTHON'
import contextlib
import io
import json

import highspy

with contextlib.redirect_stdout(io.StringIO()):
    model = highspy.Highs()
    model.silent()
chosen = [model.addBinary() for _ in range(2)]
model.addConstr(model.qsum(chosen) >= 2)
model.minimize(chosen[0] + 2 * chosen[1])
print(json.dumps({"sum": round(model.getObjectiveValue())}))
PYTHON

"$folder/venv/bin/python" - >"$folder/scipy.txt" <<'PYTHON'
import json

from scipy.optimize import Bounds, LinearConstraint, milp

found = milp(
    [1, 2],
    integrality=[1, 1],
    bounds=Bounds(0, 1),
    constraints=LinearConstraint([[1, 1]], lb=2),
)
print(json.dumps({"sum": round(found.fun)}))
PYTHON

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import json
import sys
from pathlib import Path

highspy, scipy = (Path(sys.argv[1], f"{name}.txt").read_text() for name in ("highspy", "scipy"))
print("highspy", highspy.splitlines())
print("scipy  ", scipy.splitlines())
assert len(highspy.splitlines()) == 3
assert highspy.startswith("Running HiGHS 1.16.0")
assert json.loads(highspy.splitlines()[-1]) == json.loads(scipy) == {"sum": 3}
try:
    json.loads(highspy)
except json.JSONDecodeError:
    print("so what the first program wrote is no JSON document")
else:
    raise SystemExit("highspy is silent now")
PYTHON
