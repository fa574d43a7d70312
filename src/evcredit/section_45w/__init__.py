"""Section 45W, the credit for qualified commercial clean vehicles.

| module | provisions |
|---|---|
| `definition` | (c): what a qualified commercial clean vehicle is, and (d)(2) |
| `limits` | (d) and (e): the special rules, and who claims |
| `amount` | (b): basis, incremental cost and limit |
| `termination` | (g): the first and the last day to acquire |
| `credit` | everything together |
"""
