#!/usr/bin/env bash
# nhtsa-vin-decoder 0.1.0, "with comprehensive offline database", installs its code as a package
# named `python`. Imported from there it does not find its own database and says so in a field, for
# every number. With its folder on the path it does, and then `plant_country` is a continent: Oceania
# for a Tesla Model Y whose maker filed a plant in Austin, Texas, because the number begins with 7.
# No network is used.
#
# Seen on 2026-11-30, CPython 3.11:
#   as installed: None, WMI database not available
#   with its folder on the path: Oceania
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nhtsa-vin-decoder==0.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from pathlib import Path

import python.nhtsa_vin_decoder

VIN = "7SAYGDEE3PA000001"  # the check digit is right, and A stands for Austin
found = python.nhtsa_vin_decoder.NHTSAVinDecoder().decode_offline(VIN)
print(f"as installed: {found.plant_country}, {found.error_text}")
assert (found.plant_country, found.error_text) == (None, "WMI database not available")

sys.path.insert(0, str(Path(python.nhtsa_vin_decoder.__file__).parent))
import nhtsa_vin_decoder

found = nhtsa_vin_decoder.NHTSAVinDecoder().decode_offline(VIN)
print(f"with its folder on the path: {found.plant_country}")
assert found.plant_country == "Oceania"
PYTHON
