"""Adverse events: events, grades, figures and arms, on sentences of our own."""

from __future__ import annotations

import pytest

from tests.reading.conftest import Read

TWO_ARMS = (
    "In the phase 3 LUMENA-3 trial, patients were randomized 1:1 to zelotamab plus carboplatin (n = 210) or carboplatin alone (n = 208). "
)
ONE_ARM = "In the single-arm, phase 2 KITE-4 trial (N = 98), patients received norasib 400 mg once daily. "
Rate = tuple[str, str | None, str | None, float | None]


def rates(read: Read, text: str) -> list[Rate]:
    return [(e.event, e.grade, e.arm, e.percent) for e in read(text).adverse_events]


def both(event: str, grade: str, first: float, second: float) -> list[Rate]:
    return [(event, grade, "A1", first), (event, grade, "A2", second)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Grade 3 or higher adverse events occurred in 52% of patients in the zelotamab arm and 38% in the control arm.",
            both("adverse events", ">=3", 52, 38),
        ),
        ("The most common adverse events were anaemia (33% and 21%, respectively).", both("anaemia", "any", 33, 21)),
        ("Adverse events included nausea (61% vs 58%) and rash (9% versus 4%).", both("nausea", "any", 61, 58) + both("rash", "any", 9, 4)),
        (
            "Grade 3-4 hypertension was reported in 17.0% and 3.1% in the control arm and the zelotamab arm, respectively.",
            [("hypertension", "3-4", "A2", 17), ("hypertension", "3-4", "A1", 3.1)],
        ),
        (
            "In the zelotamab arm, 45% of patients experienced a grade 3 or 4 adverse event compared with 22% of those in the control arm.",
            both("adverse event", "3-4", 45, 22),
        ),
        (
            "12% of patients in the zelotamab arm and 4% in the control arm discontinued treatment because of adverse events.",
            both("discontinuation because of adverse events", "any", 12, 4),
        ),
        (
            "Adverse events leading to discontinuation occurred in 12% and 5%.",
            both("Adverse events leading to discontinuation", "any", 12, 5),
        ),
        (
            "Toxicities were diarrhea (68%) and cough (50%) in the zelotamab arm, and fatigue (40%) and rash (11%) in the control arm.",
            [("diarrhea", "any", "A1", 68), ("cough", "any", "A1", 50), ("fatigue", "any", "A2", 40), ("rash", "any", "A2", 11)],
        ),
        ("Safety: rash (any grade: 20% vs 9%; grade ≥3: 2% vs 1%).", both("rash", "any", 20, 9) + both("rash", ">=3", 2, 1)),
        ("Adverse events of any grade were similar (90.5% in each arm).", both("Adverse events of any grade", "any", 90.5, 90.5)),
    ],
)
def test_figures_of_two_arms(read: Read, sentence: str, expected: list[Rate]) -> None:
    found = rates(read, TWO_ARMS + sentence)
    assert [(e.removesuffix(" of any grade"), *rest) for e, *rest in found] == [
        (e.removesuffix(" of any grade"), *rest) for e, *rest in expected
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Adverse events were diarrhea (64%; grade ≥3, 12%) and nausea (41%; grade 3, 2%).",
            [("diarrhea", "any", 64), ("diarrhea", ">=3", 12), ("nausea", "any", 41), ("nausea", "3", 2)],
        ),
        (
            "Any-grade/grade ≥3 adverse events included neutropenia (55%/31%) and anemia (40%/12%).",
            [("neutropenia", "any", 55), ("neutropenia", ">=3", 31), ("anemia", "any", 40), ("anemia", ">=3", 12)],
        ),
        (
            "Grade III/IV adverse events were increased ALT (4%), nausea and elevated AST (5% each).",
            [("increased ALT", "3-4", 4), ("nausea", "3-4", 5), ("elevated AST", "3-4", 5)],
        ),
        (
            "Hypogammaglobulinemia, cytopenias and infections of any grade were reported in 30%, 62% and 41% of patients, respectively.",
            [("Hypogammaglobulinemia", "any", 30), ("cytopenias", "any", 62), ("infections", "any", 41)],
        ),
        (
            "Cytokine release syndrome (CRS) occurred in 84% of patients (grade 3 or 4 in 5%), and neurotoxicity in 18%.",
            [("Cytokine release syndrome", "any", 84), ("Cytokine release syndrome", "3-4", 5), ("neurotoxicity", "any", 18)],
        ),
        ("Fatal adverse reactions occurred in 2.1%, including sepsis (1%).", [("adverse reactions", "fatal", 2.1), ("sepsis", "fatal", 1)]),
        (
            "Norasib was permanently discontinued for adverse reactions in 9% of patients.",
            [("discontinuation for adverse reactions", "any", 9)],
        ),
        (
            "Side effects were itching (12%), dry skin (9%) and hair thinning (5%).",
            [("itching", "any", 12), ("dry skin", "any", 9), ("hair thinning", "any", 5)],
        ),
        ("Treatment-emergent adverse events were reported by 98.3% of patients.", [("Treatment-emergent adverse events", "any", 98.3)]),
    ],
)
def test_grades_and_lists_of_one_arm(read: Read, sentence: str, expected: list[tuple[str, str, float]]) -> None:
    assert rates(read, ONE_ARM + sentence) == [(event, grade, "A1", percent) for event, grade, percent in expected]


def test_counts_beside_percentages(read: Read) -> None:
    text = TWO_ARMS + (
        "Grade 3–4 adverse events were neutropenia (11 [4%] of 247 patients in the zelotamab arm vs 80 [33%] of 241 in the control arm) "
        "and sepsis (three [1%] vs 27 [11%])."
    )
    assert [(e.event, e.arm, e.percent, e.count, e.n) for e in read(text).adverse_events] == [
        ("neutropenia", "A1", 4, 11, 247),
        ("neutropenia", "A2", 33, 80, 241),
        ("sepsis", "A1", 1, None, None),
        ("sepsis", "A2", 11, 27, None),
    ]


def test_deaths_counted_by_arm(read: Read) -> None:
    text = TWO_ARMS + "11 patients died from treatment-related causes (3 in the zelotamab arm and 8 in the control arm)."
    assert [(e.grade, e.arm, e.percent, e.count) for e in read(text).adverse_events] == [("fatal", "A1", None, 3), ("fatal", "A2", None, 8)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("One patient (1%) died of septic shock in the control arm.", [("septic shock", "fatal", "A2", 1)]),
        ("Safety: 2 patients in the zelotamab arm died from pneumonitis.", [("pneumonitis", "fatal", "A1", None)]),
        ("COVID-19 (23.1% vs 17.9%) was a common adverse event.", both("COVID-19", "any", 23.1, 17.9)),
        (
            "Headache was reported by 31% and 19%, respectively, and serious adverse events by 7% and 12%.",
            both("Headache", "any", 31, 19) + both("serious adverse events", "serious", 7, 12),
        ),
        ("Adverse events. Dysgeusia was reported by 22.9% and 6.0%.", both("Dysgeusia", "any", 22.9, 6)),
        ("Ocular events of any grade occurred in 79% vs 29% of patients.", both("Ocular events", "any", 79, 29)),
        (
            "Treatment-related interstitial lung disease or pneumonitis was seen in 9% and 4%, respectively.",
            both("pneumonitis", "any", 9, 4),
        ),
    ],
)
def test_deaths_of_a_cause_and_events_told_by_place(read: Read, sentence: str, expected: list[Rate]) -> None:
    assert rates(read, TWO_ARMS + sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "TRAEs included rash (any grade, 52%; grade ≥3, 6%), nausea (41%; 1%) and fatigue (28%; 7%).",
        "Most common any-grade/grade ≥3 TRAEs (%) were rash (52/6), nausea (41/1), and fatigue (28/7).",
    ],
)
def test_pairs_of_grades_hold_for_the_list(read: Read, sentence: str) -> None:
    pairs = (("rash", 52, 6), ("nausea", 41, 1), ("fatigue", 28, 7))
    expected = [(event, grade, "A1", value) for event, low, high in pairs for grade, value in (("any", low), (">=3", high))]
    assert rates(read, ONE_ARM + sentence) == expected


def test_the_order_of_arms_holds_for_the_next_sentence(read: Read) -> None:
    text = (
        TWO_ARMS
        + "Toxicity: rash occurred in 20% in the control arm and 30% in the zelotamab arm. Grade 4 neutropenia was seen in 5% vs 7%."
    )
    assert rates(read, text)[2:] == [("neutropenia", "4", "A2", 5), ("neutropenia", "4", "A1", 7)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The most common adverse reactions (≥20%) were fatigue, nausea and rash.",
        "Safety was manageable. The objective response rate was 45%.",
        "The treatment reduced the risk of death or stroke by 23%.",
        "Patients with a history of pneumonitis (12%) were excluded for safety.",
        "More than half had a grade 3 adverse event.",
    ],
)
def test_what_is_no_rate_of_an_event(read: Read, sentence: str) -> None:
    assert rates(read, ONE_ARM + sentence) == []
