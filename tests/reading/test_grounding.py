"""Whatever is read, its spans quote the text and its figures stand in them; whatever comes, reading ends, and in linear time."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg_build.facts import KINDS, Fact
from kg_build.lexicon import load
from kg_build.reading import Facts, extract_facts
from kg_build.reading.verify import printed_in_evidence, quotes

PIECES = (
    "The FDA has approved isatuximab-irfc (Sarclisa) plus dexamethasone for adults with multiple myeloma on May 2, 2024. ",
    "In the ORBIT-7 trial (NCT01234567), zelotamab (n = 120) was compared with placebo (n = 118). ",
    "Median PFS was 11.1 months (95% CI, 7.8-13.8) vs 5.9 months (HR, 0.57; 95% CI, 0.44-0.73; P < .0001). ",
    "The ORR was 63% (95% CI: 55, NR). ",
    "Grade ≥3 neutropenia (52% vs 36%) occurred. ",
    "Patients received 10 mg/kg on days 1, 8 and 15. ",
    "NCCN guidelines recommend it as category 1. ",
    "(((",
    "]]",
    "95% CI, ",
    "P = ",
    "“",
    "\n",
    "\n\n",
    "𝛼-blocker ",
    "é́ ",
    "%",
    "vs ",
    "approved ",
)


def facts_of(facts: Facts) -> Iterator[Fact]:
    for kind in KINDS:
        yield from getattr(facts, kind, ())


def evidence_holds(text: str, facts: Facts) -> None:
    for fact in facts_of(facts):
        spans = [*fact.evidence, *(e for arm in getattr(fact, "arms", ()) for e in arm.evidence)]
        assert spans and all(quotes(text, evidence) for evidence in spans), fact
        assert printed_in_evidence(fact), fact


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_spans_quote_the_text_whatever_it_is(text: str) -> None:
    evidence_holds(text, extract_facts(text, load()))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    evidence_holds(text, extract_facts(text, load()))


SHAPES = {
    "articles": "".join(PIECES[:7]),
    "one sentence": "patients who received zelotamab plus dexamethasone (n = 154) had a median PFS of 11.1 months (95% CI, 7.8-13.8) and ",
    "brackets": "(([",
    "capitals": "Alpha-Beta A-",
    "line breaks": "a\n",
    "numbers": "1,234.5 95% CI, ",
    "acts": "FDA approved zelotamab for ",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_reading_time_is_linear(read, shape: str) -> None:
    def seconds(length: int) -> float:
        text = (SHAPES[shape] * (length // len(SHAPES[shape]) + 1))[:length]
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            read(text)
            best = min(best, time.process_time() - start)
        return best

    read("warm up")
    # eight times the text: eight times the work when linear, sixty-four when quadratic; a ratio in one run, with room for a busy machine
    assert seconds(48_000) < 20 * seconds(6_000) + 0.05


def test_a_text_of_300000_characters_is_read(read) -> None:
    text = (SHAPES["articles"] * (300_000 // len(SHAPES["articles"]) + 1))[:300_000]
    facts = read(text)
    assert {d.condition for d in facts.decisions} == {"multiple myeloma"}


def module(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def strict_f1(score: ModuleType, facts: Facts, gold: dict[str, Any]) -> float:
    found = json.loads(msgspec.json.encode({kind: getattr(facts, kind) for kind in KINDS if hasattr(facts, kind)}))
    counts = score.score_document(found, gold).values()
    hit, pred, whole = (sum(c[f"fact_{side}"] for c in counts) for side in ("hit", "pred", "gold"))
    return score.f1(hit, pred, whole)[2]


def test_the_starting_article(read, shared: Path) -> None:
    score = module("score", shared / "evaluation" / "score.py")
    text = (shared / "evaluation" / "seed" / "seed.txt").read_text("utf-8")
    facts = read(text)
    assert strict_f1(score, facts, json.loads((shared / "evaluation" / "seed" / "seed.json").read_text("utf-8"))) >= 0.95
    evidence_holds(text, facts)


def test_variants_of_the_starting_article(read, shared: Path) -> None:
    """Other names and figures in the same words: a rule made for one text fails here."""
    score = module("score", shared / "evaluation" / "score.py")
    variants = module("variants", Path(__file__).parents[2] / "benchmarks" / "variants.py").make_variants(
        shared / "evaluation" / "seed", 12
    )
    assert len({variant.text for variant in variants}) == 12
    assert min(strict_f1(score, read(variant.text), variant.gold) for variant in variants) >= 0.95
