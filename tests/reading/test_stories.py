"""Arms and studies as news stories tell them: by a description, by another study's design, by a short name, in lay words."""

from __future__ import annotations

import pytest

ARMS = [
    (
        "Two trials tested zelotamab. The VALIANT-1 trial added zelotamab or placebo to mFOLFOX6. Median PFS was 10.6 versus "
        "8.7 months. The VALIANT-2 "
        "trial did the same with CAPOX: median PFS was 8.2 versus 6.8 months.",
        "VALIANT-2",
        [("zelotamab", "CAPOX"), ("placebo", "CAPOX")],
    ),
    (
        "The FDA approved zelotamab deruxtecan (Zelo-DXd) for breast cancer. In ORBITA-Breast01, 732 patients were randomized "
        "to the TROP2-directed "
        "antibody-drug conjugate or docetaxel. Median PFS was 6.9 months with Zelo-DXd versus 4.9 months for docetaxel.",
        "ORBITA-Breast01",
        [("zelotamab deruxtecan",), ("docetaxel",)],
    ),
    (
        "The FDA approved belantamab mafodotin in combination with bortezomib plus dexamethasone (BVd). In the TALANTA-7 trial, "
        "BVd cut the risk of "
        "progression or death by 59% versus daratumumab, bortezomib and dexamethasone (DVd); median PFS was 36.6 vs 13.4 months.",
        "TALANTA-7",
        [("belantamab mafodotin", "bortezomib", "dexamethasone"), ("daratumumab", "bortezomib", "dexamethasone")],
    ),
    (
        "Zelotamab helped patients live longer in a late-stage trial. Patients on zelotamab plus chemotherapy lived a median of "
        "15.1 months, compared "
        "with 11.2 months for those who received chemotherapy alone.",
        "unnamed: late-stage trial",
        [("zelotamab", "chemotherapy"), ("chemotherapy",)],
    ),
]


@pytest.mark.parametrize(("text", "name", "regimens"), ARMS)
def test_stories_tell_arms(read, text, name, regimens):
    trial = next(t for t in read(text).trials if t.name == name)
    assert [arm.regimen for arm in trial.arms] == regimens


def test_what_a_story_calls_an_arm_is_its_label(read):
    [trial] = read("In ORBITA-3, 240 women were assigned to norasib or standard of care (SOC). Median PFS was 5 months vs 2 months.").trials
    assert [arm.label for arm in trial.arms] == ["norasib", "standard of care"]


def test_the_worsening_of_a_disease_is_progression(read):
    [fact] = read("In the ORBITA-3 trial, norasib cut the risk of disease worsening or death by 57% compared with placebo.").results
    assert (fact.endpoint, fact.value) == ("PFS", 57)


def test_a_rise_without_arms_is_from_the_control(read):
    facts = read(
        "In the ORBITA-3 trial, patients got norasib or docetaxel. Median OS rose from 12.7 months with docetaxel to 16.5 "
        "months with norasib. "
        "Median PFS went from 4.0 months to 5.6 months."
    ).results
    assert {f.value: f.arm for f in facts} == {12.7: "A2", 16.5: "A1", 4.0: "A2", 5.6: "A1"}


def test_a_time_behind_a_pair_is_of_both(read):
    facts = read(
        "In the ORBITA-3 trial, 216 patients got norasib or placebo. PFS rates with norasib and placebo were 74% vs 22% at 12 "
        "months and 65% vs 13% at "
        "24 months."
    ).results
    assert {f.value: f.timepoint for f in facts} == {74: "12 months", 22: "12 months", 65: "24 months", 13: "24 months"}


def test_subgroups_of_one_arm_are_no_arms(read):
    facts = read(
        "The phase 2 VALIANT-201 trial tested norasib plus binimetinib. ORR was 44% in patients with KRAS-mutant disease and "
        "17% in those with wild-type "
        "disease. Median PFS was 22.0 months in the KRAS mutant and 12.8 months in the KRAS wild-type population."
    ).results
    assert {(f.value, f.arm) for f in facts} == {(44, "A1"), (17, "A1"), (22.0, "A1"), (12.8, "A1")}
    assert all(f.population for f in facts)


def test_targets_are_no_endpoints_and_times_no_medians(read):
    facts = read(
        "In the ORBITA-2 trial, median PFS was 11.1 months with norasib and 5.8 months with pembrolizumab. In the subgroup with "
        "PD-L1 expression of 50% or "
        "more, the HR was 0.48 (95% CI 0.29-0.79). Among responders, 56.5%, 47.8% and 43.5% continued to respond at 6, 9 and 12 "
        "months, respectively."
    ).results
    assert ("PFS", 0.48) in {(f.endpoint, f.value) for f in facts}
    assert {f.value for f in facts if f.statistic == "median"} == {11.1, 5.8}


def test_a_risk_is_reduced_in_two_populations(read):
    facts = read(
        "In the ORBITA-5 study, norasib reduced the risk of disease progression or death by 62% compared with fulvestrant "
        "(hazard ratio [HR]=0.38, 95% CI: "
        "0.27-0.54), and by 44% in the intention-to-treat population (HR=0.56, 95% CI: 0.44-0.71)."
    ).results
    assert {(f.endpoint, f.statistic, f.value) for f in facts} == {
        ("PFS", "risk-reduction", 62), ("PFS", "risk-reduction", 44), ("PFS", "hazard-ratio", 0.38), ("PFS", "hazard-ratio", 0.56),
    }  # fmt: skip
