"""Passages of a few sentences as the genre writes them: each figure with its endpoint and its arm or comparison, and no other."""

from __future__ import annotations

import pytest

from kg_build.facts import Estimate
from tests.reading.conftest import Read

Row = tuple[str, str, object, str]
TWO = "In the randomized phase 3 LUMEN-2 trial, 612 patients were assigned to zelotamab plus docetaxel or placebo plus docetaxel. "


def who(fact: Estimate, arms: dict[tuple[str | None, str], str]) -> str:
    """The regimen of the arm of a fact, or the two of a comparison."""
    ids = (fact.arm,) if fact.arm else fact.comparison or ()
    return " | ".join(arms.get((fact.trial, each), each) for each in ids)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In this open-label phase 3 study, 340 patients were randomly assigned (1:1) to receive nelvotinib or "
            "carboplatin plus pemetrexed. Progression-free survival was significantly longer with nelvotinib than with "
            "chemotherapy (median, 10.2 vs. 5.1 months; hazard ratio for progression or death, 0.44; 95% CI, 0.33 to 0.59; "
            "P<0.001).",
            {
                ("PFS", "hazard-ratio", 0.44, "nelvotinib | carboplatin + pemetrexed"),
                ("PFS", "median", 10.2, "nelvotinib"),
                ("PFS", "median", 5.1, "carboplatin + pemetrexed"),
            },
        ),
        (
            "We randomly assigned patients to standard chemotherapy (carboplatin plus pemetrexed) or nelvotinib. Median "
            "overall survival was 14.2 months in the chemotherapy group and 21.3 months in the nelvotinib group (HR 0.70, "
            "95% CI 0.55-0.88; p=0.002).",
            {
                ("OS", "hazard-ratio", 0.7, "nelvotinib | carboplatin + pemetrexed"),
                ("OS", "median", 14.2, "carboplatin + pemetrexed"),
                ("OS", "median", 21.3, "nelvotinib"),
            },
        ),
        (
            "Patients were randomized to carboplatin plus pemetrexed (arm A) or nelvotinib (arm B). Median PFS was 5.1 "
            "months in arm A and 10.2 months in arm B (HR 0.44; 95% CI 0.33-0.59). The ORR was 31% and 62%, respectively (P "
            "< .001).",
            {
                ("ORR", "p-value", "< .001", "nelvotinib | carboplatin + pemetrexed"),
                ("ORR", "rate", 31.0, "carboplatin + pemetrexed"),
                ("ORR", "rate", 62.0, "nelvotinib"),
                ("PFS", "hazard-ratio", 0.44, "nelvotinib | carboplatin + pemetrexed"),
                ("PFS", "median", 10.2, "nelvotinib"),
                ("PFS", "median", 5.1, "carboplatin + pemetrexed"),
            },
        ),
        (
            "Patients were randomized 1:1 to Arm A (zelotamab plus docetaxel) or Arm B (docetaxel alone). One-year OS was "
            "64% in Arm A and 51% in Arm B. Two-year OS rates were 40% and 22%.",
            {
                ("OS", "rate", 22.0, "docetaxel"),
                ("OS", "rate", 40.0, "docetaxel + zelotamab"),
                ("OS", "rate", 51.0, "docetaxel"),
                ("OS", "rate", 64.0, "docetaxel + zelotamab"),
            },
        ),
        (
            "Patients were randomly assigned to zelotamab 5 mg/kg, zelotamab 10 mg/kg, or placebo. The ORR was 22% in the 5 "
            "mg/kg group, 31% in the 10 mg/kg group and 4% in the placebo group.",
            {
                ("ORR", "rate", 22.0, "zelotamab"),
                ("ORR", "rate", 31.0, "zelotamab"),
                ("ORR", "rate", 4.0, "placebo"),
            },
        ),
        (
            "Patients were assigned to docetaxel (n=150), zelotamab (n=152) or zelotamab plus nelvotinib (n=149). At 12 "
            "months, 41% of patients in the docetaxel group, 48% in the zelotamab group and 60% in the combination group "
            "were alive.",
            {
                ("OS", "rate", 41.0, "docetaxel"),
                ("OS", "rate", 48.0, "zelotamab"),
                ("OS", "rate", 60.0, "nelvotinib + zelotamab"),
            },
        ),
        (
            TWO + "The hazard ratio for death was 0.72 (95% CI, 0.60 to 0.87; P=0.0006), with a median overall survival of 18.4 "
            "months for zelotamab versus 13.9 months for placebo.",
            {
                ("OS", "hazard-ratio", 0.72, "docetaxel + zelotamab | docetaxel + placebo"),
                ("OS", "median", 13.9, "docetaxel + placebo"),
                ("OS", "median", 18.4, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "The trial met both of its co-primary end points. Median PFS was 9.7 vs 6.8 months (HR, 0.66; P < .001) and "
            "median OS was 22.0 vs 17.1 months (HR, 0.78; P = .01).",
            {
                ("OS", "hazard-ratio", 0.78, "docetaxel + zelotamab | docetaxel + placebo"),
                ("OS", "median", 17.1, "docetaxel + placebo"),
                ("OS", "median", 22.0, "docetaxel + zelotamab"),
                ("PFS", "hazard-ratio", 0.66, "docetaxel + zelotamab | docetaxel + placebo"),
                ("PFS", "median", 6.8, "docetaxel + placebo"),
                ("PFS", "median", 9.7, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "Median PFS was 9.7 months (95% CI 8.3-11.2) vs 6.8 months (95% CI 5.6-7.4). Among patients with PD-L1 "
            "expression of 50% or higher, median PFS was 12.4 vs 6.9 months (HR 0.51, 95% CI 0.37-0.70).",
            {
                ("PFS", "hazard-ratio", 0.51, "docetaxel + zelotamab | docetaxel + placebo"),
                ("PFS", "median", 12.4, "docetaxel + zelotamab"),
                ("PFS", "median", 6.8, "docetaxel + placebo"),
                ("PFS", "median", 6.9, "docetaxel + placebo"),
                ("PFS", "median", 9.7, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "The 24-month overall survival rate was 45.2% with zelotamab plus docetaxel compared with 33.1% with docetaxel "
            "and placebo.",
            {
                ("OS", "rate", 33.1, "docetaxel + placebo"),
                ("OS", "rate", 45.2, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "An objective response was observed in 152 of 306 patients (49.7%) in the zelotamab group and in 98 of 306 "
            "(32.0%) in the placebo group.",
            {
                ("ORR", "rate", 32.0, "docetaxel + placebo"),
                ("ORR", "rate", 49.7, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "Responses were seen in 49.7% (152/306) of those given zelotamab and 32.0% (98/306) of those given placebo (P < "
            "0.001). The median duration of response was 11.1 and 6.9 months, respectively.",
            {
                ("DOR", "median", 11.1, "docetaxel + zelotamab"),
                ("DOR", "median", 6.9, "docetaxel + placebo"),
                ("ORR", "p-value", "< 0.001", "docetaxel + zelotamab | docetaxel + placebo"),
                ("ORR", "rate", 32.0, "docetaxel + placebo"),
                ("ORR", "rate", 49.7, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "Zelotamab cut the risk of disease progression or death by 34% (HR = 0.66; 95% CI: 0.54, 0.80; p < 0.0001).",
            {
                ("PFS", "hazard-ratio", 0.66, "docetaxel + zelotamab | docetaxel + placebo"),
                ("PFS", "risk-reduction", 34.0, "docetaxel + zelotamab | docetaxel + placebo"),
            },
        ),
        (
            TWO + "Median overall survival was not reached in the zelotamab arm versus 24.1 months in the control arm (HR 0.61; "
            "95% CI 0.47-0.79).",
            {
                ("OS", "hazard-ratio", 0.61, "docetaxel + zelotamab | docetaxel + placebo"),
                ("OS", "median", "NR", "docetaxel + zelotamab"),
                ("OS", "median", 24.1, "docetaxel + placebo"),
            },
        ),
        (
            TWO + "There was no significant difference in overall survival between the two groups (17.2 vs 16.8 months; HR 0.96, "
            "95% CI 0.80-1.15; P = 0.66).",
            {
                ("OS", "hazard-ratio", 0.96, "docetaxel + zelotamab | docetaxel + placebo"),
                ("OS", "median", 16.8, "docetaxel + placebo"),
                ("OS", "median", 17.2, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "With a median follow-up of 31.4 months, those treated with zelotamab lived a median of 22.0 months, compared "
            "with 17.1 months for those who got placebo.",
            {
                ("OS", "median", 17.1, "docetaxel + placebo"),
                ("OS", "median", 22.0, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "At 36 months, the estimated PFS rate was 31% in the experimental arm and 14% in the control arm.",
            {
                ("PFS", "rate", 14.0, "docetaxel + placebo"),
                ("PFS", "rate", 31.0, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "Median DFS for the control and experimental groups was 33 and 41 months, respectively (P = 0.04).",
            {
                ("DFS", "median", 33.0, "docetaxel + placebo"),
                ("DFS", "median", 41.0, "docetaxel + zelotamab"),
                ("DFS", "p-value", "0.04", "docetaxel + zelotamab | docetaxel + placebo"),
            },
        ),
        (
            "In the single-arm phase 2 BEAM-1 trial, 88 patients received nelvotinib. The confirmed objective response rate "
            "was 41% (36/88; 95% CI 31-52), with complete responses in 6 patients (7%). Median duration of response was 9.9 "
            "months.",
            {
                ("CR", "rate", 7.0, "nelvotinib"),
                ("DOR", "median", 9.9, "nelvotinib"),
                ("ORR", "rate", 41.0, "nelvotinib"),
            },
        ),
        (
            "In this phase II study, patients received nelvotinib until progression. Thirty-six of 88 patients responded "
            "(41%). The disease control rate was 78%. Median PFS and OS were 5.6 and 14.9 months.",
            {
                ("DCR", "rate", 78.0, "nelvotinib"),
                ("ORR", "rate", 41.0, "nelvotinib"),
                ("OS", "median", 14.9, "nelvotinib"),
                ("PFS", "median", 5.6, "nelvotinib"),
            },
        ),
        (
            "Patients were randomized to receive maintenance nelvotinib or observation. Median PFS from randomization was "
            "13.0 months with maintenance and 7.4 months with observation (HR 0.55, P < .0001).",
            {
                ("PFS", "hazard-ratio", 0.55, "nelvotinib | observation"),
                ("PFS", "median", 13.0, "nelvotinib"),
                ("PFS", "median", 7.4, "observation"),
            },
        ),
        (
            "A total of 420 patients were randomized to chemoradiotherapy with or without zelotamab. Five-year overall "
            "survival was 55% with zelotamab and 47% without (P = .03).",
            {
                ("OS", "p-value", ".03", "chemoradiotherapy + zelotamab | chemoradiotherapy"),
                ("OS", "rate", 47.0, "chemoradiotherapy"),
                ("OS", "rate", 55.0, "chemoradiotherapy + zelotamab"),
            },
        ),
        (
            "Methods: Patients were randomised (2:1) to nelvotinib 40 mg once daily or best supportive care. Results: "
            "Median overall survival was 9.4 months (95% CI 8.1–10.6) in the nelvotinib group versus 6.2 months (5.0–7.3) "
            "in the best supportive care group (HR 0·68 [95% CI 0·54–0·85]; p=0·0008).",
            {
                ("OS", "hazard-ratio", 0.68, "nelvotinib | best supportive care"),
                ("OS", "median", 6.2, "best supportive care"),
                ("OS", "median", 9.4, "nelvotinib"),
            },
        ),
        (
            "Background: BEAM-3 compared nelvotinib with investigator's choice of chemotherapy. Results: ORR was 36% vs 12% "
            "(P < .0001), median PFS was 6.9 vs 2.9 months (HR 0.39; P < .0001) and median OS was 15.8 vs 11.2 months (HR "
            "0.71; P = .004).",
            {
                ("ORR", "p-value", "< .0001", "nelvotinib | investigator's choice of chemotherapy"),
                ("ORR", "rate", 12.0, "investigator's choice of chemotherapy"),
                ("ORR", "rate", 36.0, "nelvotinib"),
                ("OS", "hazard-ratio", 0.71, "nelvotinib | investigator's choice of chemotherapy"),
                ("OS", "median", 11.2, "investigator's choice of chemotherapy"),
                ("OS", "median", 15.8, "nelvotinib"),
                ("PFS", "hazard-ratio", 0.39, "nelvotinib | investigator's choice of chemotherapy"),
                ("PFS", "median", 2.9, "investigator's choice of chemotherapy"),
                ("PFS", "median", 6.9, "nelvotinib"),
            },
        ),
        (
            TWO + "Overall survival favored zelotamab: HR 0.78 (95% CI 0.64-0.95), P = .012. The 1-year OS rate was 71% vs 62%.",
            {
                ("OS", "hazard-ratio", 0.78, "docetaxel + zelotamab | docetaxel + placebo"),
                ("OS", "rate", 62.0, "docetaxel + placebo"),
                ("OS", "rate", 71.0, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "The pathologic complete response rate was higher in the zelotamab group (38.2% vs 21.5%; odds ratio 2.26; 95% "
            "CI, 1.58-3.23).",
            {
                ("pCR", "odds-ratio", 2.26, "docetaxel + zelotamab | docetaxel + placebo"),
                ("pCR", "rate", 21.5, "docetaxel + placebo"),
                ("pCR", "rate", 38.2, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "Patients in the control group had a median PFS of 6.8 months, while those in the zelotamab group had a median "
            "PFS of 9.7 months.",
            {
                ("PFS", "median", 6.8, "docetaxel + placebo"),
                ("PFS", "median", 9.7, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "PFS was 9.7 months for zelotamab plus docetaxel, against 6.8 months for docetaxel alone.",
            {
                ("PFS", "median", 6.8, "docetaxel + placebo"),
                ("PFS", "median", 9.7, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "Time to progression (9.1 v 6.0 months; P = .001) and response rate (44% v 29%; P = .004) were significantly "
            "better with zelotamab.",
            {
                ("ORR", "p-value", ".004", "docetaxel + zelotamab | docetaxel + placebo"),
                ("ORR", "rate", 29.0, "docetaxel + placebo"),
                ("ORR", "rate", 44.0, "docetaxel + zelotamab"),
                ("TTP", "median", 6.0, "docetaxel + placebo"),
                ("TTP", "median", 9.1, "docetaxel + zelotamab"),
                ("TTP", "p-value", ".001", "docetaxel + zelotamab | docetaxel + placebo"),
            },
        ),
        (
            TWO + "The addition of zelotamab to docetaxel increased the objective response rate from 29% to 44%.",
            {
                ("ORR", "rate", 29.0, "docetaxel + placebo"),
                ("ORR", "rate", 44.0, "docetaxel + zelotamab"),
            },
        ),
        (
            TWO + "There were 120 deaths in the zelotamab group and 156 deaths in the placebo group (HR for death 0.75; 95% CI 0.59-0.95).",
            {
                ("OS", "hazard-ratio", 0.75, "docetaxel + zelotamab | docetaxel + placebo"),
                ("deaths", "count", 120.0, "docetaxel + zelotamab"),
                ("deaths", "count", 156.0, "docetaxel + placebo"),
            },
        ),
        (
            TWO + "Investigator-assessed median PFS was 10.4 months in the zelotamab arm versus 7.0 months in the placebo arm; by "
            "blinded review, it was 9.7 months versus 6.8 months.",
            {
                ("PFS", "median", 10.4, "docetaxel + zelotamab"),
                ("PFS", "median", 6.8, "docetaxel + placebo"),
                ("PFS", "median", 7.0, "docetaxel + placebo"),
                ("PFS", "median", 9.7, "docetaxel + zelotamab"),
            },
        ),
        (
            "Patients were randomly allocated to either continuous nelvotinib (n = 210) or intermittent nelvotinib (n = "
            "205). Median OS was 25.1 months in the continuous group and 23.4 months in the intermittent group (HR 1.09; "
            "95% CI 0.86-1.37).",
            {
                ("OS", "hazard-ratio", 1.09, "nelvotinib | nelvotinib"),
                ("OS", "median", 23.4, "nelvotinib"),
                ("OS", "median", 25.1, "nelvotinib"),
            },
        ),
        (
            TWO + "Median PFS was 6.8 months among patients who received placebo plus docetaxel; it was extended to 9.7 months "
            "among those receiving zelotamab (P<0.001).",
            {
                ("PFS", "median", 6.8, "docetaxel + placebo"),
                ("PFS", "median", 9.7, "docetaxel + zelotamab"),
                ("PFS", "p-value", "< 0.001", "docetaxel + zelotamab | docetaxel + placebo"),
            },
        ),
    ],
)
def test_every_figure_of_a_passage(read: Read, text: str, expected: set[Row]) -> None:
    facts = read(text)
    arms = {(trial.name, arm.id): " + ".join(sorted(n.lower() for n in arm.regimen)) for trial in facts.trials for arm in trial.arms}
    found = {(r.endpoint, r.statistic, r.p if r.statistic == "p-value" else r.value, who(r, arms)) for r in facts.results}
    assert found == expected
