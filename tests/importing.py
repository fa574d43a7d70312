"""What holds for everything an importer returns."""

import json
import re
from pathlib import Path

SAMPLES = Path(__file__).with_name("samples")


def sample(name):
    return (SAMPLES / name).read_bytes()


def leaf_paths(value, path=""):
    """The path of every value of a document whose names need no quotes and are not repeated."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            step = name if re.fullmatch(r"\w[^\].\[#\"!\r\n]*", name) else None
            here = f"{path}[{json.dumps(name)}]" if step is None else f"{path}.{name}"
            yield from leaf_paths(each, here.removeprefix(".") if not path else here)
    elif isinstance(value, list) and value:
        for index, each in enumerate(value):
            yield from leaf_paths(each, f"{path}[{index}]")
    else:
        yield path or "$"


def at(facts, path):
    """What is at a path of facts, like ``minerals[0].steps[1].country``."""
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", path):
        facts = getattr(facts, name) if name else facts[int(index)]
    return facts


def check(imported, paths=None):
    """Assert that every value is in one list, and that what is mapped became a fact."""
    report = imported.report
    found = [entry.path for entry in report]
    assert len(found) == len(set(found))
    if paths is not None:
        assert set(found) == set(paths)
    for entry in report.mapped:
        assert entry.to
        for target in entry.to:
            assert at(imported.facts, target) is not None, target
    assert report.explain().encode()
    assert hash(report) is not None
    json.dumps(report.to_dict())
    return imported


def fate(imported, path):
    """The one entry of a path."""
    (found,) = (entry for entry in imported.report if entry.path == path)
    return found
