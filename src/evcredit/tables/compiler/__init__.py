"""The rules compiled into expressions over columns.

May import: algebra, facts.
May be imported by: the other modules of tables.
"""
