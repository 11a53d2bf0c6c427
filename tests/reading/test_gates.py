"""Literals of patterns: a gate opens wherever a pattern can match."""

from __future__ import annotations

import re

import pytest

from kg_build.reading.frames.wordings import WORDINGS
from kg_build.reading.gates import Gate, literals, near

TEXT = "On Monday the agency APPROVED it; ADAPTED trials were cleared. Nothing was said of cancer, lung cancer or small cell lung cancers."


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"approv(?:ed|al)s?", {"approv"}),
        (r"(?:was|were)\s(?:approved|cleared?)\b", {"approved", "cleare"}),
        (r"[Aa]ppro[vw]ed", {"appro"}),
        (r"(?:un)?known", {"known"}),
        (r"(?:denied ){1,3}", {"denied "}),
        (r"\w+\d", None),
        (r"approved|\d+", None),
    ],
)
def test_one_of_the_literals_stands_in_every_match(pattern: str, expected: set[str] | None) -> None:
    assert literals(re.compile(pattern)) == expected


def test_a_gate_opens_for_every_pattern_that_matches_and_for_few_others() -> None:
    patterns = [re.compile(word, re.IGNORECASE) for word in ("approved", "adapted", "refused", r"\bclear\w+")]
    assert list(Gate(patterns).able(TEXT, 0, len(TEXT))) == [0, 1, 3]
    assert list(Gate(patterns).able(TEXT, 30, 50)) == [1]
    assert (found := Gate(patterns).search(TEXT, 0, len(TEXT))) and found[0] == "APPROVED"
    assert Gate(patterns[2:3]).search(TEXT, 0, len(TEXT)) is None


def test_the_wordings_of_acts_have_gates() -> None:
    assert sum(literals(wording.pattern) is not None for wording in WORDINGS) >= 0.9 * len(WORDINGS)


@pytest.mark.parametrize("pattern", [r"(?:(?:small|cell|lung)\s){0,3}cancers?\b", r"\w+ed\b", r"nothing"])
def test_near_finds_what_finditer_finds(pattern: str) -> None:
    compiled = re.compile(pattern)
    text = TEXT + " word" * 200 + TEXT
    assert [m.span() for m in near(compiled, text, 60)] == [m.span() for m in compiled.finditer(text)]
