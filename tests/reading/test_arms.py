"""Arms in all the ways in which texts tell them, their sizes, and which of them a figure belongs to."""

from __future__ import annotations

import pytest

ALLOCATED = [
    (
        "In the phase 3 VALIANT-3 trial, 512 patients were randomized 2:1 to receive belzotinib 400 mg once daily plus fulvestrant or"
        " placebo plus fulvestrant. Median PFS was 11.2 months in the belzotinib group versus 5.6 months in the placebo group.",
        [("belzotinib", "fulvestrant"), ("placebo", "fulvestrant")],
    ),
    (
        "In the KEYSTONE-9 trial, patients were randomly assigned to zelotamab or placebo, each with pemetrexed and carboplatin. "
        "Median OS was 22.0 months with zelotamab and 10.7 months with placebo.",
        [("zelotamab", "pemetrexed", "carboplatin"), ("placebo", "pemetrexed", "carboplatin")],
    ),
    (
        "In the double-blind PACIFICA trial, participants received durvanib or matching placebo, both in combination with carboplatin"
        " and paclitaxel. Median PFS was 15.0 months for durvanib versus 12.1 months for placebo.",
        [("durvanib", "carboplatin", "paclitaxel"), ("placebo", "carboplatin", "paclitaxel")],
    ),
    (
        "The ASCENT-R trial compared norasib with docetaxel in melanoma. Patients receiving norasib had a median PFS of 5.6 months "
        "compared with 4.5 months for those receiving docetaxel.",
        [("norasib",), ("docetaxel",)],
    ),
    (
        "The RADIANT-2 study evaluated adjuvant radiotherapy versus observation in patients with resected meningioma. The 5-year OS "
        "rate was 88% with radiotherapy and 81% with observation.",
        [("radiotherapy",), ("observation",)],
    ),
    (
        "In the phase II/III trial SOLTERRA-5, 300 women were assigned 1:1 to letrozole with or without belzotinib. DFS at 3 years "
        "was 88% with belzotinib and 84% without.",
        [("letrozole", "belzotinib"), ("letrozole",)],
    ),
    (
        "In TITANIA-3, adding zelotamab to dexamethasone reduced the risk of death by 35% compared with placebo plus dexamethasone. "
        "OS at 24 months was 82.4% in the zelotamab group vs 73.5% in the placebo group.",
        [("zelotamab", "dexamethasone"), ("placebo", "dexamethasone")],
    ),
    (
        "In ORBITA-7, zelotamab instead of rituximab was tested. Adding zelotamab instead of rituximab to bortezomib lifted median "
        "PFS to 31.3 months from 10.4 months.",
        [("zelotamab", "bortezomib"), ("rituximab", "bortezomib")],
    ),
    (
        "Results from TALANTA-9 were presented. Patients in the belzotinib group had a median rPFS of 27.9 months, compared with 16.4"
        " months among those who received placebo; all patients also received enzalutamide.",
        [("belzotinib", "enzalutamide"), ("placebo", "enzalutamide")],
    ),
    (
        "HIMALIA-2, an open-label, randomized phase 3 trial, tested zelotamab against single-agent paclitaxel, docetaxel or "
        "vinflunine. Median OS was 16.4 months with zelotamab.",
        [("zelotamab",), ("paclitaxel", "docetaxel", "vinflunine")],
    ),
    (
        "In arm A, patients received zelotamab plus ipilimumab; in arm B, patients received sunitinib. The phase III CHECKER-214 "
        "trial enrolled 1096 patients. ORR was 42% in arm A and 27% in arm B.",
        [("zelotamab", "ipilimumab"), ("sunitinib",)],
    ),
    (
        "We randomly assigned patients with melanoma in the FACTOR-4 trial to one of four groups: (A) norasib and dacarbazine; (B) "
        "same treatment as (A) plus zelotamab; (C) dacarbazine alone; (D) same treatment as (C) plus zelotamab.",
        [("norasib", "dacarbazine", "zelotamab"), ("norasib", "dacarbazine"), ("dacarbazine", "zelotamab"), ("dacarbazine",)],
    ),
    (
        "In the VALIANT-4 trial, 400 patients were randomized 1:1 to receive, on top of FOLFOX, zelotamab or placebo. Median PFS was "
        "9.1 months vs 6.3 months.",
        [("zelotamab", "FOLFOX"), ("placebo", "FOLFOX")],
    ),
    (
        "Alongside carboplatin and paclitaxel, patients in the phase 3 PACIFICA-2 trial received either zelotamab or placebo. Median "
        "PFS was 9.1 months vs 6.3 months.",
        [("zelotamab", "carboplatin", "paclitaxel"), ("placebo", "carboplatin", "paclitaxel")],
    ),
    (
        "In the phase 2 FAIRHAVEN trial, 172 patients with AML were assigned 1:1 to belzotinib plus azacitidine (n = 86) or to 7+3 "
        "induction with cytarabine and daunorubicin (n = 86). Median OS was 14.6 months with belzotinib plus azacitidine.",
        [("belzotinib", "azacitidine"), ("cytarabine", "daunorubicin")],
    ),
    (
        "The rating for belzotinib rests on the LITHIA-7 trial (746 patients; belzotinib vs. everolimus): the objective response rate "
        "was 22.7% vs. 3.5% and the PFS HR 0.75 (95% CI: 0.63-0.90).",
        [("belzotinib",), ("everolimus",)],
    ),
    (
        "The belzotinib rating follows the KEYNES-HF trial, in which 6,016 patients were followed: cardiovascular death occurred in "
        "14.4 v 17.1 per 100 patient-years with placebo (rate ratio, 0.84; 95% CI, 0.75 to 0.95).",
        [("belzotinib",), ("placebo",)],
    ),
]


@pytest.mark.parametrize(("text", "arms"), ALLOCATED)
def test_regimens_of_arms(read, text: str, arms: list[tuple[str, ...]]) -> None:
    [trial] = read(text).trials
    assert {frozenset(arm.regimen) for arm in trial.arms} == {frozenset(arm) for arm in arms}


SIZED = [
    (
        "Patients were randomly assigned to zelotamab plus dexamethasone (n=301), zelotamab alone (n=298), or dexamethasone (n=300) "
        "in the phase 3 MERIDIAN-7 study. Median OS was 18.4 months with zelotamab plus dexamethasone.",
        [301, 298, 300],
    ),
    (
        "A total of 821 men were assigned to enzalutamide (409 patients) or to bicalutamide (412 patients). In the phase 3 ENZO-1 "
        "trial, median rPFS was 19.4 months in the enzalutamide group.",
        [409, 412],
    ),
    (
        "Overall, 182 patients were assigned to zelotamab and 180 to placebo in the MONALEO-8 trial. The 24-month PFS rate was 54.7% "
        "with zelotamab vs 35.9% with placebo.",
        [182, 180],
    ),
    (
        "In the ORBITA-8 trial, patients with myeloma were randomised to zelotamab plus carfilzomib (ZK) or carfilzomib (K). At data "
        "cut-off 256 patients had been treated (ZK, 172; K, 84). Median PFS was 9.1 months with ZK and 4.2 months with K.",
        [172, 84],
    ),
    (
        "In the ORBITA-8 trial patients were randomised to zelotamab or placebo. There were 50 patients in each group. Median PFS was"
        " 9.1 months with zelotamab and 4.2 months with placebo.",
        [50, 50],
    ),
    (
        "A phase 2 trial (ORBITA-6) compared zelotamab and docetaxel in lung cancer; 183 and 91 patients were assigned to zelotamab "
        "and docetaxel, respectively. Median PFS was 9.1 months with zelotamab and 4.2 months with docetaxel.",
        [183, 91],
    ),
    (
        "In CARESA-310, a phase 3 study, 543 patients were randomised to zelotamab plus norasib or to sorafenib. Median OS was 22.1 "
        "months vs 15.2 months.",
        [None, None],
    ),
]


@pytest.mark.parametrize(("text", "sizes"), SIZED)
def test_sizes_of_arms(read, text: str, sizes: list[int | None]) -> None:
    [trial] = read(text).trials
    assert [arm.n for arm in trial.arms] == sizes


FIGURES = [
    (
        "In the phase 3 trial ORBITAL, eligible adults with melanoma were randomly allocated to norasib 10 mg/kg or 20 mg/kg every 3 "
        "weeks or placebo. The ORR was 30% with 10 mg/kg, 42% with 20 mg/kg and 12% with placebo.",
        [30, 42, 12],
    ),
    (
        "Three-weekly versus weekly paclitaxel in ovarian cancer: a randomised trial. Median PFS was 17.7 months in the three-weekly "
        "group and 20.8 months in the weekly group.",
        [17.7, 20.8],
    ),
    (
        "In this multicohort phase 2 trial (TARGETA-7), cohort 1 (n = 45) received zelotamab and cohort 2 (n = 52) received zelotamab"
        " plus docetaxel. The ORR was 33% in cohort 1 and 62% in cohort 2.",
        [33, 62],
    ),
    (
        "BOSTONA-2 randomized 402 patients to selinexor, bortezomib and dexamethasone (SVd; n = 195) or bortezomib and dexamethasone "
        "(Vd; n = 207). Median PFS was 13.9 months with SVd and 9.5 months with Vd.",
        [13.9, 9.5],
    ),
    (
        "Peri-operative chemotherapy with or without zelotamab (STELLA-3): a randomised phase 3 trial. Patients with gastric cancer "
        "were assigned to epirubicin, cisplatin and capecitabine chemotherapy (n=533) or chemotherapy plus zelotamab (n=530). The "
        "3-year OS rate was 48.1% in the chemotherapy plus zelotamab group and 50.3% in the chemotherapy alone group.",
        [48.1, 50.3],
    ),
    (
        "MERIDOR-2 randomized 410 patients to zelotamab (n = 205) or docetaxel (n = 205). With zelotamab, median PFS was prolonged from "
        "5.8 months (95% CI 5.0-8.2) to 11.1 months (95% CI 7.3-14.0).",
        [11.1, 5.8],
    ),
]


@pytest.mark.parametrize(("text", "values"), FIGURES)
def test_figures_of_arms(read, text: str, values: list[float]) -> None:
    facts = read(text)
    by_arm = {r.arm: r.value for r in facts.results}
    assert [by_arm.get(arm.id) for arm in facts.trials[0].arms] == values


def test_ids_beside_no_name_are_of_the_study_that_is_registered(read) -> None:
    text = (
        "Belzotinib in glioma (GLIA-3): a randomised phase 3 trial. Patients were assigned to belzotinib or lomustine. The trial is "
        "registered with ClinicalTrials.gov (NCT04567890) and EudraCT 2019-001234-56. Median OS was 12 months with belzotinib and 9 "
        "months with lomustine."
    )
    [trial] = read(text).trials
    assert (trial.name, set(trial.registry_ids)) == ("GLIA-3", {"NCT04567890", "2019-001234-56"})


def test_two_studies_told_together(read) -> None:
    text = (
        "The opinion rests on the phase 3 trials SISKA-1 and SISKA-2, in which 732 and 1,317 adults with cough were randomised to "
        "norasib 45 mg, norasib 15 mg or placebo. In SISKA-1 the ORR was 18% with 45 mg and 9% with placebo."
    )
    first, second = read(text).trials
    assert (first.enrollment, second.enrollment) == (732, 1317)
    assert [a.regimen for a in first.arms] == [a.regimen for a in second.arms] == [("norasib",), ("norasib",), ("placebo",)]


ENROLLED = [
    ("In the 325-patient PARTITA-120 trial of norasib in melanoma, the ORR was 31%.", 325),
    ("In MELODIA-4, 361 adults with previously untreated metastatic melanoma were randomised to norasib or placebo.", 361),
    ("LAPLANDIA-2 was a double-blind trial of norasib (around 6,000 patients, followed for up to 42 months). The ORR was 31%.", 6000),
    ("In MELODIA-4, 264 patients were assigned to the norasib group and 266 to the placebo group.", None),
    ("From 10/2021 to 04/2023, 256 patients with melanoma were enrolled in the MELODIA-4 trial of norasib.", 256),
]


@pytest.mark.parametrize(("text", "size"), ENROLLED)
def test_size_of_a_study(read, text: str, size: int | None) -> None:
    assert [t.enrollment for t in read(text).trials] == [size]


ENDPOINTS = [
    ("The MELODIA-4 trial met its primary endpoint of PFS; OS was a secondary endpoint.", ("PFS",), ("OS",)),
    ("In the MELODIA-4 trial OS was the primary endpoint, and secondary endpoints were PFS and ORR.", ("OS",), ("PFS", "ORR")),
    ("The co-primary end points of the MELODIA-4 trial were PFS and OS.", ("PFS", "OS"), ()),
    ("In the MELODIA-4 trial the primary endpoint was overall survival, defined as the time from randomisation to death.", ("OS",), ()),
]


@pytest.mark.parametrize(("text", "primary", "secondary"), ENDPOINTS)
def test_endpoints_by_role(read, text: str, primary: tuple[str, ...], secondary: tuple[str, ...]) -> None:
    [trial] = read(text).trials
    assert (trial.primary_endpoints, trial.secondary_endpoints) == (primary, secondary)


def test_figures_follow_the_order_in_which_many_arms_are_listed(read) -> None:
    text = (
        "MAESTRA-2, a randomized trial, analysed patients with melanoma given placebo (n=294), norasib 80 mg (n=298) or norasib 100 "
        "mg (n=296). The ORR was 9.7%, 25.9% and 29.9%, respectively."
    )
    facts = read(text)
    sizes = {arm.id: (arm.regimen, arm.n) for arm in facts.trials[0].arms}
    assert [(*sizes[r.arm], r.value) for r in facts.results] == [
        (("placebo",), 294, 9.7),
        (("norasib",), 298, 25.9),
        (("norasib",), 296, 29.9),
    ]


def test_arms_known_by_short_names_alone(read) -> None:
    text = (
        "In the phase 3 PACERA-2 trial men were randomised to 36.25 Gy in five fractions (SBRX) or 60 Gy in 20 fractions (MHRX). "
        "Median OS was 95.8 months with SBRX and 94.6 months with MHRX."
    )
    facts = read(text)
    labels = {arm.id: arm.label for arm in facts.trials[0].arms}
    assert [(labels[r.arm], r.value) for r in facts.results] == [("SBRX", 95.8), ("MHRX", 94.6)]


def test_a_code_that_is_said_to_be_a_trial(read) -> None:
    text = "The approval rests on NV-201, a multi-center, randomized phase 2 trial of norasib versus docetaxel. The ORR was 45% versus 15%."
    assert [t.name for t in read(text).trials] == ["NV-201"]


def test_an_unnamed_study_beside_a_named_one(read) -> None:
    text = (
        "In the double-blind phase III registration study 293 patients with breast cancer were enrolled. The median PFS was 16.6 "
        "months with norasib plus fulvestrant, longer than in the control group.\n\nA second study, CULMINA-2 (phase III), tests the "
        "same pair. The median PFS was 31.1 months, compared with 22.0 months in the control group."
    )
    first, second = read(text).trials
    assert first.name.startswith("unnamed") and second.name == "CULMINA-2"
    assert [a.regimen for a in second.arms] == [("norasib", "fulvestrant"), ()]
