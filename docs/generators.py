"""Text of the documentation that is made from evcredit at build time.

A page says `<!-- generate: NAME -->`, and docs/hooks.py puts the Markdown
that `GENERATORS[NAME]()` returns in its place.
"""

from collections.abc import Callable

import evcredit


def version() -> str:
    """The version of evcredit that this documentation was built from."""
    return evcredit.__version__


GENERATORS: dict[str, Callable[[], str]] = {
    "version": version,
}
