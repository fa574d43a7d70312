"""Section 30D, one module for each paragraph group of the statute.

| module | provisions |
|---|---|
| `definition` | (d)(1)-(6): what a new clean vehicle is |
| `foreign_entity` | (d)(7): inputs from a foreign entity of concern |
| `minerals` | (e)(1): critical minerals |
| `components` | (e)(2): battery components |
| `pools` | both contents, averaged over many vehicles |
| `use_of_credit` | (c): what becomes of the credit on a return |
| `limits` | (f): the special rules, among them price and income |
| `after_sale` | (f)(5): what takes the credit away after the sale |
| `transfer` | (g): the transfer of the credit to the dealer |
| `amount` | (b): the amount, and everything together |
| `small_vehicle` | (g) before 2023: business and personal part of a vehicle with few wheels |
| `termination` | (h): the end of the credit |
| `credit` | the section as one object |
"""
