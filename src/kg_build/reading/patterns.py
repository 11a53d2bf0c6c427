"""Patterns that cost nothing until they are needed: parsed at first use, compiled once a text holds one of their literals.

The reader knows many hundreds of patterns, of which one text needs few: most of them are told apart by a word that they must hold.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, cast

import ahocorasick

from kg_build.reading.gates import literals_of, lowered
from kg_build.reading.heads import compiled

_parser: Any = import_module("re._parser")
_LONG = 512
_FEW = 6
"""Texts longer than this are lowered once for all patterns, as few literals are looked for one by one."""

_lowered_once = lru_cache(maxsize=4)(lowered)


def lazy(pattern: str, flags: int = 0, often: bool = False) -> re.Pattern[str]:
    r"""What `re.compile` gives, but parsed and compiled when it is first needed; `often`: compiled with more care, which takes longer.

    >>> lazy(r"(?:was|were)\s(?:approved|cleared?)\b").search("It was cleared.").group()
    'was cleared'
    """
    return cast("re.Pattern[str]", _Lazy(pattern, int(flags), often))


class _Lazy:
    """A pattern that searches only where one of its literals stands; all else is left to the compiled pattern."""

    def __init__(self, pattern: str, flags: int, often: bool) -> None:
        self.pattern, self._often = pattern, often
        self.flags = flags | int(re.UNICODE)  # a plain number: the parser asks for it at every item

    def __getattr__(self, name: str) -> Any:
        """What is made at first use, and the methods of the compiled pattern (`match`, `sub` ...)."""
        if name.startswith("__"):
            raise AttributeError(name)
        made: Any
        if name == "tree":
            made = _parser.parse(self.pattern, self.flags)
        elif name == "_compiled":
            made = compiled(self.tree, self.flags, self._often)
            self.__dict__.pop("tree")
        elif name == "_literals":
            made = self._told()
        else:
            made = getattr(self._compiled, name)
        self.__dict__[name] = made
        return made

    def _told(self) -> tuple[str, ...] | ahocorasick.Automaton:
        found = literals_of(self.tree)
        if found is None:  # nothing tells it apart: from now on the compiled pattern's own methods
            self.__dict__.update(search=self._compiled.search, finditer=self._compiled.finditer)
            return ("",)
        return tuple(found) if len(found) <= _FEW else _machine(found)

    def _may(self, text: str, start: int, end: int) -> bool:
        """Whether one of the literals stands in the stretch."""
        low = _lowered_once(text) if len(text) > _LONG else lowered(text)
        literals = self._literals
        if isinstance(literals, tuple):
            for literal in literals:
                if low.find(literal, start, end) >= 0:
                    return True
            return False
        return start < len(low) and next(literals.iter(low[max(start, 0) : end]), None) is not None

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match in the stretch."""
        return self._compiled.search(text, start, end) if self._may(text, start, end) else None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """All matches in the stretch."""
        return self._compiled.finditer(text, start, end) if self._may(text, start, end) else iter(())


def _machine(found: frozenset[str]) -> ahocorasick.Automaton:
    machine = ahocorasick.Automaton()
    for literal in found:
        machine.add_word(literal, len(literal))
    machine.make_automaton()
    return machine
