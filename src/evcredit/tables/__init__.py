"""The same rules over tables: Polars, pandas, PyArrow, DuckDB, PySpark and Dask.

Needs the extra `tables`: ``pip install 'evcredit[tables]'``.
"""

from evcredit.tables.checks import InvalidFrameError
from evcredit.tables.columns import ColumnKind, FrameColumn
from evcredit.tables.comparison import compare_frames
from evcredit.tables.content import compare_content, qualifying_content
from evcredit.tables.content_checks import ContentTables, check_content
from evcredit.tables.doors import Problem
from evcredit.tables.files import FilesAssessed, OtherRunError, assess_files
from evcredit.tables.frames import assess_frame
from evcredit.tables.rows import rows_of
from evcredit.tables.summary import summarise, summarise_reasons
from evcredit.tables.templates import result_schema, schema, schema_text, template

__all__ = [
    "ColumnKind",
    "ContentTables",
    "FilesAssessed",
    "FrameColumn",
    "InvalidFrameError",
    "OtherRunError",
    "Problem",
    "assess_files",
    "assess_frame",
    "check_content",
    "compare_content",
    "compare_frames",
    "qualifying_content",
    "result_schema",
    "rows_of",
    "schema",
    "schema_text",
    "summarise",
    "summarise_reasons",
    "template",
]
