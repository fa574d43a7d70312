"""Assessments from file to file, in parts, so that a halted run goes on.

May import: the other modules of tables; only its engines import Polars and DuckDB.
May be imported by: the front of tables.
"""
