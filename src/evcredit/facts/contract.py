"""Contracts under which one entity produces with rights of another.

Source: 42 USC 18741(a)(5)(C).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from evcredit.algebra.brief import brief
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import Fault, Kind, as_flag, as_text, check, declare, repr_of_facts

__all__ = ["RIGHTS", "Contract"]


def as_name(value: str | None) -> Any:
    """The name of an entity, which must be given."""
    return Fault(value, "give the name of an entity") if value is None else as_text(value)


#: The rights that a producer must keep, all of them, for the safe harbor of 89 FR 37079, by the
#: name of the fact [recalled].
RIGHTS: Mapping[str, str] = {
    "keeps_quantity": "right to set the quantity within agreed bounds",
    "keeps_timing": "right to set the timing and to stop",
    "keeps_output": "right to use the output or to sell it at will",
    "keeps_access": "access to the whole site and every stage of production",
    "keeps_operation": "right to run and maintain the critical equipment, with the data it takes",
}


def _right(name: str) -> Any:
    return attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, f"producer keeps the {RIGHTS[name]}"),
    )


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class Contract:
    """A license or other contract under which an entity produces something.

    Args:
        holder: The name of the licensor or other party that the contract gives rights to.
        producer: The name of the entity that produces.
        output: What it is for: an applicable critical mineral or a kind of component;
            everything that the producer makes if omitted.
        effective_control: Whether it gives the holder effective control over the production.
        keeps_quantity: Whether the producer keeps the right to set the quantity.
        keeps_timing: Whether it keeps the right to set the timing, and to stop.
        keeps_output: Whether it keeps the right to use the output, or to sell it at will.
        keeps_access: Whether it keeps access to the whole site and every stage.
        keeps_operation: Whether it keeps the right to run, maintain and repair all critical
            equipment, and to use the property rights and data that takes.

    Raises:
        InvalidFactError: A fact is invalid: who keeps all five rights is under nobody's
            effective control.
        InvalidFactsError: Several faults.

    >>> Contract(holder="P", producer="M", effective_control=True).controls
    True
    """

    __repr__ = repr_of_facts
    __str__ = brief

    holder: str = attrs.field(converter=as_name, metadata=declare(Kind.TEXT, "holder"))
    producer: str = attrs.field(converter=as_name, metadata=declare(Kind.TEXT, "producer"))
    output: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "what is produced", optional=True),
    )
    effective_control: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "effective control over the production"),
    )
    keeps_quantity: bool | None = _right("keeps_quantity")
    keeps_timing: bool | None = _right("keeps_timing")
    keeps_output: bool | None = _right("keeps_output")
    keeps_access: bool | None = _right("keeps_access")
    keeps_operation: bool | None = _right("keeps_operation")

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _contract_faults, sound=sound)

    @property
    def keeps_all_rights(self) -> bool:
        """Whether the producer is stated to keep all five rights: the safe harbor."""
        return all(getattr(self, name) for name in RIGHTS)

    @property
    def controls(self) -> bool | None:
        """Whether the holder has effective control; no where all five rights are kept."""
        return False if self.keeps_all_rights else self.effective_control


def _contract_faults(contract: Contract) -> Iterator[tuple[str, Any, str]]:
    if contract.effective_control and contract.keeps_all_rights:
        yield (
            "effective_control",
            True,
            "who keeps all five rights is under nobody's effective control; correct one of them",
        )
