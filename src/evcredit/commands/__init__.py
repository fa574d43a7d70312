"""The commands of ``python -m evcredit``: each reads a file or a pipe, and answers in text or data.

May import: every room but `__main__`.
May be imported by: `__main__`.
"""

from __future__ import annotations

__all__: list[str] = []
