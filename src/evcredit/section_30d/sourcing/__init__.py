"""Section 30D(e): where critical minerals and battery components come from.

May import: provisions, law, facts, algebra.
May be imported by: the modules of section 30D above it, tables of contents, forms, audit.

| module | what is in it |
|---|---|
| `places` | where an activity counts, and from which day |
| `qualifying` | how much of one procurement chain qualifies |
| `unknown_minerals` | which unknown facts of the chains matter |
| `minerals` | (e)(1): the critical minerals requirement |
| `components` | (e)(2): the battery components requirement |
| `samples` | values to try for unknown chains and components |
| `pools` | both contents, averaged over many vehicles |
| `compliant_batteries`, `ledger` | how many batteries of a maker comply, and the account of them |
"""
