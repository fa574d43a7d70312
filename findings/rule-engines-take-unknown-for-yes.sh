#!/usr/bin/env bash
# Two libraries for rules answer "not a foreign entity of concern" with yes when nobody knows. To
# rule-engine 5.1.0 a null is false, so its `not` is true, while `battery < 7` with a null raises: a
# rule that fails loudly on an unknown number passes quietly on an unknown flag. To rules 3.5 a
# predicate that returns None is left out: alone it is no, and so is its opposite, and beside another
# one it takes the other's answer, so that "assembled here and of concern" and "assembled here and not
# of concern" are both yes. Neither has a third value.
#
# Seen on 2026-12-01, CPython 3.11:
#   rule-engine: not concern -> True; concern != true -> True; battery < 7 -> EvaluationError
#   rules: ~unknown -> False; assembled & unknown -> True; assembled & ~unknown -> True
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rule-engine==5.1.0 rules==3.5
"$folder/venv/bin/python" - <<'PYTHON'
import rule_engine
import rules

FACTS = {"concern": None, "battery": None}


def asked(text):
    try:
        return str(rule_engine.Rule(text).matches(FACTS))
    except rule_engine.EngineError as error:
        return type(error).__name__


found = [asked(text) for text in ("not concern", "concern != true", "battery < 7")]
print("rule-engine: not concern -> {}; concern != true -> {}; battery < 7 -> {}".format(*found))
assert found == ["True", "True", "EvaluationError"]

assembled = rules.predicate(lambda: True, name="assembled")
unknown = rules.predicate(lambda: None, name="unknown")
found = [each.test() for each in (~unknown, assembled & unknown, assembled & ~unknown)]
print("rules: ~unknown -> {}; assembled & unknown -> {}; assembled & ~unknown -> {}".format(*found))
assert found == [False, True, True]
PYTHON
