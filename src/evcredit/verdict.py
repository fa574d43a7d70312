"""Three-valued verdicts with the strong Kleene connectives.

A verdict is `MET`, `NOT_MET` or `UNKNOWN`. Unknown is neither yes nor no: it stays unknown
unless the other side of ``&`` or ``|`` decides the matter alone.
"""

from __future__ import annotations

from enum import Enum

from evcredit.errors import UndeterminedError

__all__ = ["Verdict"]


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
