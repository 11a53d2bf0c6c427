"""Abstracts of congresses: arms under letters, short names and sizes in brackets, and the figures told by them."""

from __future__ import annotations

import pytest

ARMS = [
    (
        "In the phase 2 CORVUS-4 trial, patients received two doses of nivolumab 240 mg + belzotamab 100 mg (arm A), nivolumab 240 mg + "
        "belzotamab 300 mg (arm B) or nivolumab 240 mg + ipilimumab 80 mg (arm C). 165 patients were randomized (55 per arm).",
        [(("nivolumab", "belzotamab"), 55), (("nivolumab", "belzotamab"), 55), (("nivolumab", "ipilimumab"), 55)],
    ),
    (
        "Pts in the phase III TERN-2 trial were randomized 1:1:1 to arm A (norasib 300 mg PO QD + pembrolizumab 200 mg IV Q3W), arm B "
        "(norasib 200 mg PO QD + pemetrexed + pembrolizumab) or arm C (pemetrexed + pembrolizumab). 714 pts (238/arm) were enrolled.",
        [(("norasib", "pembrolizumab"), 238), (("norasib", "pemetrexed", "pembrolizumab"), 238), (("pemetrexed", "pembrolizumab"), 238)],
    ),
    (
        "In the phase 3 ROOK-1 trial pts were assigned (1:1) to zelunestrant 90 mg daily or to physician's choice of endocrine therapy "
        "(letrozole, anastrozole or tamoxifen). 4,216 pts entered (2,110 zelunestrant; 2,106 standard).",
        [(("zelunestrant",), 2110), (("letrozole", "anastrozole", "tamoxifen"), None)],
    ),
    (
        "Background: JACKDAW-3 is a randomized phase III trial. Pts pretreated with durvalumab (D) were randomized 1:1:1 to D 1500 mg q4w "
        "(Arm D), D plus talrasertib (T) 25 mg PO QD (Arm DT), or T alone (Arm T). "
        "Results: 612 pts were randomized (D, 205; DT, 204; T, 203).",
        [(("durvalumab",), 205), (("durvalumab", "talrasertib"), 204), (("talrasertib",), 203)],
    ),
    (
        "In the phase 2 WREN-3 trial, 371 of 402 patients were infused (axi-cel 246, liso-cel 125). "
        "The ORR was 82% after axi-cel and 78% after liso-cel.",
        [(("axi-cel",), 246), (("liso-cel",), 125)],
    ),
]


@pytest.mark.parametrize(("text", "arms"), ARMS)
def test_arms_and_their_sizes(read, text, arms) -> None:
    (trial,) = read(text).trials
    assert sorted((tuple(sorted(a.regimen)), a.n or 0) for a in trial.arms) == sorted((tuple(sorted(names)), n or 0) for names, n in arms)


LETTERED = (
    "In the phase 2 CORVUS-4 trial, patients received nivolumab plus belzotamab (arm A), nivolumab plus relatlimab (arm B) or "
    "nivolumab plus ipilimumab (arm C). "
)


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("One-year event-free survival: A 80%, B 83%, C 84%.", {"belzotamab": 80.0, "relatlimab": 83.0, "ipilimumab": 84.0}),
        ("Median PFS was 4.1 months in arm C, 7.0 months in arm A and 8.2 months in arm B.",
         {"ipilimumab": 4.1, "belzotamab": 7.0, "relatlimab": 8.2}),
    ],
)  # fmt: skip
def test_figures_by_letters(read, sentence, values) -> None:
    facts = read(LETTERED + sentence)
    partner = {arm.id: arm.regimen[-1] for arm in facts.trials[0].arms}
    assert {partner[r.arm]: r.value for r in facts.results if r.arm in partner} == values


def test_comparison_by_letters(read) -> None:
    facts = read(LETTERED + "PFS was longer in B v C (HR 0.61, 95% CI 0.48-0.78).")
    partner = {arm.id: arm.regimen[-1] for arm in facts.trials[0].arms}
    (ratio,) = [r for r in facts.results if r.statistic == "hazard-ratio"]
    assert [partner[a] for a in ratio.comparison] == ["relatlimab", "ipilimumab"]


def test_rates_with_the_arm_in_a_bracket_behind(read) -> None:
    facts = read(
        "In the phase 3 RAVEN trial patients were randomly assigned to placebo (n = 40) or norasib (n = 40). Grade 3/4 rash occurred in "
        "20.0% (norasib) vs 5.0% (placebo) and fatigue in 17.5% vs 35.0%."
    )
    regimen = {arm.id: arm.regimen[0] for arm in facts.trials[0].arms}
    assert {(e.event, regimen[e.arm]): e.percent for e in facts.adverse_events} == {
        ("rash", "norasib"): 20.0, ("rash", "placebo"): 5.0, ("fatigue", "norasib"): 17.5, ("fatigue", "placebo"): 35.0,
    }  # fmt: skip


def test_interval_without_its_level_and_a_count_behind_the_arm(read) -> None:
    facts = read(
        LETTERED + "Median OS was 14.2 mo (12.6–16.3) in arm A. Major pathological response rates were 52.7% in arm A (29 of 55; 90% CI "
        "40.8–64.4) and 54.5% in arm B (30 of 55)."
    )
    intervals = {r.value: r.ci for r in facts.results if r.ci}
    assert intervals == {14.2: (12.6, 16.3), 52.7: (40.8, 64.4)}


def test_comparison_named_before_the_figures_of_many_arms(read) -> None:
    facts = read(LETTERED + "A v C did not cross the boundary: median PFS was 9.6 mo in arm A, HR 0.86 (95% CI 0.68–1.08; p = 0.19).")
    partner = {arm.id: arm.regimen[-1] for arm in facts.trials[0].arms}
    (ratio,) = [r for r in facts.results if r.statistic == "hazard-ratio"]
    assert [partner[a] for a in ratio.comparison] == ["belzotamab", "ipilimumab"]
