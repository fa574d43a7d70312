"""Section 30D(d)(7) with 42 USC 18741(a)(5): inputs from a foreign entity of concern.

May import: provisions, law, facts, algebra, and the samples of the sourcing rules.
May be imported by: the modules of section 30D above it, tables of contents, audit.

| module | what is in it |
|---|---|
| `foreign_entity` | whether any mineral or component comes from one |
| `makers` | who performed a step or made a component, and how that maker is judged |
| `entity` | whether an entity is a foreign entity of concern, and what governments hold of it |
| `standards` | what the law requires on a day |
| `graph` | a graph of ownership under these standards: stakes, and facts that are unknown |
| `grounds` | what makes an entity one of concern, as findings and in words |
| `tracing`, `chains` | holdings through others, and the strongest chains of them |
| `circles`, `linear`, `merging` | circles of owners, exactly |
"""
