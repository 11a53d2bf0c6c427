"""Texts on several studies and drugs: surveys of a congress, digests of a company, cohorts of one study."""

from __future__ import annotations

import pytest

STUDIES = [
    (
        "In the QUILLWORT-2 trial, zelbrutinib cut the risk of death by 22% against chemotherapy.\n\n"
        "Rival Norvane presented data for ormadestrant. In QUILLWORT-9, the drug improved median PFS to 5.0 months from 2.1 months "
        "with fulvestrant.",
        {"QUILLWORT-2": [("zelbrutinib",), ("chemotherapy",)], "QUILLWORT-9": [("ormadestrant",), ("fulvestrant",)]},
    ),
    (
        "In the phase 3 LARKMOOR-1 trial, 300 patients were randomized to zelbrutinib or placebo. Median PFS was 9.1 vs 4.2 months.\n\n"
        "In a separate phase 2 trial, zelbrutinib plus nab-paclitaxel yielded an ORR of 73.8%.",
        {"LARKMOOR-1": [("zelbrutinib",), ("placebo",)], "unnamed: a separate phase 2 trial": [("nab-paclitaxel", "zelbrutinib")]},
    ),
    (
        "FENWATER. Zelbrutinib was compared with placebo in 600 patients. Median PFS was 9.1 months with zelbrutinib and 4.2 months with "
        "placebo; ORR was 41% vs 12%.\n\n"
        "MOORHEN-B. Ormadestrant was compared with fulvestrant in 500 women. ORR was 31% with ormadestrant and 10% with fulvestrant.",
        {"FENWATER": [("zelbrutinib",), ("placebo",)], "MOORHEN-B": [("ormadestrant",), ("fulvestrant",)]},
    ),
    (
        "The phase 3 LARKMOOR-4 trial showed that adding the radioligand zelbutide to ADT helps. People on ADT alone had a median rPFS of "
        "10 months; adding zelbutide to ADT gave a median rPFS of 20 months compared with 10 months without it.",
        {"LARKMOOR-4": [("ADT", "zelbutide"), ("ADT",)]},
    ),
    (
        "Subcutaneous amivantamab plus lazertinib was noninferior to the intravenous formulation in the LARKMOOR-3 trial. "
        "ORR was 30% with SC and 33% with IV amivantamab.",
        {"LARKMOOR-3": [("amivantamab", "lazertinib"), ("amivantamab", "lazertinib")]},
    ),
]


@pytest.mark.parametrize(("text", "studies"), STUDIES)
def test_each_passage_belongs_to_its_study(read, text, studies) -> None:
    told = {trial.name: [tuple(sorted(arm.regimen)) for arm in trial.arms] for trial in read(text).trials}
    assert {name: sorted(arms) for name, arms in told.items()} == {name: sorted(arms) for name, arms in studies.items()}


COHORTS = (
    "QUILLWORT-5 is a single-arm trial of zelbrutinib in three cohorts. In cohort 1 (n = 75), ORR was 71%. Median PFS was 12.4 months. "
    "In cohort 2 (n = 74), ORR was 77%. In cohort 3 (n = 20), ORR was 30%. "
    "Grade ≥3 rash occurred in 17%, 18% and 25% of pts in cohorts 1, 2 and 3.\n\nAcross cohorts the DCR was 88%."
)


def test_cohorts_are_arms_and_what_is_of_none_is_of_all(read) -> None:
    facts = read(COHORTS)
    assert [arm.n for arm in facts.trials[0].arms] == [75, 74, 20]
    told = {(r.endpoint, r.arm): r.value for r in facts.results}
    assert told == {("ORR", "A1"): 71, ("PFS", "A1"): 12.4, ("ORR", "A2"): 77, ("ORR", "A3"): 30, ("DCR", "A1+A2+A3"): 88}
    assert {(e.arm, e.percent) for e in facts.adverse_events} == {("A1", 17), ("A2", 18), ("A3", 25)}


PLAIN = [
    (
        "Patients given zelbrutinib lived a median 16.0 months without their disease worsening, versus 9.2 months on placebo.",
        "PFS",
    ),
    ("Zelbrutinib kept the cancer in check for a median of 16.0 months versus 9.2 months for placebo.", "PFS"),
    ("Patients on zelbrutinib lived a median 16.0 months, versus 9.2 months for those on placebo.", "OS"),
]


@pytest.mark.parametrize(("sentence", "endpoint"), PLAIN)
def test_endpoints_in_plain_words(read, sentence, endpoint) -> None:
    facts = read(f"In the QUILLWORT-7 trial, 400 patients were randomized to zelbrutinib or placebo. {sentence}")
    assert {(r.endpoint, r.arm, r.value) for r in facts.results} == {(endpoint, "A1", 16.0), (endpoint, "A2", 9.2)}


def test_deaths_told_beside_a_side_effect_are_no_share(read) -> None:
    facts = read(
        "In the QUILLWORT-7 trial, 400 patients were randomized to zelbrutinib or placebo. ILD occurred in 9.6% of people "
        "in the zelbrutinib arm versus 1.6% on placebo, and two patients died of it."
    )
    assert not facts.results
