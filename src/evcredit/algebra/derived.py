"""Facts computed from parts of a claim, and shares compared with a percentage of the law."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import attrs

from evcredit.algebra.binding import Binding, Run, Truth
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.expression import Expression, Fact, Input, Operand
from evcredit.algebra.field import FactType, Kind
from evcredit.algebra.item import Item
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.reference import by_reference
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.share import Share, share_of_percent
from evcredit.algebra.unknown import unknown_of

__all__ = ["CertifiedShare", "Derived", "ShareComparison"]


def _unknown_of_body(derived: Derived) -> Callable[[Any, Binding], Iterator[UnknownFact]]:
    return partial(unknown_of, derived.body)


def _value_of_body(derived: Derived) -> Callable[[Binding], Callable[[Any], Any]]:
    bound: Callable[[Binding], Callable[[Any], Any]] = derived.body.bind
    return bound


@attrs.frozen(eq=False, repr=False)
class Derived(Input, Expression):
    """A fact that is computed from parts of the claim, such as a share of a battery's value.

    Args:
        name: What to call the result, also as a column of a table.
        label: The same in words.
        kind: What sort of value it is: a percentage, a flag or an amount.
        findings: From a binding and a claim, the findings that show how it is computed.
        body: How it follows from facts, where symbols can say it: tables read it too. What
            has none is a column of a table.
        unknown: From a claim and a binding, the unknown facts that may affect the result;
            with a body it shows them.
        bind_value: From a binding, a function from the claim to the result: a `Share`, a
            truth value, bounds of an amount, or `None` for unknown; with a body it is the body's.
        samples: From an unknown fact that affects the result, a claim and a law, values of
            it that between them can lead to every outcome; an empty tuple leaves the choice
            to its kind.
        breakpoints: From a law to the values, by the path of a fact, at which the result
            can change.
        reads: From a law to the paths of what is read besides the body's facts, without places
            of items in lists; a path covers everything below it.
        any_flag: Whether the result is true if any of the unknown facts, all flags, is.
        stated: The fact that can state the result as a whole, if there is one.
        stated_governs: From a law to whether what is stated overrides what follows from parts.
        beside: The facts that it reads beside its own parts and the day that picks the law. In a
            table they may differ from row to row.
        items: From a claim and a binding, the items by path that the result is a sum of (a share)
            or an "or" of (a flag), each of which decides its part from its own facts alone;
            `None` where the result is not that.
    """

    name: str
    label: str
    kind: Kind
    findings: Callable[[Binding, Any], tuple[Any, ...]]
    body: Any = None
    unknown: Callable[[Any, Binding], Iterator[UnknownFact]] = attrs.field(
        default=attrs.Factory(_unknown_of_body, takes_self=True)
    )
    bind_value: Callable[[Binding], Callable[[Any], Any]] = attrs.field(
        default=attrs.Factory(_value_of_body, takes_self=True)
    )
    samples: Callable[[UnknownFact, Any, Any], tuple[Any, ...]] = lambda unknown, subject, law: ()
    breakpoints: Callable[[Any], Mapping[str, Iterable[Any]]] = lambda law: {}
    reads: Callable[[Any], tuple[str, ...]] = lambda law: ()
    any_flag: bool = False
    stated: Fact | None = None
    stated_governs: Callable[[Any], bool] = lambda law: True
    beside: tuple[Fact, ...] = ()
    items: Callable[[Any, Binding], Mapping[str, Item] | None] = lambda subject, binding: None

    def __repr__(self) -> str:
        return f"<Derived {self.name}>"

    def __ge__(self, limit: Parameter[int]) -> ShareComparison:
        return ShareComparison(self, limit)

    def bind(self, binding: Binding) -> Run:
        return self.bind_value(binding)

    def operands(self) -> Iterator[Expression | Operand]:
        if self.body is not None:
            yield self.body

    def __reduce__(self) -> tuple[Any, ...]:
        return by_reference(self)

    @property
    def declared(self) -> FactType:
        """How the result is declared: a share or a flag."""
        return FactType(self.kind, self.label)

    def unknown_in(self, subject: Any, binding: Binding) -> Iterator[UnknownFact]:
        return self.unknown(subject, binding)


@attrs.frozen(eq=False, repr=False)
class CertifiedShare(Operand):
    """A share that someone certified; where no one did, the one that follows from the parts.

    Args:
        certified: The fact that states the certified percentage.
        governs: From a law to whether what was certified speaks about it.
        computed: From a binding, a function from a claim to the share that follows.
        empty: From a law, the share of nothing at all; `None` where the law leaves it open.
    """

    certified: Fact
    governs: Callable[[Any], bool]
    computed: Callable[[Binding], Callable[[Any], Share | None]]
    empty: Callable[[Any], Share | None] = lambda law: None

    def bind(self, binding: Binding) -> Callable[[Any], Share | None]:
        """A function from a claim to the share."""
        computed = self.computed(binding)
        empty = self.empty(binding.law)
        if empty is not None:
            computed = _or(computed, empty)
        if not self.governs(binding.law):
            return computed
        get = operator.attrgetter(self.certified.path)

        def share(subject: Any) -> Share | None:
            certified = get(subject)
            return computed(subject) if certified is None else share_of_percent(certified)

        return share

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.certified


def _or(computed: Callable[[Any], Share | None], otherwise: Share) -> Callable[[Any], Share | None]:
    """A share, or another where there is none."""

    def share(subject: Any) -> Share | None:
        found = computed(subject)
        return otherwise if found is None else found

    return share


@attrs.frozen(eq=False, repr=False)
class ShareComparison(Expression):
    """Whether a computed share is equal to or greater than a percentage of the law.

    Args:
        left: The share.
        right: The percentage.
    """

    left: Derived
    right: Parameter[int]

    def bind(self, binding: Binding) -> Run:
        share, decide = self.left.bind_value(binding), self.decide(binding)
        return lambda subject: decide(share(subject))

    def decide(self, binding: Binding) -> Callable[[Share | None], Truth]:
        """From the share to whether it reaches the percentage."""
        percent = self.right.resolve(binding)
        if percent.__class__ is int:  # the common case
            return lambda share: None if share is None else share.at_least_percent(percent)
        return lambda share: compare_share(share, percent)

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.left
        yield self.right


def compare_share(share: Share | None, percent: int | Bounds[int] | NoProvision) -> Truth:
    """Whether a share is at least a percentage, each possibly unknown or without provision."""
    if share is None or isinstance(percent, NoProvision):
        return None
    if isinstance(percent, Bounds):
        outcomes = {share.at_least_percent(percent.lower), share.at_least_percent(percent.upper)}
        return outcomes.pop() if len(outcomes) == 1 else None
    return share.at_least_percent(percent)
