"""First characters of patterns: a search skips all places where no match can begin, and finds what `re.compile` finds."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.reading.heads import compiled, heads_of

_parser: Any = import_module("re._parser")
PATTERNS = [
    (r"\b(?:was|were)\s(?:approved|cleared?)\b", 0),
    (r"(?<!-)(?:[Tt]he\s)?(?:kin|sin|ink)s?\b", re.IGNORECASE),
    (r"(?=\b[A-Z]{2})(?P<long>\w+?)-(?P<short>\d)|(?P<sign>[±−])\s?\d", 0),
    (r"(?:an?\s){0,2}(?i:ask|KSI)|x*", 0),
    (r"[^a-z]\d|(?>ab|a)c", 0),
    (r"(?=\bw)", 0),
    (r"(?i:[i-k]x)+|µg", 0),
]


@pytest.mark.parametrize(
    ("pattern", "flags", "expected"),
    [
        (r"\b(?:was|has)\s", 0, "hw"),
        (r"(?<=\s)(?:the\s)?(?P<word>cat)", 0, "ct"),
        (r"(?i:dog)", 0, "Dd"),
        (r"(?=[ab])\w", 0, "ab"),
        (r".a", 0, None),
        (r"[^b]a", 0, None),
        (r"(?:a|b?)", 0, None),
    ],
)
def test_the_characters_a_match_begins_with(pattern: str, flags: int, expected: str | None) -> None:
    heads = heads_of(_parser.parse(pattern, flags), flags)
    assert (heads and "".join(sorted(chr(code) for _, code in heads))) == expected


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
@given(text=st.text(alphabet="aAbcdghiIkKnNsSotTwWx-1 ±−µ\u212aıİſ", max_size=24))
def test_nothing_of_what_is_found_changes(pattern: str, flags: int, text: str) -> None:
    ours, plain = compiled(_parser.parse(pattern, flags), flags), re.compile(pattern, flags)
    assert [(m.span(), m.groupdict()) for m in ours.finditer(text)] == [(m.span(), m.groupdict()) for m in plain.finditer(text)]
