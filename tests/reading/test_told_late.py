"""What a sentence takes from those before it, and arms, times and events that it tells late."""

from __future__ import annotations

import pytest

SHARES = "In the ORBITA-3 trial, patients received belzotinib or placebo. "


def _rates(read, text: str) -> list[tuple[str, object, str | None, object]]:
    return [(r.endpoint, r.value, r.arm, r.timepoint) for r in read(SHARES + text).results if r.statistic == "rate"]


def test_the_time_of_shares_stands_behind_the_endpoint_told_last(read) -> None:
    text = "An estimated 67.4% of patients treated with belzotinib were event-free at two years, compared to 58.5% of those on placebo."
    assert _rates(read, text) == [("EFS", 67.4, "A1", "2 years"), ("EFS", 58.5, "A2", "2 years")]


def test_corresponding_shares_are_of_the_time_told_before(read) -> None:
    text = (
        "In stage II disease, 87.5% of the patients given belzotinib and 54.2% of those given placebo were alive and disease-free at "
        "24 months. In the overall population, the corresponding percentages were 88.9% and 58.1%."
    )
    assert _rates(read, text)[2:] == [("DFS", 88.9, "A1", "24 months"), ("DFS", 58.1, "A2", "24 months")]


def test_an_arm_between_a_figure_and_its_interval_is_its_own(read) -> None:
    text = (
        "Median OS was 10.1 months in the placebo group (95% CI, 7.8 to 12.4) and 14.2 months in the belzotinib group (95% CI, 12.5 to "
        "17.0)."
    )
    told = {(r.arm, r.value, r.ci) for r in read(SHARES + text).results if r.statistic == "median"}
    assert told == {("A2", 10.1, (7.8, 12.4)), ("A1", 14.2, (12.5, 17.0))}


def test_the_number_of_a_cohort_takes_no_interval(read) -> None:
    text = (
        "Cohort 1 and cohort 2 received belzotinib in the ORBITA-3 trial. ORR was 61% in cohort 1 (95% CI, 48 to 73) and 65% in cohort 2 "
        "(95% CI, 50 to 78)."
    )
    assert {(r.value, r.ci) for r in read(text).results} == {(61.0, (48.0, 73.0)), (65.0, (50.0, 78.0))}


def test_a_hazard_ratio_is_of_no_response(read) -> None:
    text = (
        "Median PFS was 13.6 months with belzotinib vs 8.1 months with placebo (HR, 0.58; 95% CI, 0.45-0.74). The ORR was 71% and 53%. "
        "The benefit held in older participants (HR, 0.66; 95% CI, 0.43-0.98)."
    )
    assert ["PFS", "PFS"] == [r.endpoint for r in read(SHARES + text).results if r.statistic == "hazard-ratio"]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("Drug-related adverse events of grade 3 or above were uncommon (17%).", {"Drug-related adverse events"}),
        ("Treatment-related adverse events of any grade were common (78%).", {"Treatment-related adverse events"}),
        ("Immune-related adverse events were as frequent in one arm as in the other (9.0% vs 10.2%).", {"Immune-related adverse events"}),
        ("Grade 3 adverse events were less common (49% vs 64%), in particular mucositis (22% vs 30%).", {"adverse events", "mucositis"}),
    ],
)
def test_what_events_were_is_no_event(read, text: str, events: set[str]) -> None:
    assert {fact.event for fact in read(SHARES + text).adverse_events} == events


def test_a_stage_is_nothing_that_patients_are_assigned_to(read) -> None:
    text = (
        "In the phase 3 ORBITA-4 trial, we randomly assigned patients with resected stage IB to IIIB lung cancer, with or without "
        "chemotherapy, to receive belzotinib or placebo. DFS at 24 months was 88% with belzotinib and 54% with placebo."
    )
    [trial] = read(text).trials
    assert [arm.regimen for arm in trial.arms] == [("belzotinib",), ("placebo",)]


def test_groups_that_have_names_and_no_regimens(read) -> None:
    text = (
        "In the phase 3 ORBITA-5 trial, adults were assigned 1:1 to concurrent cisplatin (100 mg/m2 for 2 cycles; standard group, n = 265) "
        "or none (sparing group, n = 266). OS at 3 years was 94% in the sparing group and 93% in the standard group."
    )
    facts = read(text)
    assert [(arm.label, arm.n) for arm in facts.trials[0].arms] == [("sparing", 266), ("standard", 265)]
    assert [(r.arm, r.value) for r in facts.results] == [("A1", 94.0), ("A2", 93.0)]


@pytest.mark.parametrize(
    ("told", "endpoint"),
    [
        ("67.3% of patients on belzotinib had no sign of invasive cancer at surgery, compared with 56.3% on placebo.", "pCR"),
        ("A reduction in spleen volume of at least 35% was seen in 67.3% with belzotinib vs 56.3% with placebo.", "SVR35"),
    ],
)
def test_responses_in_plain_words(read, told: str, endpoint: str) -> None:
    assert [(r.endpoint, r.value, r.arm) for r in read(SHARES + told).results] == [(endpoint, 67.3, "A1"), (endpoint, 56.3, "A2")]


@pytest.mark.parametrize(("told", "name"), [("Study 2620", "Study 2620"), ("Study V13-208", "V13-208"), ("Trial CV-301", "Trial CV-301")])
def test_the_code_of_a_sponsor_is_the_name_of_its_study(read, told: str, name: str) -> None:
    text = (
        f"The approval was based on a single-arm trial ({told}) of 106 patients given belzotinib. The ORR was 80.2% (95% CI: 71.3, 87.3)."
    )
    assert [trial.name for trial in read(text).trials] == [name]
