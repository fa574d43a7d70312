#!/usr/bin/env bash
# Griffe 2.4.1, which compares two versions of a package for what breaks its callers, writes out the
# constructor of a dataclass and knows none of an attrs class. A new field in front, a moved one and a
# default taken away break each call of `Source("CL", 40)`: four breaks are found in the dataclass, none
# in the attrs class with the same fields. So a comparison before a release passes a package whose
# values are attrs classes. A recorded list of signatures, as of inspect.signature, sees the change.
#
# Seen on 2026-12-01, CPython 3.11:
#   dataclass: 4 breaks, parameters country and share
#   attrs 26.1.0: 0 breaks, parameters none
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check griffelib==2.4.1 attrs==26.1.0
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import inspect
import sys
from pathlib import Path

import griffe

BEFORE = "class Source:\n    country: str\n    share: int = 0\n"
AFTER = "class Source:\n    mineral: str\n    country: str\n    share: int\n"
KINDS = {
    "dataclass": "from dataclasses import dataclass\n@dataclass(frozen=True)\n",
    "attrs 26.1.0": "import attrs\n@attrs.frozen\n",
}


def loaded(name, code):
    package = Path(sys.argv[1]) / name / "supply"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(code)
    return griffe.load("supply", search_paths=[package.parent])


found = []
for kind, head in KINDS.items():
    before, after = loaded(f"{kind} 1", head + BEFORE), loaded(f"{kind} 2", head + AFTER)
    breaks = len(list(griffe.find_breaking_changes(before, after)))
    names = [each.name for each in before["Source"].parameters if each.name != "self"]
    print(f"{kind}: {breaks} breaks, parameters {' and '.join(names) or 'none'}")
    found.append((breaks, names))

scope = {}
exec(KINDS["attrs 26.1.0"] + AFTER, scope)
assert list(inspect.signature(scope["Source"]).parameters) == ["mineral", "country", "share"]
assert found == [(4, ["country", "share"]), (0, [])]
PYTHON
