#!/usr/bin/env bash
# SPARQL has the three values of Kleene: "yes or unknown" is yes and "no and unknown" is no (section
# 17.2 of SPARQL 1.1). rdflib 7.6.0 answers both with unknown where the unknown is a variable without
# a value, so a filter loses a battery that certainly passes. Written as a comparison, `?r = true`,
# the same unknown is treated right. pyoxigraph 0.5.13 answers as SPARQL says, whichever way it is
# asked.
#
# Seen on 2026-12-01, CPython 3.11, one flag known and one not:
#   yes || unknown      rdflib nothing, pyoxigraph true
#   no && unknown       rdflib nothing, pyoxigraph false
#   filter, variables   rdflib finds known, pyoxigraph finds known, unknown
#   filter, comparisons rdflib finds known, unknown, pyoxigraph finds known, unknown
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rdflib==7.6.0 pyoxigraph==0.5.13
"$folder/venv/bin/python" - <<'PYTHON'
import pyoxigraph
import rdflib

DATA = """@prefix e: <http://example.org/> .
e:known e:assembled true ; e:recycled false .
e:unknown e:assembled true .
e:neither e:assembled false .
"""
BODY = "{ ?x e:assembled ?a OPTIONAL { ?x e:recycled ?r } %s }"
graph = rdflib.Graph().parse(data=DATA, format="turtle")
store = pyoxigraph.Store()
store.load(DATA.encode(), pyoxigraph.RdfFormat.TURTLE)


def rows(query):
    text = "PREFIX e: <http://example.org/> " + query
    texts = [[str(each) if each else "nothing" for each in row] for row in graph.query(text)]
    values = [[each.value if each else "nothing" for each in row] for row in store.query(text)]
    return [{row[0].rpartition("/")[2]: row[-1] for row in found} for found in (texts, values)]


def value(expression, name):
    return tuple(each[name] for each in rows(f"SELECT ?x ({expression} AS ?t) " + BODY % ""))


def kept(condition):
    found = rows("SELECT ?x " + BODY % f"FILTER({condition})")
    return tuple(", ".join(sorted(each)) for each in found)


for name, found, expected in (
    ("yes || unknown", value("?a || ?r", "unknown"), ("nothing", "true")),
    ("no && unknown", value("?a && ?r", "neither"), ("nothing", "false")),
    ("filter, variables", kept("?a || ?r"), ("known", "known, unknown")),
    ("filter, comparisons", kept("?a = true || ?r = true"), ("known, unknown", "known, unknown")),
):
    finds = "finds " if name.startswith("filter") else ""
    print(f"{name:19} rdflib {finds}{found[0]}, pyoxigraph {finds}{found[1]}")
    assert found == expected, f"{name} was {expected}"
PYTHON
