"""Items of a list that are alike: one of them is analyzed in place of all."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from evcredit.algebra.read_only import ReadOnlyDict
from evcredit.algebra.verdict import Verdict

__all__ = ["MOST_SETS", "OneOfEach"]

#: The most sets of facts that are listed.
MOST_SETS = 1024


def _read_only(items: Mapping[str, tuple[str, ...]]) -> ReadOnlyDict[str, tuple[str, ...]]:
    return ReadOnlyDict(items)


@attrs.frozen
class OneOfEach:
    """A claim in which items that are alike are stated once.

    It is for lists of which every item alone can rule a credit out, and none can bring one about,
    such as earlier sales. Items without influence are omitted.

    Args:
        claim: The claim.
        items: For the path of each item in it, the paths of the items it represents, in order.
    """

    claim: Any
    items: Mapping[str, tuple[str, ...]] = attrs.field(converter=_read_only)

    def missing(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return the paths of unknown facts that matter, for every item that is represented.

        Args:
            paths: The paths of those that matter for the claim with one item of each.

        >>> sales = OneOfEach(None, {"sales[0]": ("sales[2]", "sales[5]")})
        >>> sales.missing(["sales[0].on", "sales[0].to", "price"])
        ('sales[2].on', 'sales[2].to', 'sales[5].on', 'sales[5].to', 'price')
        """
        first: dict[str, int] = {}
        found: list[tuple[int, int, int, str]] = []
        for order, path in enumerate(paths):
            item, rest = _split(path)
            if item not in self.items:
                found.append((order, 0, 0, path))
                continue
            # The facts of a list come where the first of them came, item by item.
            position = first.setdefault(item.partition("[")[0], order)
            for each in self.items[item]:
                number = int(each.partition("[")[2].rstrip("]"))
                found.append((position, number, order, f"{each}{rest}"))
        return tuple(path for *_, path in sorted(found))

    def settling(
        self, sets: Iterable[frozenset[str]], verdict: Verdict
    ) -> tuple[frozenset[str], ...]:
        """Return the sets of facts that could prove a verdict, for every item.

        To bring a credit about, all items that are alike have to be settled; to rule it out, one
        of them is enough.

        Args:
            sets: The sets for the claim with one item of each.
            verdict: What they prove.

        >>> sales = OneOfEach(None, {"sales[0]": ("sales[2]", "sales[5]")})
        >>> for verdict in (Verdict.MET, Verdict.NOT_MET):
        ...     [sorted(each) for each in sales.settling([frozenset({"sales[0].on"})], verdict)]
        [['sales[2].on', 'sales[5].on']]
        [['sales[2].on'], ['sales[5].on']]
        """
        every = (each for one in sets for each in self._of_items(one, verdict))
        found = itertools.islice(every, MOST_SETS)
        return tuple(sorted(found, key=lambda paths: (len(paths), sorted(paths))))

    def lists_all(self, sets: Iterable[frozenset[str]], verdict: Verdict) -> bool:
        """Whether `settling` lists every smallest set.

        Where alike items can be settled in several ways to bring a credit about, it lists only
        the sets that settle all of them in the same way.

        Args:
            sets: The sets for the claim with one item of each.
            verdict: What they prove.
        """
        sets = tuple(sets)
        if verdict is Verdict.NOT_MET:
            return sum(self._ways(each) for each in sets) <= MOST_SETS
        ways: dict[str, set[frozenset[str]]] = {}
        for one in sets:
            for item, facts in self._by_item(one)[1].items():
                ways.setdefault(item, set()).add(frozenset(facts))
        return all(len(self.items[item]) == 1 or len(each) == 1 for item, each in ways.items())

    def _by_item(self, paths: frozenset[str]) -> tuple[set[str], dict[str, list[str]]]:
        """The paths that are of no item, and by item what follows in the others."""
        others: set[str] = set()
        found: dict[str, list[str]] = {}
        for path in sorted(paths):
            item, rest = _split(path)
            if item in self.items:
                found.setdefault(item, []).append(rest)
            else:
                others.add(path)
        return others, found

    def _ways(self, paths: frozenset[str]) -> int:
        size = 1
        for item in self._by_item(paths)[1]:
            size *= len(self.items[item])
        return size

    def _of_items(self, paths: frozenset[str], verdict: Verdict) -> Iterator[frozenset[str]]:
        others, found = self._by_item(paths)
        if verdict is Verdict.MET:
            all_of_them = {
                f"{each}{rest}"
                for item, facts in found.items()
                for each in self.items[item]
                for rest in facts
            }
            yield frozenset(others | all_of_them)
            return
        for chosen in itertools.product(*(self.items[item] for item in found)):
            facts = zip(chosen, found.values(), strict=True)
            yield frozenset(others | {f"{each}{rest}" for each, own in facts for rest in own})


def _split(path: str) -> tuple[str, str]:
    """The path of the item of a list that a path leads through first, and the rest.

    >>> _split("sales[3].on"), _split("price")
    (('sales[3]', '.on'), ('price', ''))
    """
    head, bracket, rest = path.partition("]")
    return head + bracket, rest
