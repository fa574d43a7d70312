"""The same rules over tables: Polars, pandas, PyArrow, DuckDB, PySpark and Dask.

Needs the extra `tables`: ``pip install 'evcredit[tables]'``.
"""

from evcredit.tables.checks import InvalidFrameError
from evcredit.tables.content import qualifying_content
from evcredit.tables.files import FilesAssessed, OtherRunError, assess_files
from evcredit.tables.frames import assess_frame, plan_for

__all__ = [
    "FilesAssessed",
    "InvalidFrameError",
    "OtherRunError",
    "assess_files",
    "assess_frame",
    "plan_for",
    "qualifying_content",
]
