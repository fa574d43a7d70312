"""Section 25E, the credit for previously owned clean vehicles.

| module | provisions |
|---|---|
| `acquisition` | (g), and the first day of the section: when the vehicle was acquired |
| `definition` | (c)(1): what a previously owned clean vehicle is |
| `sale` | (c)(2): what a qualified sale is, and who had the vehicle before |
| `buyer` | (c)(3): who a qualified buyer is |
| `limits` | (b), (d) and (e): income, and the special rules |
| `transfer` | (f): the transfer of the credit to the dealer |
| `amount` | (a): the amount, and everything together |
| `credit` | the section as one object |

The rules that section 25E takes over from section 30D are the very same.
"""
