"""Texts that tell several decisions at once: products with their own uses, lists, conversions, background on another disease."""

from __future__ import annotations

import pytest

from kg_build.reading import Facts

Told = set[tuple[str, tuple[str, ...], str | None]]


def told(facts: Facts) -> Told:
    """(status, regimen, condition) of every decision."""
    return {(d.status, tuple(sorted(d.regimen)), d.condition) for d in facts.decisions}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The FDA approved norasib for melanoma, zelotamab for renal cell carcinoma and trevacitinib for colorectal cancer.",
            {
                ("approved", ("norasib",), "melanoma"),
                ("approved", ("zelotamab",), "renal cell carcinoma"),
                ("approved", ("trevacitinib",), "colorectal cancer"),
            },
        ),
        (
            "Japan's health ministry (MHLW) on March 26 approved a batch of new drugs, including Zelvara (zelotamab) for previously treated"
            " gastric cancer and Krasidra (norasib) for NTRK-positive thyroid cancer.",
            {("approved", ("zelotamab",), "gastric cancer"), ("approved", ("norasib",), "thyroid cancer")},
        ),
        (
            "The CHMP adopted positive opinions for two biosimilar medicines: Denoxa (denosumab), for osteoporosis in women, and Ranvix"
            " (ranibizumab), for neovascular age-related macular degeneration.",
            {
                ("positive-opinion", ("denosumab",), "osteoporosis"),
                ("positive-opinion", ("ranibizumab",), "neovascular age-related macular degeneration"),
            },
        ),
        (
            "The CHMP recommended extensions of indication for Zelvara, Norvexa and Tolbrio.",
            {
                ("positive-opinion", ("zelvara",), None),
                ("positive-opinion", ("norvexa",), None),
                ("positive-opinion", ("tolbrio",), None),
            },
        ),
        (
            "China has cleared norasib plus rituximab for follicular lymphoma. Norasib is already approved in China for marginal zone"
            " lymphoma, Waldenström macroglobulinemia and chronic lymphocytic leukemia.",
            {
                ("approved", ("norasib", "rituximab"), "follicular lymphoma"),
                ("approved", ("norasib",), "marginal zone lymphoma"),
                ("approved", ("norasib",), "Waldenström macroglobulinemia"),
                ("approved", ("norasib",), "chronic lymphocytic leukemia"),
            },
        ),
        (
            "On January 16, 2025, the FDA approved norasib with bendamustine and rituximab for adults with previously untreated mantle cell"
            " lymphoma (MCL). FDA also converted to traditional approval norasib as a single agent for adults with previously treated MCL.",
            {
                ("approved", ("bendamustine", "norasib", "rituximab"), "mantle cell lymphoma"),
                ("approved", ("norasib",), "mantle cell lymphoma"),
            },
        ),
        (
            "The European Commission approved zelotamab in combination with chemotherapy for gastric cancer. It was first approved in the"
            " EU in July 2018 for advanced melanoma.",
            {("approved", ("chemotherapy", "zelotamab"), "gastric cancer"), ("approved", ("zelotamab",), "melanoma")},
        ),
        (
            "The FDA granted accelerated approval to norasib in January 2020 for epithelioid sarcoma and in June 2020 for follicular"
            " lymphoma.",
            {("accelerated-approval", ("norasib",), "epithelioid sarcoma"), ("accelerated-approval", ("norasib",), "follicular lymphoma")},
        ),
        (
            "The European Commission approved norasib with chemotherapy for esophageal squamous cell carcinoma (ESCC) and gastric or"
            " gastroesophageal junction (G/GEJ) adenocarcinoma.",
            {
                ("approved", ("chemotherapy", "norasib"), "esophageal squamous cell carcinoma"),
                ("approved", ("chemotherapy", "norasib"), "gastric or gastroesophageal junction adenocarcinoma"),
            },
        ),
        (
            "Norasib has won a full FDA approval for small cell lung cancer, converting an accelerated approval given in May 2024.",
            {("approved", ("norasib",), "small cell lung cancer"), ("accelerated-approval", ("norasib",), "small cell lung cancer")},
        ),
        (
            "The FDA approved Zelvara (zelotamab) with bortezomib for multiple myeloma. The agency did not approve the pomalidomide"
            " combination.",
            {
                ("approved", ("bortezomib", "zelotamab"), "multiple myeloma"),
                ("rejected", ("pomalidomide", "zelotamab"), "multiple myeloma"),
            },
        ),
    ],
)
def test_several_products_or_diseases(read, text: str, expected: Told) -> None:
    assert told(read(text)) >= expected


@pytest.mark.parametrize(
    ("text", "regimen", "condition"),
    [
        (
            "The FDA approved zelotamab for adults with multiple myeloma after at least one prior therapy, in combination with bortezomib"
            " plus dexamethasone (BVd) or pomalidomide plus dexamethasone (BPd).",
            {"zelotamab", "bortezomib", "pomalidomide", "dexamethasone"},
            "multiple myeloma",
        ),
        (
            "On March 28, 2025, the FDA approved zelotamab with gemcitabine and cisplatin as neoadjuvant treatment, followed by"
            " single agent zelotamab as adjuvant treatment following radical cystectomy, for adults with muscle invasive bladder cancer.",
            {"zelotamab", "gemcitabine", "cisplatin"},
            "muscle invasive bladder cancer",
        ),
        (
            "The FDA approved sodium thiosulfate to reduce the risk of ototoxicity associated with cisplatin in pediatric patients with"
            " solid tumors.",
            {"sodium thiosulfate"},
            "ototoxicity associated with cisplatin",
        ),
        (
            "On May 5, 2026, the FDA approved daratumumab + hyaluronidase-abcd (Zelvara, Norwin Inc.) and carfilzomib (Kyprolis, Amgen,"
            " Inc.) plus dexamethasone for adults with multiple myeloma.",
            {"daratumumab", "hyaluronidase", "carfilzomib", "dexamethasone"},
            "multiple myeloma",
        ),
        (
            "Norwin's sNDA for norasib in relapsed AML has been accepted for priority review by the FDA.",
            {"norasib"},
            "AML",
        ),
        (
            "The FDA approved zelotamab for metastatic cutaneous squamous cell carcinoma (CSCC) or locally advanced CSCC.",
            {"zelotamab"},
            "cutaneous squamous cell carcinoma",
        ),
    ],
)
def test_whole_regimen_and_disease(read, text: str, regimen: set[str], condition: str) -> None:
    [decision] = read(text).decisions
    assert set(decision.regimen) == regimen
    assert decision.condition == condition


@pytest.mark.parametrize(
    ("text", "regulator", "status"),
    [
        (
            "NHS patients in England will not get Zelvara (zelotamab) for breast cancer after NICE rejected the drug in final guidance.",
            "NICE",
            "not-recommended",
        ),
        (
            "The European Commission cleared zelotamab for breast cancer. The CHMP had backed the use in June. In a separate ruling, the"
            " Commission allowed norasib as the first therapy for adults with mantle cell lymphoma.",
            "European Commission",
            "approved",
        ),
        (
            "Merck, known as MSD outside the United States and Canada, said it plans to voluntarily withdraw the U.S. accelerated approval"
            " for zelotamab in gastric cancer.",
            None,
            "withdrawn",
        ),
    ],
)
def test_whose_decision(read, text: str, regulator: str | None, status: str) -> None:
    last = read(text).decisions[-1]
    assert (last.regulator, last.status) == (regulator, status)
    assert regulator or last.jurisdiction == "United States"


def test_each_use_has_its_date(read) -> None:
    text = "Norasib was approved in China for gastric cancer in November 2024 and for EGFR-mutant NSCLC in March 2025."
    assert [d.date for d in read(text).decisions] == ["2024-11", "2025-03"]


def test_a_put_off_decision_is_pending_until_its_new_date(read) -> None:
    text = "The U.S. FDA has pushed back its decision on norasib in children with melanoma by three months to September 19, 2026."
    [decision] = read(text).decisions
    assert (decision.status, decision.action_date, decision.date) == ("under-review", "2026-09-19", None)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("The FDA on Friday declined to approve Norwin's Alzheimer's drug norasib.", "Alzheimer's"),
        ("The FDA cleared Norwin's breast cancer pill norasib.", "breast cancer"),
        ("The FDA approved norasib for melanoma. In that disease the agency had issued a complete response letter in 2021.", "melanoma"),
        ("The FDA gave norasib accelerated approval in previously treated NSCLC with high MET expression.", "NSCLC"),
    ],
)
def test_the_disease_is_told_in_passing(read, text: str, condition: str) -> None:
    assert {d.condition for d in read(text).decisions} == {condition}


@pytest.mark.parametrize(
    "text",
    [
        "Today we have two quick updates on cancer therapeutic approvals. Norasib is a RAS inhibitor.",
        "The FDA weighed five medicines that are already authorised in the EU: Zelvara, Norvexa and Tolbrio.",
        "NICE is consulting on norasib for melanoma, reversing an earlier refusal.",
    ],
)
def test_acts_in_general_are_none(read, text: str) -> None:
    assert not [d for d in read(text).decisions if d.status in ("approved", "rejected", "not-recommended")]


DIGEST = """Weekly digest of new medicines

FDA
+ Krasidra (norasib) approved, BRAF V600E-mutant melanoma

MHRA
+ Zelvara (zelotamab) authorised, cholangiocarcinoma

Notice of Compliance
Norvexa (trevacitinib), Norwin Canada. Approved by Health Canada on 8 January 2026. Treatment of adults with polycythemia vera who are \
resistant to hydroxyurea.
"""


def test_entries_under_headings(read) -> None:
    found = {(d.regulator, d.regimen, d.condition) for d in read(DIGEST).decisions}
    assert found == {
        ("FDA", ("norasib",), "melanoma"),
        ("MHRA", ("zelotamab",), "cholangiocarcinoma"),
        ("Health Canada", ("trevacitinib",), "polycythemia vera"),
    }


@pytest.mark.parametrize(
    ("text", "status", "date"),
    [
        (
            "By 10 to 6, advisers to the FDA backed norasib for melanoma in October 2024. The agency nonetheless turned the drug away in"
            " May 2025, and then, on 19 September 2025, granted accelerated approval under the name Krasidra.",
            "accelerated-approval",
            "2025-09-19",
        ),
        (
            "Norwin said on 13 November 2023 that it would voluntarily withdraw Krasidra (norasib) from the US market.",
            "withdrawn",
            None,
        ),
        ("The FDA approved norasib under the accelerated pathway in September 2017 for melanoma.", "accelerated-approval", "2017-09"),
        ("The FDA on January 24, 2025 added a similar warning to the norasib label.", "label-update", "2025-01-24"),
        ("The EMA's PRAC has recommended a new warning for norasib on liver injury.", "label-update", None),
        ("EMA's CHMP recommended against renewing the authorisation of norasib for melanoma in May 2024.", "negative-opinion", "2024-05"),
    ],
)
def test_further_wordings(read, text: str, status: str, date: str | None) -> None:
    last = read(text).decisions[-1]
    assert (last.status, last.date) == (status, date)
