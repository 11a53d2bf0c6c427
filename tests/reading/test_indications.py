"""Indications in notices and news of our own: disease, stage, people, earlier treatment, markers, each in its slot."""

from __future__ import annotations

import pytest

from kg_build.facts import Decision


def told(read, words: str) -> list[Decision]:
    return list(
        read(f"On May 4, 2024, the Food and Drug Administration approved zelotamab (Zelvara, Norwin Pharma Inc.) {words}").decisions
    )


def one(read, words: str) -> Decision:
    [decision] = told(read, words)
    return decision


@pytest.mark.parametrize(
    ("words", "condition", "setting"),
    [
        ("for adults with metastatic castration-resistant prostate cancer.", "prostate cancer", "metastatic castration-resistant"),
        ("for extensive-stage small cell lung cancer (ES-SCLC).", "small cell lung cancer", "extensive-stage"),
        (
            "for the adjuvant treatment of patients with stage IIB, IIC, or III melanoma following complete resection.",
            "melanoma",
            "adjuvant; stage IIB, IIC, or III; following complete resection",
        ),
        ("for patients with resectable gastric cancer in the neoadjuvant setting.", "gastric cancer", "resectable; neoadjuvant"),
        ("as first-line treatment for patients with advanced renal cell carcinoma.", "renal cell carcinoma", "first-line; advanced"),
        (
            "for epithelial ovarian, fallopian tube, or primary peritoneal cancer that is platinum-resistant.",
            "epithelial ovarian, fallopian tube, or primary peritoneal cancer",
            "platinum-resistant",
        ),
        (
            "for renal cell carcinoma at intermediate-high or high risk of recurrence following nephrectomy.",
            "renal cell carcinoma",
            "intermediate-high or high risk of recurrence following nephrectomy",
        ),
        (
            "for patients with endometrial carcinoma who are not candidates for curative surgery or radiation.",
            "endometrial carcinoma",
            "not candidates for curative surgery or radiation",
        ),
        ("for previously untreated patients with mantle cell lymphoma.", "mantle cell lymphoma", "previously untreated"),
        (
            "for resectable esophageal cancer as neoadjuvant treatment, followed by single-agent zelotamab after surgery.",
            "esophageal cancer",
            "resectable; neoadjuvant; followed by single-agent zelotamab after surgery",
        ),
        ("for the treatment of paroxysmal nocturnal haemoglobinuria in adults.", "paroxysmal nocturnal haemoglobinuria", None),
        ("for adults with moderately to severely active ulcerative colitis.", "ulcerative colitis", "moderately to severely active"),
        (
            "for high-risk Bacillus Calmette-Guérin (BCG)-unresponsive non-muscle invasive bladder cancer.",
            "non-muscle invasive bladder cancer",
            "high-risk Bacillus Calmette-Guérin-unresponsive",
        ),
    ],
)
def test_disease_and_setting(read, words: str, condition: str, setting: str | None) -> None:
    decision = one(read, words)
    assert (decision.condition, decision.setting) == (condition, setting)


@pytest.mark.parametrize(
    ("words", "population"),
    [
        ("for adult patients with glioma.", "adults"),
        ("for patients with glioma.", None),
        ("for pediatric patients 2 years of age and older with glioma.", "pediatric patients 2 years of age and older"),
        ("for adult and pediatric patients (≥12 years of age) with glioma.", "adult and pediatric patients (≥12 years of age)"),
        (
            "for chronic graft-versus-host disease in adults and children aged 6 years and older.",
            "adults and children aged 6 years and older",
        ),
        ("foradult patients with glioma.", "adults"),
        (
            "for adults with multiple myeloma who are not eligible for autologous stem cell transplant.",
            "adults, not eligible for autologous stem cell transplant",
        ),
        ("for transplant-ineligible patients with multiple myeloma.", "transplant-ineligible"),
        ("for newly diagnosed acute myeloid leukemia in adults 75 years or older.", "adults 75 years or older"),
    ],
)
def test_people(read, words: str, population: str | None) -> None:
    assert one(read, words).population == population


@pytest.mark.parametrize(
    ("words", "lines", "therapies"),
    [
        ("for follicular lymphoma after two or more lines of systemic therapy.", 2, ("systemic therapy",)),
        ("for melanoma with disease progression on or after platinum-based chemotherapy.", None, ("platinum-based chemotherapy",)),
        (
            "for colorectal cancer that has progressed following fluoropyrimidine-, oxaliplatin-, and irinotecan-based chemotherapy.",
            None,
            ("fluoropyrimidine-based chemotherapy", "oxaliplatin-based chemotherapy", "irinotecan-based chemotherapy"),
        ),
        (
            "for multiple myeloma in patients who have received at least four prior lines of therapy, including a proteasome inhibitor, "
            "an immunomodulatory agent, and an anti-CD38 monoclonal antibody.",
            4,
            ("proteasome inhibitor", "immunomodulatory agent", "anti-CD38 monoclonal antibody"),
        ),
        ("for breast cancer after two or more prior anti-HER2 regimens.", 2, ("anti-HER2 regimen",)),
        (
            "for gastric adenocarcinoma in patients who have received a prior trastuzumab-based regimen.",
            None,
            ("trastuzumab-based regimen",),
        ),
        (
            "for patients with urothelial cancer who have previously received a programmed death receptor-1 (PD-1) or programmed "
            "death-ligand 1 (PD-L1) inhibitor and platinum-containing chemotherapy.",
            None,
            ("PD-1 or PD-L1 inhibitor", "platinum-containing chemotherapy"),
        ),
        (
            "for chronic lymphocytic leukemia after at least two lines, including a Bruton's tyrosine kinase (BTK) inhibitor.",
            2,
            ("BTK inhibitor",),
        ),
        ("for hepatocellular carcinoma in patients who have not received prior systemic therapy.", None, ()),
        ("for patients with bladder cancer following nephrectomy and resection of metastatic lesions.", None, ()),
    ],
)
def test_earlier_treatment(read, words: str, lines: int | None, therapies: tuple[str, ...]) -> None:
    decision = one(read, words)
    assert (decision.prior_lines_min, decision.prior_therapies) == (lines, therapies)


@pytest.mark.parametrize(
    ("words", "markers"),
    [
        (
            "for patients with hormone receptor (HR)-positive, human epidermal growth factor receptor 2 (HER2)-negative breast cancer.",
            ("hormone receptor-positive", "HER2-negative"),
        ),
        (
            "for non-small cell lung cancer with no EGFR, ALK, or ROS1 aberrations.",
            ("no EGFR aberrations", "no ALK aberrations", "no ROS1 aberrations"),
        ),
        (
            "for non-small cell lung cancer with no epidermal growth factor receptor (EGFR) or anaplastic lymphoma kinase (ALK) genomic "
            "tumor aberrations.",
            ("no EGFR genomic tumor aberrations", "no ALK genomic tumor aberrations"),
        ),
        (
            "for patients with non-small cell lung cancer whose tumors have epidermal growth factor receptor (EGFR) exon 19 deletions or "
            "exon 21 (L858R) mutations, as detected by an FDA-approved test.",
            ("EGFR exon 19 deletions", "EGFR exon 21 L858R mutations"),
        ),
        (
            "for endometrial carcinoma that is microsatellite instability-high (MSI-H) or mismatch repair deficient (dMMR).",
            ("microsatellite instability-high", "mismatch repair deficient"),
        ),
        ("for patients with cervical cancer whose tumors express PD-L1 (CPS ≥1).", ("PD-L1 (CPS ≥1)",)),
        (
            "for people with lung cancer whose tumors have a mutation leading to mesenchymal-epithelial transition (MET) exon 14 skipping.",
            ("MET exon 14 skipping",),
        ),
        ("for HLA-A*02:01-positive adult patients with uveal melanoma.", ("HLA-A*02:01-positive",)),
        ("for metastatic RET fusion-positive thyroid cancer.", ("RET fusion-positive",)),
        ("for HR+/HER2- advanced breast cancer.", ("HR+", "HER2-")),
        ("for non-small cell lung cancer after progression on an EGFR tyrosine kinase inhibitor.", ()),
    ],
)
def test_markers(read, words: str, markers: tuple[str, ...]) -> None:
    assert one(read, words).biomarkers == markers


@pytest.mark.parametrize(
    ("words", "told_of"),
    [
        (
            "for the following indications: Adult patients with marginal zone lymphoma; Adult patients with follicular lymphoma who have "
            "received at least three prior lines of systemic therapy.",
            [("marginal zone lymphoma", "adults"), ("follicular lymphoma", "adults")],
        ),
        (
            "for adults with angiosarcoma after failure of paclitaxel and Kaposi sarcoma in adults who are HIV-negative.",
            [("angiosarcoma", "adults"), ("Kaposi sarcoma", "adults")],
        ),
        (
            "for adults with follicular lymphoma and pediatric patients with Burkitt lymphoma.",
            [("follicular lymphoma", "adults"), ("Burkitt lymphoma", "pediatric patients")],
        ),
        (
            "for large B-cell lymphoma after two lines, including mediastinal lymphoma, and high-grade B-cell lymphoma.",
            [("large B-cell lymphoma", None)],
        ),
        (
            "for chronic lymphocytic leukemia or small lymphocytic lymphoma.",
            [("chronic lymphocytic leukemia or small lymphocytic lymphoma", None)],
        ),
    ],
)
def test_one_decision_an_indication(read, words: str, told_of: list[tuple[str, str | None]]) -> None:
    assert [(d.condition, d.population) for d in told(read, words)] == told_of


def test_alternatives_glued_by_lost_line_breaks_are_indications(read) -> None:
    first, second = told(
        read,
        "for adult patients with urothelial cancer whohave previously received cisplatin-containing chemotherapy, orare ineligible for "
        "cisplatin and have previously received one or more prior lines of therapy.",
    )
    assert first.prior_therapies == ("cisplatin-containing chemotherapy",)
    assert (second.prior_lines_min, second.setting) == (1, "ineligible for cisplatin")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("On December 3,2021, the FDA approved zelotamab for glioma.", "2021-12-03"),
        ("The EMA recommended approval on the 19th of May 2023. On 21 July 2023 the EC approved zelotamab for glioma.", "2023-07-21"),
        ("Swissmedic approved zelotamab for glioma on 26.05.2020.", "2020-05-26"),
        ("The FDA approved zelotamab for glioma on 5/19/2023.", "2023-05-19"),
        ("The FDA approved zelotamab for glioma in early 2023.", "2023"),
        ("OSLO, June 1, 2023 - On May 19, the FDA approved zelotamab for glioma.", "2023-05-19"),
        ("FDA approves zelotamab for glioma\n\nFood and Drug Administration approved zelotamab for glioma.  June 29, 2020", "2020-06-29"),
    ],
)
def test_dates(read, text: str, date: str) -> None:
    assert read(text).decisions[-1].date == date


def test_the_day_of_a_text_is_announced(read) -> None:
    [decision] = read("OSLO, June 1, 2023 - The FDA has approved zelotamab for glioma, Norwin said.").decisions
    assert (decision.date, decision.announced) == (None, "2023-06-01")


def test_who_could_enter_a_study(read) -> None:
    [trial] = read(
        "In the phase 3 ZEPHYR-1 trial (NCT04111111), eligible patients were aged 18 years or older, had histologically confirmed gastric "
        "cancer, and had an ECOG performance status of 0 or 1. Patients with brain metastases, active autoimmune disease, or prior "
        "anti-PD-1 therapy were excluded. All patients in ZEPHYR-1 received zelotamab."
    ).trials
    assert trial.condition == "gastric cancer"
    assert trial.inclusion == ("aged 18 years or older", "histologically confirmed gastric cancer", "ECOG performance status of 0 or 1")
    assert trial.exclusion == ("brain metastases", "active autoimmune disease", "prior anti-PD-1 therapy")


def test_criteria_as_a_list(read) -> None:
    [trial] = read(
        "The phase 2 LARKSPUR trial (NCT05222222) recruited 88 adults with relapsed follicular lymphoma after at least two prior lines of "
        "therapy. Key inclusion criteria were measurable disease; and life expectancy of 12 weeks or more. Key exclusion criteria included "
        "prior CAR-T therapy; and active infection. All patients in LARKSPUR received norasib."
    ).trials
    assert (trial.condition, trial.population, trial.prior_lines_min) == ("relapsed follicular lymphoma", "adults", 2)
    assert trial.inclusion == ("measurable disease", "life expectancy of 12 weeks or more")
    assert trial.exclusion == ("prior CAR-T therapy", "active infection")
