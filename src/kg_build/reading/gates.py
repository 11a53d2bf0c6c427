"""Cheap tests before expensive patterns: which of many patterns can match in a stretch of text at all.

Of every pattern a few literals are derived, one of which each of its matches holds ("approv" of `approv(?:ed|al)`). One pass over the
text finds the literals of all patterns; a pattern runs only where one of its own stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

import ahocorasick

_parser: Any = import_module("re._parser")
_SHORTEST = 2
_MANY = 250
"""Literals shorter than this, or more of them than this, tell nothing."""

Literals = frozenset[str]


def literals(pattern: re.Pattern[str]) -> Literals | None:
    r"""Lower-case literals, one of which stands in every match of the pattern; None where it has no such.

    >>> sorted(literals(re.compile(r"(?:was|were)\s(?:approved|cleared?)\b")) or ())
    ['approved', 'cleare']
    """
    tree = getattr(pattern, "tree", None)  # a lazy pattern parses itself
    return literals_of(tree or _parser.parse(pattern.pattern, int(pattern.flags)))


def literals_of(parsed: Iterable[tuple[Any, Any]]) -> Literals | None:
    """The same of a parsed pattern."""
    found = _of_sequence(parsed)
    return None if found is None or len(found) > _MANY or min(map(len, found)) < _SHORTEST else found


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> Literals | None:
    """The most telling literals of patterns that follow each other."""
    covers, run = [], ""
    for operation, value in items:
        letter = _letter(str(operation), value)
        if letter:
            run += letter
            continue
        covers += [frozenset({run})] if run else []
        run = ""
        inner = _of_item(str(operation), value)
        covers += [inner] if inner else []
    covers += [frozenset({run})] if run else []
    return max(covers, key=lambda cover: (min(map(len, cover)), -len(cover)), default=None)


def _letter(operation: str, value: Any) -> str:
    """The one letter, in lower case, that an item stands for: "a" of `a` and of `[Aa]`."""
    if operation == "LITERAL":
        return _lower(chr(value))
    if operation == "IN" and all(str(kind) == "LITERAL" for kind, _ in value):
        letters = {_lower(chr(code)) for _, code in value}
        return letters.pop() if len(letters) == 1 else ""
    return ""


def _lower(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else char


def _of_item(operation: str, value: Any) -> Literals | None:
    if operation == "SUBPATTERN":
        return _of_sequence(value[-1])
    if operation == "ATOMIC_GROUP":
        return _of_sequence(value)
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _of_sequence(value[2]) if value[0] else None
    if operation == "BRANCH":
        covers = [_of_sequence(branch) for branch in value[1]]
        return frozenset().union(*(cover for cover in covers if cover)) if all(covers) else None
    return None


def lowered(text: str) -> str:
    """Lower case, character for character."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(map(_lower, text))


@lru_cache(maxsize=64)
def _machine_of(pattern: re.Pattern[str]) -> ahocorasick.Automaton | None:
    found = literals(pattern)
    if found is None or min(map(len, found)) < 3:  # two letters stand everywhere: the windows would be the whole text
        return None
    machine = ahocorasick.Automaton()
    for literal in found:
        machine.add_word(literal, len(literal))
    machine.make_automaton()
    return machine


def near(pattern: re.Pattern[str], text: str, reach: int) -> Iterator[re.Match[str]]:
    """What `pattern.finditer(text)` finds, searched only around the pattern's literals; no match is longer than `reach`."""
    machine = _machine_of(pattern)
    if machine is None:
        yield from pattern.finditer(text)
        return
    low = high = 0
    for last, length in machine.iter(lowered(text)):
        if last - length - reach > high:
            yield from pattern.finditer(text, low, high)
            low = last - length - reach
        high = max(high, last + reach)
    yield from pattern.finditer(text, low, high)


class Gate:
    """Numbers of those patterns that can match in a stretch of text."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._patterns = tuple(patterns)
        self._hits = lru_cache(maxsize=4)(self._all_hits)

    @cached_property
    def _machine(self) -> tuple[ahocorasick.Automaton, tuple[int, ...]]:
        """All literals with the numbers of their patterns, and the patterns that have none."""
        owners: dict[str, list[int]] = {}
        always = []
        for number, pattern in enumerate(self._patterns):
            found = literals(pattern)
            if found is None:
                always.append(number)
            for literal in found or ():
                owners.setdefault(literal, []).append(number)
        machine = ahocorasick.Automaton()
        for literal, numbers in owners.items():
            machine.add_word(literal, (len(literal), tuple(numbers)))
        machine.make_automaton()
        return machine, tuple(always)

    def _all_hits(self, text: str) -> tuple[list[int], list[tuple[int, ...]]]:
        machine, _ = self._machine
        hits = machine.iter(lowered(text)) if len(machine) else ()
        found = sorted((last - length + 1, numbers) for last, (length, numbers) in hits)
        return [start for start, _ in found], [numbers for _, numbers in found]

    def search(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """The first match of the first pattern that has one."""
        found = (self._patterns[number].search(text, start, end) for number in self.able(text, start, end))
        return next(filter(None, found), None)

    def able(self, text: str, start: int, end: int) -> Iterator[int]:
        """Numbers, in order, of the patterns that may match within [start, end)."""
        starts, owners = self._hits(text)
        able = set(self._machine[1])
        for numbers in owners[bisect_left(starts, start) : bisect_left(starts, end)]:
            able.update(numbers)
        return iter(sorted(able))
