"""Three-valued verdicts with the strong Kleene connectives.

A verdict is `MET`, `NOT_MET` or `UNKNOWN`. Unknown is neither yes nor no: it stays unknown
unless the other side of ``&`` or ``|`` decides the matter alone. `any_known` and `all_known` do the
same for plain flags, where `None` is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from evcredit.errors import UndeterminedError

__all__ = ["Verdict", "all_known", "any_known"]


class Verdict(Enum):
    """Whether a requirement is met, as far as the stated facts tell.

    >>> Verdict.UNKNOWN & Verdict.NOT_MET
    <Verdict.NOT_MET: 'not met'>
    >>> Verdict.UNKNOWN | Verdict.NOT_MET
    <Verdict.UNKNOWN: 'unknown'>
    >>> ~Verdict.MET
    <Verdict.NOT_MET: 'not met'>
    >>> bool(Verdict.UNKNOWN)
    Traceback (most recent call last):
    evcredit.errors.UndeterminedError: an unknown verdict is neither true nor false; ...
    """

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value

    @classmethod
    def of(cls, known: bool | None) -> Verdict:
        """The verdict for a truth value; `None` is unknown.

        >>> Verdict.of(None)
        <Verdict.UNKNOWN: 'unknown'>
        """
        return _VERDICTS[known]

    @property
    def known(self) -> bool | None:
        """`True` for met, `False` for not met, `None` for unknown."""
        return _KNOWN[self]

    def __and__(self, other: Verdict) -> Verdict:
        if not isinstance(other, Verdict):
            return NotImplemented
        if Verdict.NOT_MET in (self, other):
            return Verdict.NOT_MET
        return Verdict.UNKNOWN if Verdict.UNKNOWN in (self, other) else Verdict.MET

    def __or__(self, other: Verdict) -> Verdict:
        if not isinstance(other, Verdict):
            return NotImplemented
        return ~(~self & ~other)

    def __invert__(self) -> Verdict:
        return _INVERSE[self]

    def __bool__(self) -> bool:
        if self is Verdict.UNKNOWN:
            raise UndeterminedError(
                "an unknown verdict is neither true nor false; compare it with Verdict.MET, "
                "or ask the result which facts are missing"
            )
        return self is Verdict.MET


_VERDICTS = {True: Verdict.MET, False: Verdict.NOT_MET, None: Verdict.UNKNOWN}
_KNOWN = {verdict: known for known, verdict in _VERDICTS.items()}
_INVERSE = {
    Verdict.MET: Verdict.NOT_MET,
    Verdict.NOT_MET: Verdict.MET,
    Verdict.UNKNOWN: Verdict.UNKNOWN,
}


def any_known(flags: Iterable[bool | None]) -> bool | None:
    """Kleene's "or" of flags: whether any is up.

    Args:
        flags: The flags.

    Returns:
        True if one is known to be up, whatever the others are; otherwise `None` while one is
        unknown; otherwise False, as of no flags.

    >>> any_known([None, True]), any_known([None, False]), any_known([False]), any_known([])
    (True, None, False, False)
    """
    verdict: bool | None = False
    for flag in flags:
        if flag:
            return True
        if flag is None:
            verdict = None
    return verdict


def all_known(flags: Iterable[bool | None]) -> bool | None:
    """Kleene's "and" of flags: whether all are up.

    Args:
        flags: The flags.

    Returns:
        False if one is known to be down, whatever the others are; otherwise `None` while one is
        unknown; otherwise True, as of no flags.

    >>> all_known([None, False]), all_known([None, True]), all_known([True]), all_known([])
    (False, None, True, True)
    """
    verdict: bool | None = True
    for flag in flags:
        if flag is None:
            verdict = None
        elif not flag:
            return False
    return verdict
