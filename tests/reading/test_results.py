"""Results as texts of the field write them: which endpoint, which arm, which statistic."""

from __future__ import annotations

import pytest

from tests.reading.conftest import Read

TWO = "In the randomized phase 3 LUMEN-2 trial (NCT09990001), patients received zelotamab plus docetaxel or placebo plus docetaxel. "
ONE = "In the single-arm phase 2 BEAM-1 trial (NCT09990002), patients received zelotamab. "

Rows = list[tuple[object, ...]]


def rows(read: Read, text: str) -> Rows:
    """Endpoint, statistic, arm or comparison, value (p where there is none), sorted."""
    found = read(text).results
    told = [(r.endpoint, r.statistic, r.arm or "/".join(r.comparison or ()), r.p if r.statistic == "p-value" else r.value) for r in found]
    return sorted(told, key=lambda row: (str(row[:3]), str(row[3])))


BOTH = [("PFS", "median", "A1", 11.1), ("PFS", "median", "A2", 5.9)]


@pytest.mark.parametrize(
    "text",
    [
        "Median PFS was 11.1 months with zelotamab plus docetaxel vs 5.9 months with placebo plus docetaxel.",
        "Median PFS was 11.1 vs 5.9 months.",
        "Median PFS was 11.1 (95% CI 9.2-13.0) vs 5.9 (95% CI 4.4-7.1) months.",
        "Zelotamab plus docetaxel improved median PFS over placebo plus docetaxel (11.1 vs 5.9 months).",
        "Compared with placebo plus docetaxel, zelotamab plus docetaxel improved median PFS (11.1 vs 5.9 months).",
        "Median PFS improved from 5.9 months to 11.1 months.",
        "Median PFS rose to 11.1 months from 5.9 months.",
        "Median PFS was 5.9 months in the placebo arm and 11.1 months in the zelotamab plus docetaxel arm.",
        "Median PFS in the placebo and zelotamab arms was 5.9 and 11.1 months, respectively.",
        "Median PFS was 11.1 and 5.9 months in the zelotamab plus docetaxel and placebo plus docetaxel arms, respectively.",
        "Progression-free survival: median 11.1 months with zelotamab plus docetaxel; 5.9 months with placebo plus docetaxel.",
    ],
)
def test_the_arms_of_two_medians(read: Read, text: str) -> None:
    assert rows(read, TWO + text) == BOTH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Median PFS and OS were 4.2 and 12.1 months, respectively.", [("PFS", "median", "A1", 4.2), ("OS", "median", "A1", 12.1)]),
        ("ORR was 40%, with 8% of patients achieving a complete response.", [("ORR", "rate", "A1", 40), ("CR", "rate", "A1", 8)]),
        ("The ORR was 40%, including a 12% complete response rate.", [("ORR", "rate", "A1", 40), ("CR", "rate", "A1", 12)]),
        ("Overall, 63% of patients had a response.", [("ORR", "rate", "A1", 63)]),
        ("The tumours shrank in 41 per cent of patients.", [("ORR", "rate", "A1", 41)]),
        ("Responses were seen in 12 patients (27%).", [("ORR", "rate", "A1", 27)]),
        ("At two years, 54% of patients were alive.", [("OS", "rate", "A1", 54)]),
        ("The response lasted a median of 9.3 months.", [("DOR", "median", "A1", 9.3)]),
        ("The median OS was not reached.", [("OS", "median", "A1", "NR")]),
        ("ORR was 30%, including 3 complete responses.", [("CR", "count", "A1", 3), ("ORR", "rate", "A1", 30)]),
    ],
)
def test_which_endpoint(read: Read, text: str, expected: Rows) -> None:
    assert rows(read, ONE + text) == sorted(expected, key=str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Median OS was 20.1 vs 15.2 months (HR, 0.7; P = .01).", ("OS", "hazard-ratio", "A1/A2", 0.7)),
        ("Median PFS was 9.0 vs 6.1 months. The hazard ratio was 0.6.", ("PFS", "hazard-ratio", "A1/A2", 0.6)),
        ("ORR was 40% vs 20%; the HR for death was 0.71.", ("OS", "hazard-ratio", "A1/A2", 0.71)),
        ("OS did not differ (P = .4).", ("OS", "p-value", "A1/A2", ".4")),
        ("ORR was 40% v 21% (p=0.002).", ("ORR", "p-value", "A1/A2", "0.002")),
        ("The pCR rate was 64% vs 51% (difference, 13.6 percentage points).", ("pCR", "difference", "A1/A2", 13.6)),
        ("There was an improvement of 4.6 months in median OS.", ("OS", "median-difference", "A1/A2", 4.6)),
        ("Zelotamab cut the risk of death by 38%.", ("OS", "risk-reduction", "A1/A2", 38)),
        ("There was a 42% lower risk of disease progression or death with zelotamab.", ("PFS", "risk-reduction", "A1/A2", 42)),
        ("The odds ratio for response was 2.41 (95% CI, 1.2 to 4.8).", ("ORR", "odds-ratio", "A1/A2", 2.41)),
    ],
)
def test_comparisons(read: Read, text: str, expected: tuple[object, ...]) -> None:
    assert expected in rows(read, TWO + text)


def test_a_p_value_told_apart_from_its_ratio(read: Read) -> None:
    found = read(TWO + "OS was not improved (p=0.28); the HR for OS was 0.93 (95% CI 0.71-1.21).").results
    assert [(r.statistic, r.value, r.p) for r in found] == [("hazard-ratio", 0.93, "0.28")]


def test_several_landmarks_in_one_breath(read: Read) -> None:
    found = read(TWO + "The 1- and 2-year OS rates were 82% and 71% with zelotamab plus docetaxel vs 67% and 52% with placebo.").results
    assert [(r.arm, r.value, r.timepoint) for r in found] == [
        ("A1", 82, "1 year"),
        ("A1", 71, "2 years"),
        ("A2", 67, "1 year"),
        ("A2", 52, "2 years"),
    ]


def test_how_long_responses_lasted(read: Read) -> None:
    text = "Median DOR was 9.1 months, with 63% of responders having DOR ≥ 6 months and 18% ≥ 12 months."
    found = [(r.endpoint, r.value, r.timepoint) for r in read(ONE + text).results if r.statistic == "rate"]
    assert found == [("DOR", 63, ">=6 months"), ("DOR", 18, ">=12 months")]


@pytest.mark.parametrize(
    "text",
    [
        "The study had 90% power to detect a hazard ratio of 0.7 in OS at an alpha of 5%.",
        "A 12% higher overall survival at 2 years was considered clinically significant.",
        "Patients had PD-L1 expression on at least 50% of tumour cells, and PFS was the primary endpoint.",
        "At a median follow-up of 24.7 months, OS was analysed.",
        "OS was analysed in 45% HR-positive and 30% HER2-low tumours.",
        "Shares rose 12% to $45 after the OS news.",
    ],
)
def test_what_is_no_result(read: Read, text: str) -> None:
    assert not rows(read, TWO + text)


def test_where_the_arms_are_not_told_the_ratio_tells_their_order(read: Read) -> None:
    """A hazard ratio under 1 goes with the longer median of the investigational arm."""
    text = "Median PFS was 5.9 vs 11.1 months (HR 0.55; 95% CI 0.4-0.7)."
    assert rows(read, TWO + text)[1:] == BOTH


TWINS = (
    "NORTH-1 and NORTH-2 were identically designed, randomised, double-blind phase 3 trials. Patients received zelotamab or placebo.\n\n"
    "The primary endpoint was EASI-75 at week 16. "
)


@pytest.mark.parametrize(
    "text",
    [
        "EASI-75 – NORTH-1: 43.1% v 12.7%; NORTH-2: 33.2% v 10.8%.",
        "In NORTH-1, EASI-75 was reached by 43.1% of patients on zelotamab and 12.7% on placebo; in NORTH-2, by 33.2% and 10.8%.",
        "EASI-75 was 43.1% vs 12.7% in NORTH-1 and 33.2% vs 10.8% in NORTH-2.",
    ],
)
def test_figures_of_trials_told_in_one_sentence(read: Read, text: str) -> None:
    found = [(r.trial, r.arm, r.value) for r in read(TWINS + text).results if r.statistic == "rate"]
    assert sorted(found) == [("NORTH-1", "A1", 43.1), ("NORTH-1", "A2", 12.7), ("NORTH-2", "A1", 33.2), ("NORTH-2", "A2", 10.8)]


def test_a_p_value_in_both_trials(read: Read) -> None:
    found = read(f"{TWINS}EASI-75 – NORTH-1: 43.1% v 12.7%; NORTH-2: 33.2% v 10.8% (p<0.001 in both).").results
    assert sorted(r.trial for r in found if r.statistic == "p-value") == ["NORTH-1", "NORTH-2"]


def test_trials_told_together_share_their_arms(read: Read) -> None:
    arms = {t.name: [a.regimen for a in t.arms] for t in read(TWINS + "EASI-75 – NORTH-1: 43.1% v 12.7%; NORTH-2: 33.2% v 10.8%.").trials}
    assert arms == {"NORTH-1": [("zelotamab",), ("placebo",)], "NORTH-2": [("zelotamab",), ("placebo",)]}
