"""The data files of the package, each row with its source.

They are TOML: dates are dates, and numbers that must stay exact are whole or text.
"""

from __future__ import annotations

from typing import Any

__all__ = ["load"]


def load(file: str) -> dict[str, Any]:
    """Read one data file of the package.

    >>> sorted(load("agreements.toml"))
    ['agreements']
    """
    # Neither is needed to import the package, and together they cost as much as attrs.
    import tomllib  # noqa: PLC0415
    from importlib.resources import files  # noqa: PLC0415

    return tomllib.loads(files(__name__).joinpath(file).read_text("utf-8"))
