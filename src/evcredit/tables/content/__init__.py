"""Qualifying contents of whole tables of batteries.

May import: section 30D, the compiler.
May be imported by: the other modules of tables.
"""
