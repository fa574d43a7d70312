"""The same rules over tables: Polars, pandas, PyArrow, DuckDB, PySpark and Dask.

Needs the extra `tables`: ``pip install 'evcredit[tables]'``.
"""

from evcredit.tables.checks import InvalidFrameError
from evcredit.tables.content import qualifying_content
from evcredit.tables.frames import assess_frame, plan_for

__all__ = ["InvalidFrameError", "assess_frame", "plan_for", "qualifying_content"]
