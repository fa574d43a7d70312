"""The leaves of a tree of rules: those that are evaluated as one, and whether others are in force.

They depend on the rules alone, so that they are found once and not for each claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import attrs

from evcredit.algebra.read_only import ReadOnlyDict
from evcredit.algebra.rule import Rule
from evcredit.algebra.topic import Mode

__all__ = ["guards_of", "leaves_of"]


@lru_cache(maxsize=64)
def leaves_of(top: Rule, roots: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The leaves of a rule, its guards, and other roots; what is in two places is there twice.

    Args:
        top: The rule.
        roots: Rules below it, and others.
    """
    below = set(top.walk())
    others = (root for root in roots if root not in below)
    return (*_leaves(top), *guards_of(top).values(), *others)


@lru_cache(maxsize=64)
def guards_of(top: Rule) -> Mapping[Rule, Rule]:
    """Whether a composite rule is in force, where that is more than whether its parts are.

    Args:
        top: The rule at the top.

    Returns:
        Rules that say so, each a leaf, by the rules that they are about.
    """
    return ReadOnlyDict({rule: _guard(rule) for rule in top.walk() if _is_guarded(rule)})


def _leaves(rule: Rule) -> Iterator[Rule]:
    if rule.body is not None or rule.as_one:
        yield rule
    else:
        for part in rule.parts:
            yield from _leaves(part)


def _is_guarded(rule: Rule) -> bool:
    return rule.in_force is not None and bool(rule.parts) and not rule.as_one


@lru_cache(maxsize=1024)
def _guard(rule: Rule) -> Rule:
    """Whether a rule is in force, as a rule of its own."""
    return attrs.evolve(
        rule,
        code=f"{rule.code}_in_force",
        mode=Mode.BODY,
        body=rule.in_force,
        parts=(),
        in_force=None,
    )
