"""The same rules over tables: Polars, pandas, PyArrow, DuckDB, PySpark and Dask.

Needs the extra `tables`: ``pip install 'evcredit[tables]'``.

May import: results and everything below them.
May be imported by: nothing inside the package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.tables.comparison import compare_frames as compare_frames
    from evcredit.tables.compiler.columns import ColumnKind as ColumnKind
    from evcredit.tables.compiler.columns import FrameColumn as FrameColumn
    from evcredit.tables.content.checks import ContentTables as ContentTables
    from evcredit.tables.content.checks import check_content as check_content
    from evcredit.tables.content.qualifying import compare_content as compare_content
    from evcredit.tables.content.qualifying import qualifying_content as qualifying_content
    from evcredit.tables.files.assess import assess_files as assess_files
    from evcredit.tables.files.manifest import OtherRunError as OtherRunError
    from evcredit.tables.files.progress import FilesAssessed as FilesAssessed
    from evcredit.tables.frames import assess_frame as assess_frame
    from evcredit.tables.frames import columns_read as columns_read
    from evcredit.tables.owners import makers_not_in as makers_not_in
    from evcredit.tables.owners import trace_owners as trace_owners
    from evcredit.tables.problems import InvalidFrameError as InvalidFrameError
    from evcredit.tables.problems import NotAFrameError as NotAFrameError
    from evcredit.tables.problems import Problem as Problem
    from evcredit.tables.returns import allocate_frame as allocate_frame
    from evcredit.tables.rows import rows_of as rows_of
    from evcredit.tables.summary import summarise as summarise
    from evcredit.tables.summary import summarise_reasons as summarise_reasons
    from evcredit.tables.templates import result_schema as result_schema
    from evcredit.tables.templates import schema as schema
    from evcredit.tables.templates import schema_text as schema_text
    from evcredit.tables.templates import template as template

export(
    __name__,
    {
        "comparison": "compare_frames",
        "compiler.columns": "ColumnKind FrameColumn",
        "content.checks": "ContentTables check_content",
        "content.qualifying": "compare_content qualifying_content",
        "files.assess": "assess_files",
        "files.manifest": "OtherRunError",
        "files.progress": "FilesAssessed",
        "frames": "assess_frame columns_read",
        "owners": "makers_not_in trace_owners",
        "problems": "InvalidFrameError NotAFrameError Problem",
        "returns": "allocate_frame",
        "rows": "rows_of",
        "summary": "summarise summarise_reasons",
        "templates": "result_schema schema schema_text template",
    },
    extra="tables",
)
