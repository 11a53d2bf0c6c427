"""Three arms and more: dose arms, choices, a regimen with and without a partner, and which two of them a figure compares."""

from __future__ import annotations

import pytest

DOSES = (
    "Participants in the VALIANT-8 trial were randomly assigned 1:1:1 to norasib 960 mg once daily plus cetuximab 6 mg/kg every "
    "2 weeks (n = 53), "
    "norasib 240 mg once daily plus cetuximab 6 mg/kg every 2 weeks (n = 54), or investigator's choice of trifluridine or "
    "regorafenib (n = 55). "
)
SEVERAL = [
    (
        DOSES + "The median PFS was 5.6 months, 3.9 months and 2.2 months, respectively.",
        [("norasib", "cetuximab"), ("norasib", "cetuximab"), ("trifluridine", "regorafenib")],
    ),
    (
        "In TALANTA-3, 945 patients were randomized 1:1:1 to nivolumab plus ipilimumab, nivolumab plus placebo, or ipilimumab "
        "plus placebo. "
        "Median OS was 71.9 months with nivolumab plus ipilimumab, 36.9 months with nivolumab and 19.9 months with ipilimumab.",
        [("nivolumab", "ipilimumab"), ("nivolumab", "placebo"), ("ipilimumab", "placebo")],
    ),
    (
        "The ORBITA-9 trial tested fixed-duration norasib. At three years, 77%, 83% and 67% of patients given norasib plus "
        "venetoclax, norasib plus "
        "venetoclax and obinutuzumab, and chemoimmunotherapy, respectively, were progression free.",
        [("norasib", "venetoclax"), ("norasib", "venetoclax", "obinutuzumab"), ("chemoimmunotherapy",)],
    ),
    (
        "In the PACIFICA-2 trial, patients were assigned to nivolumab at 1 mg/kg plus ipilimumab at 3 mg/kg every 3 weeks for "
        "up to 4 doses, followed "
        "by nivolumab at 480 mg every 4 weeks, or investigator's choice of lenvatinib at 8 mg or 12 mg orally once daily or "
        "sorafenib at 400 mg. "
        "Median OS was 23.7 months vs 20.6 months.",
        [("nivolumab", "ipilimumab"), ("lenvatinib", "sorafenib")],
    ),
]
COMPARED = [
    (
        DOSES + "The median PFS was 5.6 months, 3.9 months and 2.2 months, respectively. "
        "Against investigator's choice, the HR for PFS was 0.49 (95% CI, "
        "0.30-0.80; P = .006) for the 960-mg combination and 0.58 (95% CI, 0.36-0.93; P = .03) for the 240-mg combination.",
        {0.49: ("norasib", "trifluridine", 53), 0.58: ("norasib", "trifluridine", 54)},
    ),
    (
        "In the VALIANT-9 study, patients were assigned to norasib 100 mg (n = 80), norasib 50 mg (n = 81), or docetaxel (n = "
        "79). Median OS was not "
        "reached, 11.9 months, and 10.3 months, respectively (HR for 100 mg, 0.70; 95% CI, 0.41-1.18; HR for 50 mg, 0.83; 95% "
        "CI, 0.49-1.39). The lower "
        "dose cut the risk of death by 17%.",
        {0.70: ("norasib", "docetaxel", 80), 0.83: ("norasib", "docetaxel", 81), 17: ("norasib", "docetaxel", 81)},
    ),
    (
        "TALANTA-4 enrolled 882 patients who were randomized 1:1:1 to pembrolizumab alone (n = 300), pembrolizumab plus "
        "chemotherapy (n = 281), or "
        "cetuximab plus chemotherapy (n = 301). Pembrolizumab alone improved OS versus cetuximab with chemotherapy (median 14.9 "
        "months vs 10.7 months, HR "
        "0.61). Pembrolizumab with chemotherapy improved OS versus cetuximab with chemotherapy (13.0 months vs 10.7 months, HR 0.77).",
        {0.61: ("pembrolizumab", "cetuximab", 300), 0.77: ("pembrolizumab", "cetuximab", 281)},
    ),
]


@pytest.mark.parametrize(("text", "regimens"), SEVERAL)
def test_arms_are_told_apart(read, text, regimens):
    [trial] = read(text).trials
    assert sorted(arm.regimen for arm in trial.arms) == sorted(regimens)


@pytest.mark.parametrize(("text", "expected"), COMPARED)
def test_figures_compare_the_arms_told_beside_them(read, text, expected):
    facts = read(text)
    arms = {arm.id: arm for arm in facts.trials[0].arms}
    compared = {f.value: f.comparison for f in facts.results if f.comparison}
    told = {value: (arms[a].regimen[0], arms[b].regimen[0], arms[a].n) for value, (a, b) in compared.items()}
    assert {value: told[value] for value in expected} == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The ORBITA-5 trial met its endpoint. Study 0417 (ORBITA-5, NCT01234567) enrolled 453 patients.", "ORBITA-5"),
        ("Study 0417 (ORBITA-5, NCT01234567) was a randomised trial in 453 patients.", "ORBITA-5"),
        ("Results of the ORBITA-5 trial, also known as XYZ-301, were positive. The XYZ-301 study enrolled 453 patients.", "ORBITA-5"),
        ("The results came from ORBITA-5.\n\nAbout ORBITA-5\nORBITA-5 is a phase 3 trial of norasib in 453 patients.", "ORBITA-5"),
        ("The study, called ORBITA-Breast05, randomized 453 patients to norasib or placebo.", "ORBITA-Breast05"),
    ],
)
def test_a_study_has_one_name(read, text, name):
    [trial] = read(text).trials
    assert (trial.name, trial.enrollment) == (name, 453)


CHOICES = [
    (
        "In the ORBITA-321 trial, norasib cut the risk of progression or death by 46% compared with investigator's choice of "
        "idelalisib plus rituximab "
        "(IdelaR) or bendamustine plus rituximab (BR). Patients were randomized 1:1 to receive norasib or investigator's choice.",
        [("norasib",), ("idelalisib", "rituximab", "bendamustine")],
    ),
    (
        "The ORBITA-302 trial compared norasib plus pembrolizumab with gemcitabine plus cisplatin or carboplatin in 886 "
        "patients. Median OS was 33.8 "
        "months with norasib plus pembrolizumab and 15.9 months for chemotherapy.",
        [("norasib", "pembrolizumab"), ("gemcitabine", "cisplatin", "carboplatin")],
    ),
    (
        "In the ORBITA-03 trial, women on norasib lived a median of 19.7 months, compared with 16.9 months among those treated with chemo.",
        [("norasib",), ("chemotherapy",)],
    ),
    (
        "The ORBITA-304 trial tested norasib in combination with pembrolizumab given before and after surgery versus "
        "neoadjuvant gemcitabine and "
        "cisplatin. At two years, 79.4% of patients in the norasib arm were event-free, compared with 66.2% in the chemotherapy arm.",
        [("norasib", "pembrolizumab"), ("gemcitabine", "cisplatin")],
    ),
    (
        "In ORBITA-7, norasib plus lazertinib was compared with osimertinib or lazertinib alone in 1,074 patients randomized "
        "2:2:1. Median OS was 36.7 "
        "months for osimertinib.",
        [("norasib", "lazertinib"), ("osimertinib",), ("lazertinib",)],
    ),
]


@pytest.mark.parametrize(("text", "regimens"), CHOICES)
def test_choices_are_one_arm(read, text, regimens):
    [trial] = read(text).trials
    assert sorted(arm.regimen for arm in trial.arms) == sorted(regimens)


def test_figures_of_three_arms_compare_with_the_control(read):
    facts = read(
        "Researchers assigned 914 patients to one of three regimens in the randomized phase 3 ORBITA-GEA-01 trial: norasib plus "
        "chemotherapy, norasib "
        "and tislelizumab plus chemotherapy, or trastuzumab plus chemotherapy. Median OS was 24.4 months with norasib plus "
        "chemotherapy (HR = 0.8; 95% "
        "CI, 0.64-1.01), 26.4 months with norasib, tislelizumab and chemotherapy (HR = 0.72; 95% CI, 0.57-0.9) and 19.2 months "
        "with trastuzumab plus "
        "chemotherapy."
    )
    regimens = {arm.id: arm.regimen for arm in facts.trials[0].arms}
    told = {f.value: (regimens[f.comparison[0]], regimens[f.comparison[1]]) for f in facts.results if f.comparison}
    control = ("trastuzumab", "chemotherapy")
    assert told == {0.8: (("norasib", "chemotherapy"), control), 0.72: (("norasib", "tislelizumab", "chemotherapy"), control)}


def test_what_a_label_says_of_all_studies_is_no_studys(read):
    facts = read(
        "In the ORBITA-3 trial, norasib cut the risk of death by 46% compared with placebo.\n\nIMPORTANT SAFETY "
        "INFORMATION\n\nInfections occurred in 24% "
        "of patients treated with norasib."
    ).adverse_events
    assert [(f.event.lower(), f.trial, f.arm) for f in facts] == [("infections", None, None)]
