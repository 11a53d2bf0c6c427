"""The part of the registry's expression syntax that the replay server understands: words, "phrases", AND, OR, NOT, (), AREA[], RANGE[]."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Study = dict[str, Any]
Test = Callable[[Study], bool]
Find = Callable[[str], list[str]]  # a piece's name -> its path

_TOKEN = re.compile(
    r"\s*(?:(?P<area>AREA\[(?P<field>[^\]]+)\])|RANGE\[(?P<low>[^,\]]+),(?P<high>[^\]]+)\]"
    r'|"(?P<phrase>[^"]*)"|(?P<sign>[()])|(?P<word>[^\s()"]+))'
)
_IDS = re.compile(r"\s*NCT\d{8}(?:[\s,]+NCT\d{8})*\s*", re.IGNORECASE)


class WrongExpressionError(ValueError):
    """An expression that is none."""


def only_ids(text: str) -> list[str]:
    """The numbers, where a query is nothing but numbers."""
    return re.findall(r"NCT\d{8}", text.upper()) if _IDS.fullmatch(text) else []


def values(node: Any) -> Iterator[str]:
    """All values of a tree as text."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from values(child)
    elif node is not None:
        yield str(node)


def at(node: Any, path: list[str]) -> Iterator[Any]:
    """What stands at a path; lists on the way are walked through."""
    if isinstance(node, list):
        for child in node:
            yield from at(child, path)
    elif not path:
        yield node
    elif isinstance(node, dict) and path[0] in node:
        yield from at(node[path[0]], path[1:])


def parse(text: str, find: Find, roots: list[list[str]]) -> Test:
    """A test of a study; words are sought below the roots.

    Errors: WrongExpressionError.
    """
    tokens = list(_TOKEN.finditer(text))
    if "".join(token[0] for token in tokens).strip() != text.strip():
        raise WrongExpressionError(f"cannot parse {text!r}")
    reader = _Reader(tokens, find, roots)
    test = reader.either()
    if reader.tokens:
        raise WrongExpressionError(f"unbalanced brackets in {text!r}")
    return test


class _Reader:
    def __init__(self, tokens: list[re.Match[str]], find: Find, roots: list[list[str]]) -> None:
        self.tokens, self.find, self.roots = tokens, find, roots

    def word(self) -> str | None:
        return self.tokens[0]["word"] or self.tokens[0]["sign"] if self.tokens else ")"

    def either(self) -> Test:
        tests = [self.every()]
        while self.word() == "OR":
            self.tokens.pop(0)
            tests.append(self.every())
        return lambda study: any(test(study) for test in tests)

    def every(self) -> Test:
        tests = [self.one()]
        while self.word() not in {"OR", ")"}:
            if self.word() == "AND":
                self.tokens.pop(0)
            tests.append(self.one())
        return lambda study: all(test(study) for test in tests)

    def one(self) -> Test:
        if not self.tokens:
            raise WrongExpressionError("the expression ends too early")
        token = self.tokens.pop(0)
        if token["word"] == "NOT":
            inner = self.one()
            return lambda study: not inner(study)
        if token["sign"] == "(":
            inner = self.either()
            if not self.tokens or self.tokens.pop(0)["sign"] != ")":
                raise WrongExpressionError("a bracket stays open")
            return inner
        if token["area"]:
            saved, self.roots = self.roots, [self.find(token["field"])]
            inner = self.one()
            self.roots = saved
            return inner
        if token["low"]:
            return _within(token["low"].strip(), token["high"].strip(), self.roots)
        return _says(token["phrase"] or token["word"] or "", self.roots)


def _within(low: str, high: str, roots: list[list[str]]) -> Test:
    def test(study: Study) -> bool:
        found = [text for root in roots for node in at(study, root) for text in values(node)]
        return any((low == "MIN" or _number(text) >= _number(low)) and (high == "MAX" or _number(text) <= _number(high)) for text in found)

    return test


def _number(text: str) -> str:
    return text.zfill(20) if text.isdecimal() else text


def _says(words: str, roots: list[list[str]]) -> Test:
    sought = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
    return lambda study: any(sought.search(text) for root in roots for node in at(study, root) for text in values(node))
