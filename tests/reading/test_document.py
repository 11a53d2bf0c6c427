from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.reading.document import UNIT, Document, paragraphs, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It targets the agent.1 The median was 1.5 months.", ["It targets the agent.1", "The median was 1.5 months."]),
        ("PFS was longer (P < .0001).2 The OS data follow.", ["PFS was longer (P < .0001).2", "The OS data follow."]),
        ("Rates were 5% vs. 4% in the U.S. group. Nothing else.", ["Rates were 5% vs. 4% in the U.S. group.", "Nothing else."]),
        ("It is sold in the U.S. The label is short.", ["It is sold in the U.S.", "The label is short."]),
        ("Pfizer Inc. said so. Dr. Lee agreed.", ["Pfizer Inc. said so.", "Dr. Lee agreed."]),
        ("FDA Approves New Drug\nThe FDA approved it.", ["FDA Approves New Drug", "The FDA approved it."]),
        ("“We are glad.” She left.", ["“We are glad.”", "She left."]),
        ("The P value was .03 and the HR 0.57. Done.", ["The P value was .03 and the HR 0.57.", "Done."]),
        ("See clinicaltrials.gov for more. Thanks!", ["See clinicaltrials.gov for more.", "Thanks!"]),
        ("It ended in the arm.3,4 Patients were well.", ["It ended in the arm.3,4", "Patients were well."]),
        ("", []),
        ("  \n \n", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text)] == expected


def test_lines_broken_at_a_width_are_one_paragraph() -> None:
    lines = [
        "The agency approved the new drug for adults with an advanced disease",
        "that had come back after at least two earlier lines of treatment and",
        "for whom no other treatment was at hand. The decision followed a study",
        "of some four hundred patients at sixty sites in eleven countries.",
    ]
    text = "\n".join(lines) + "\n\nA second paragraph stands here, as long as the lines of the first one."
    assert len(paragraphs(text)) == 2
    assert [text[a:b].split()[0] for a, b in sentences(text)] == ["The", "The", "A"]


@given(st.text(alphabet="ab .\n1A()“”vsU", max_size=300))
def test_sentences_are_ordered_and_lose_nothing_but_blanks(text: str) -> None:
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(x[1] <= y[0] for x, y in pairwise(spans))
    kept = "".join(text[a:b] for a, b in spans)
    assert "".join(kept.split()) == "".join(text.split())


def test_units_are_bounded() -> None:
    text = "a word and " * 5000
    document = Document(text)
    assert len(document.sentences) == 1
    assert max(b - a for a, b in document.units) <= UNIT
