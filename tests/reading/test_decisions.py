"""Decisions on texts of our own: who, what, when, for whom, on which evidence."""

from __future__ import annotations

import pytest

from kg_build.facts import Decision
from kg_build.reading import Facts


def only(facts: Facts) -> Decision:
    [decision] = facts.decisions
    return decision


NOTICE = """On March 14, 2023, the Food and Drug Administration approved zelotamab vedotin-abcd (Zelvara, Norwin Pharma Inc.) with \
pembrolizumab (Keytruda, Merck) for adult patients with locally advanced or metastatic urothelial carcinoma who are not eligible for \
cisplatin-containing chemotherapy.

Efficacy was evaluated in URO-12 (NCT04012345), an open-label, randomized trial enrolling 886 patients."""


def test_an_fda_notice(read) -> None:
    decision = only(read(NOTICE))
    assert (decision.regulator, decision.jurisdiction, decision.status, decision.date) == ("FDA", "United States", "approved", "2023-03-14")
    assert decision.regimen == ("zelotamab vedotin", "pembrolizumab")
    assert decision.condition == "urothelial carcinoma"
    assert decision.setting is not None and decision.setting.startswith("locally advanced or metastatic")
    assert decision.population == "adults"
    assert decision.supported_by == ("URO-12",)


@pytest.mark.parametrize(
    ("text", "regulator", "status", "regimen", "condition"),
    [
        (
            "The FDA granted accelerated approval to norasib (Krasidra) for adults with melanoma.",
            "FDA",
            "accelerated-approval",
            ["norasib"],
            "melanoma",
        ),
        (
            "The European Commission (EC) has granted conditional marketing authorization for belzotinib for the treatment "
            "of renal cell carcinoma.",
            "EC",
            "conditional-approval",
            ["belzotinib"],
            "renal cell carcinoma",
        ),
        (
            "The FDA has issued a complete response letter to the biologics license application for tiragofusp alfa in "
            "patients with Hodgkin lymphoma.",
            "FDA",
            "complete-response",
            ["tiragofusp alfa"],
            "Hodgkin lymphoma",
        ),
        (
            "The CHMP adopted a negative opinion on Zynoxa (dorapitinib) for metastatic pancreatic cancer.",
            "CHMP",
            "negative-opinion",
            ["dorapitinib"],
            "pancreatic cancer",
        ),
        (
            "The CHMP adopted a positive opinion for dorapitinib plus lenalidomide for adults with multiple myeloma.",
            "CHMP",
            "positive-opinion",
            ["dorapitinib", "lenalidomide"],
            "multiple myeloma",
        ),
        (
            "The FDA granted fast track designation to KTX-4410 for the treatment of patients with acute myeloid leukemia.",
            "FDA",
            "designation",
            ["KTX-4410"],
            "acute myeloid leukemia",
        ),
        (
            "Health Canada has issued a Notice of Compliance with conditions for mirazotamab for adults with follicular lymphoma.",
            "Health Canada",
            "conditional-approval",
            ["mirazotamab"],
            "follicular lymphoma",
        ),
        (
            "The UK’s MHRA approved lenvacitinib plus everolimus for previously treated thyroid cancer.",
            "MHRA",
            "approved",
            ["lenvacitinib", "everolimus"],
            "thyroid cancer",
        ),
        (
            "The FDA has granted priority review to a supplemental application for vorapitinib for patients with prostate cancer.",
            "FDA",
            "priority-review",
            ["vorapitinib"],
            "prostate cancer",
        ),
        (
            "Norwin has withdrawn the indication of vorapitinib for prostate cancer, the FDA said.",
            "FDA",
            "withdrawn",
            ["vorapitinib"],
            "prostate cancer",
        ),
        (
            "Vorapitinib was approved by the FDA for the treatment of patients with prostate cancer.",
            "FDA",
            "approved",
            ["vorapitinib"],
            "prostate cancer",
        ),
    ],
)
def test_status_and_regimen(read, text: str, regulator: str, status: str, regimen: list[str], condition: str) -> None:
    decision = only(read(text))
    assert (decision.regulator, decision.status, list(decision.regimen), decision.condition) == (regulator, status, regimen, condition)


def test_an_authority_no_table_knows(read) -> None:
    decision = only(
        read("The Freedonian Medicines Control Agency (FMCA) has approved zelotamab for the treatment of adults with melanoma.")
    )
    assert (decision.regulator, decision.regimen) == ("FMCA", ("zelotamab",))


def test_one_decision_an_indication(read) -> None:
    text = "The FDA approved zelotamab for the treatment of patients with melanoma and for the treatment of patients with gastric cancer."
    assert [d.condition for d in read(text).decisions] == ["melanoma", "gastric cancer"]


def test_a_headline_and_its_sentence_are_one_act(read) -> None:
    text = (
        "FDA approves zelotamab for multiple myeloma\n\nThe FDA has approved zelotamab plus dexamethasone for adults "
        "with multiple myeloma on May 2, 2024."
    )
    decision = only(read(text))
    assert (decision.regimen, decision.date) == (("zelotamab", "dexamethasone"), "2024-05-02")


def test_a_list_of_indications(read) -> None:
    text = (
        "On May 8, 2020, the FDA approved zelotamab (Zelvara, Norwin Pharma) for the following indications:\n"
        "• in combination with bortezomib and prednisone for adults with newly diagnosed multiple myeloma, and\n"
        "• as monotherapy for adults with relapsed or refractory multiple myeloma."
    )
    assert [(d.regimen, d.setting, d.date) for d in read(text).decisions] == [
        (("zelotamab", "bortezomib", "prednisone"), "newly diagnosed", "2020-05-08"),
        (("zelotamab",), "relapsed or refractory", "2020-05-08"),
    ]


def test_a_withdrawn_approval_is_no_approval(read) -> None:
    decision = only(read("The FDA has withdrawn approval of Meloxto (melzaflan) for patients with multiple myeloma."))
    assert (decision.status, decision.regimen, decision.withdrawal_of) == ("withdrawn", ("melzaflan",), "application")


def test_the_dateline_is_no_decision_date(read) -> None:
    decision = only(read("BASEL, March 3, 2020 - The FDA approved zelotamab for melanoma on March 2, 2020."))
    assert decision.date == "2020-03-02"


def test_optional_and_alternative_partners(read) -> None:
    optional = only(read("The FDA approved zelotamab plus carboplatin with or without bevacizumab for adults with ovarian cancer."))
    assert (optional.regimen, optional.optional_agents) == (("zelotamab", "carboplatin"), ("bevacizumab",))
    either = only(read("The FDA approved zelotamab in combination with cisplatin or carboplatin for adults with ovarian cancer."))
    assert set(either.one_of) == {"cisplatin", "carboplatin"}
    assert either.regimen == ("zelotamab", "cisplatin", "carboplatin")


def test_prior_lines_and_therapies(read) -> None:
    text = (
        "The FDA approved zelotamab for adults with multiple myeloma who have received at least four prior lines of "
        "therapy, including a proteasome inhibitor, lenalidomide, and an anti-CD38 antibody."
    )
    decision = only(read(text))
    assert decision.prior_lines_min == 4
    assert decision.printed["prior_lines_min"] == "four"
    assert decision.prior_therapies == ("proteasome inhibitor", "lenalidomide", "anti-CD38 antibody")


def test_biomarkers(read) -> None:
    text = "The FDA approved norasib for adults with KRAS G12C-mutated non-small cell lung cancer and no known ALK rearrangements."
    decision = only(read(text))
    assert decision.biomarkers == ("KRAS G12C-mutated", "no ALK rearrangements")
    assert decision.condition == "non-small cell lung cancer"


def test_an_apposition_is_no_partner(read) -> None:
    text = "The FDA approved norasib (Krasidra), a RAS inhibitor, for adults with melanoma."
    assert only(read(text)).regimen == ("norasib",)


def test_pending_review_with_its_date(read) -> None:
    text = (
        "A new drug application for vorapitinib in prostate cancer is under review by the FDA. The PDUFA target action "
        "date is August 30, 2025."
    )
    decision = only(read(text))
    assert (decision.status, decision.assertion, decision.action_date, decision.date) == ("under-review", "pending", "2025-08-30", None)


@pytest.mark.parametrize(
    "text",
    [
        "The FDA approved the company's new plant in Ohio on May 3, 2022. The board approved a dividend.",
        "If approved by the FDA, zelotamab would be the first drug of its class for melanoma.",
        "The FDA has not approved zelotamab for melanoma.",
        "The FDA approved a companion diagnostic test for osimertinib.",
        "The ethics committee approved the protocol of the study of osimertinib.",
        "The FDA cleared a new MRI scanner for patients with breast cancer.",
        "Norwin plans to seek FDA approval for zelotamab in melanoma.",
        "Osimertinib and other FDA-approved drugs were discussed at the meeting.",
        "Norwin named a new chief executive, who led the teams behind osimertinib.",
        "The FDA approved a manufacturing site for osimertinib.",
        "Analysts expect approval of zelotamab by the FDA in 2026.",
        "The FDA met on Monday. The hospital's formulary committee approved rituximab for use in the clinic.",
        "Patients withdrew from the study of osimertinib before the FDA visit.",
    ],
)
def test_no_decision_where_none_is_stated(read, text: str) -> None:
    assert read(text).decisions == ()
