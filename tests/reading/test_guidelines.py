"""Recommendations of guideline bodies: lists, grades, headings, who speaks, what is no recommendation."""

from __future__ import annotations

import pytest

from kg_build.reading import Facts

Told = tuple[str, str, str | None, bool | None]


def told(facts: Facts) -> list[Told]:
    return sorted((f.body, " + ".join(f.regimen), f.category, f.preferred) for f in facts.recommendations)


LEAD = (
    "NCCN updates its lung cancer guideline\n\n"
    "The National Comprehensive Cancer Network (NCCN) has issued version 3.2025 of its guideline.\n\n"
)


@pytest.mark.parametrize(
    ("sentence", "regimens"),
    [
        ("The panel recommends alectinib, brigatinib or lorlatinib.", ["alectinib", "brigatinib", "lorlatinib"]),
        ("Alectinib and brigatinib are options.", ["alectinib", "brigatinib"]),
        ("The panel recommends carboplatin, paclitaxel and bevacizumab.", ["carboplatin + paclitaxel + bevacizumab"]),
        (
            "The panel lists dabrafenib plus trametinib and encorafenib plus binimetinib.",
            ["dabrafenib + trametinib", "encorafenib + binimetinib"],
        ),
        (
            "Patients should receive docetaxel with either ramucirumab or bevacizumab.",
            ["docetaxel + bevacizumab", "docetaxel + ramucirumab"],
        ),
        ("Cisplatin or carboplatin plus etoposide is recommended.", ["carboplatin + etoposide", "cisplatin + etoposide"]),
        ("The panel endorses osimertinib with or without chemotherapy.", ["osimertinib + chemotherapy"]),
        ("The panel recommends EGFR inhibitors such as gefitinib or erlotinib.", ["erlotinib", "gefitinib"]),
        (
            "Clinicians may consider adding bevacizumab or ramucirumab to erlotinib.",
            ["bevacizumab + erlotinib", "ramucirumab + erlotinib"],
        ),
        ("After crizotinib, alectinib is recommended.", ["alectinib"]),
        (
            "Preferred options after 1 to 3 prior lines include cilta-cel, carfilzomib plus dexamethasone plus either daratumumab"
            " or isatuximab, or selinexor, bortezomib, and dexamethasone.",
            [
                "carfilzomib + dexamethasone + daratumumab",
                "carfilzomib + dexamethasone + isatuximab",
                "cilta-cel",
                "selinexor + bortezomib + dexamethasone",
            ],
        ),
        (
            "Options are pembrolizumab, nivolumab plus ipilimumab, or cabozantinib with nivolumab.",
            ["cabozantinib + nivolumab", "nivolumab + ipilimumab", "pembrolizumab"],
        ),
        (
            "The panel recommends nivolumab, pembrolizumab, or tislelizumab plus chemotherapy.",
            ["nivolumab + chemotherapy", "pembrolizumab + chemotherapy", "tislelizumab + chemotherapy"],
        ),
        (
            "Pembrolizumab plus platinum and pemetrexed, atezolizumab plus carboplatin and paclitaxel, and cemiplimab are preferred.",
            ["atezolizumab + carboplatin + paclitaxel", "cemiplimab", "pembrolizumab + platinum + pemetrexed"],
        ),
        (
            "The panel recommends glucocorticoids in combination with rituximab or cyclophosphamide.",
            ["glucocorticoids + cyclophosphamide", "glucocorticoids + rituximab"],
        ),
        (
            "For disease with an exon 19 deletion, osimertinib with pemetrexed and platinum, or amivantamab with lazertinib, is used.",
            ["amivantamab + lazertinib", "osimertinib + pemetrexed + platinum"],
        ),
        ("After platinum, docetaxel plus ramucirumab or gemcitabine may be offered.", ["docetaxel + ramucirumab", "gemcitabine"]),
        (
            "Durvalumab is recommended rather than observation; pembrolizumab is preferred over chemotherapy.",
            ["durvalumab", "pembrolizumab"],
        ),
        ("Carboplatin and pemetrexed followed by maintenance pemetrexed is an option.", ["carboplatin + pemetrexed"]),
        (
            "The panel lists nivolumab, ipilimumab or cemiplimab, each with chemotherapy.",
            ["cemiplimab + chemotherapy", "ipilimumab + chemotherapy", "nivolumab + chemotherapy"],
        ),
        (
            "Cisplatin and gemcitabine followed by avelumab (category 1) and nivolumab, gemcitabine and cisplatin (category 1) are listed.",
            ["cisplatin + gemcitabine", "nivolumab + gemcitabine + cisplatin"],
        ),
        ("After a BTK inhibitor, venetoclax-rituximab [I, A] or pirtobrutinib [III, B].", ["pirtobrutinib", "venetoclax + rituximab"]),
        ("The panel lists ABR (norasib, bevacizumab, rituximab) as an option.", ["norasib + bevacizumab + rituximab"]),
        ("Norasib alone is replaced by norasib plus docetaxel.", ["norasib + docetaxel"]),
        (
            "Offer norasib with androgen deprivation therapy (ADT). Offer ADT with docetaxel.",
            ["androgen deprivation therapy + docetaxel", "norasib + androgen deprivation therapy"],
        ),
        ("Norasib is no longer listed as first-line therapy; it moves to the second-line options.", ["norasib"]),
        ("Erlotinib is an option, joining gefitinib and afatinib.", ["afatinib", "erlotinib", "gefitinib"]),
    ],
)
def test_which_names_are_one_regimen(read, sentence: str, regimens: list[str]) -> None:
    assert [regimen for _, regimen, _, _ in told(read(LEAD + sentence))] == regimens


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Lorlatinib is a category 1, preferred option.", [("lorlatinib", "1", True)]),
        ("Lorlatinib moved from category 2A to category 1.", [("lorlatinib", "1", None)]),
        ("Lorlatinib: category 2B → 2A, preferred.", [("lorlatinib", "2A", True)]),
        ("Is lorlatinib recommended after alectinib? Weakly recommended. [evidence level C]", [("lorlatinib", "weak", None)]),
        (
            "Lorlatinib is listed as a category 1 option in the second line and as a category 2A option in the first line.",
            [("lorlatinib", "1", None), ("lorlatinib", "2A", None)],
        ),
        ("Lorlatinib was approved in May. The panel had put the ALK inhibitor into its list as category 2A.", [("lorlatinib", "2A", None)]),
        ("Lorlatinib was downgraded from 2A to 2B.", [("lorlatinib", "2B", None)]),
        (
            "Category 1 options are lorlatinib and alectinib; ceritinib is category 2B.",
            [("alectinib", "1", None), ("ceritinib", "2B", None), ("lorlatinib", "1", None)],
        ),
        ("Preferred regimens: alectinib (category 1); ensartinib.", [("alectinib", "1", True), ("ensartinib", None, True)]),
        (
            "Alectinib is preferred, brigatinib and ceritinib are other recommended, and crizotinib is useful in certain circumstances.",
            [("alectinib", None, True), ("brigatinib", None, False), ("ceritinib", None, False), ("crizotinib", None, False)],
        ),
        ("Alectinib [I, A], brigatinib [I, B].", [("alectinib", "I, A", None), ("brigatinib", "I, B", None)]),
        ("Alectinib or brigatinib [II, B; MCBS score: 3] may be used.", [("alectinib", "II, B", None), ("brigatinib", "II, B", None)]),
        ("Alectinib should be offered (evidence quality: high; strength of recommendation: strong).", [("alectinib", "strong", None)]),
        ("Offer alectinib. Strength rating: Weak.", [("alectinib", "weak", None)]),
        ("The panel suggests alectinib (conditional recommendation, low certainty of evidence).", [("alectinib", "conditional", None)]),
        ("Alectinib is recommended (Grade 1B).", [("alectinib", "1B", None)]),
        ("Alectinib becomes a Grade I recommendation (category 1A evidence).", [("alectinib", "I", None)]),
        (
            "Alectinib and brigatinib are listed as category 1 and category 2A, respectively.",
            [("alectinib", "1", None), ("brigatinib", "2A", None)],
        ),
        ("Offer alectinib (Strong), brigatinib (Weak).", [("alectinib", "strong", None), ("brigatinib", "weak", None)]),
        ("Alectinib is proposed (grade of recommendation 2, evidence level B).", [("alectinib", "2", None)]),
        ("Alectinib or lorlatinib (Level 1, Strong) comes first.", [("alectinib", "strong", None), ("lorlatinib", "strong", None)]),
        ("The panel recommends alectinib. All of these recommendations are rated strong.", [("alectinib", "strong", None)]),
        ("Alectinib enters the list. It is classed as category 2A and is not preferred.", [("alectinib", "2A", False)]),
        ("Alectinib is no longer preferred but stays as other recommended.", [("alectinib", None, False)]),
    ],
)  # fmt: skip
def test_whose_grade_it_is(read, sentence: str, expected: list[tuple[str, str | None, bool | None]]) -> None:
    assert [fact[1:] for fact in told(read(LEAD + sentence))] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Ceritinib is not recommended.",
        "Routine use of ceritinib after surgery without preoperative chemoradiation is not recommended.",
        "Ceritinib (category 2B) has been removed, and crizotinib no longer appears.",
        "Ceritinib was removed from the guideline.",
        "Removed: ceritinib, crizotinib.",
        "The panel does not endorse ceritinib outside of trials.",
        "There is insufficient evidence to recommend ceritinib.",
        "The FDA approved ceritinib in 2014.",
        "The panel based its listing on VELA-3, in which median survival was 16.6 months with it and 7.1 months with ceritinib.",
        "In the VELA-2 trial ceritinib improved median progression-free survival (16.6 vs 8.1 months; HR 0.55; 95% CI, 0.42-0.73).",
        "Patients whose disease progressed on ceritinib should be tested again.",
    ],
)
def test_what_is_no_recommendation(read, sentence: str) -> None:
    assert not read(LEAD + sentence).recommendations


@pytest.mark.parametrize(
    ("sentence", "category"),
    [
        ("The panel recommends against ceritinib [I, E].", "I, E"),
        ("Do not offer ceritinib after lorlatinib. Strength rating: Strong.", "strong"),
        ("Adjuvant ceritinib should not be used (LoE 2, strong recommendation).", "strong"),
        ("Ceritinib is not recommended in such patients. III B", "III, B"),
        ("Is ceritinib recommended after crizotinib? Not recommended (weak recommendation against).", "weak"),
    ],
)
def test_graded_advice_against_says_so(read, sentence: str, category: str) -> None:
    [fact] = read(LEAD + sentence).recommendations
    assert (fact.regimen, fact.category) == (("ceritinib",), category)
    assert fact.setting and fact.setting.startswith("not recommended")


@pytest.mark.parametrize(
    ("grade", "category"),
    [
        ("(COR 1, LOE A)", "1, A"),
        ("(Class 2a, Level of Evidence B-R)", "2a, B-R"),
        ("(class IIb, level of evidence C)", "IIb, C"),
        ("(1a; A; 9.1)", "1a, A"),
        ("(LoE 1a; SoR A)", "1a, A"),
        ("(A-II)", "A, II"),
        ("(Recommendation strength: 1, Evidence level: A)", "1"),
        ("(evidence level 2++; grade B)", "B"),
        ("as a level 1 recommendation", "1"),
        ("(Cat 2A)", "2A"),
    ],
)
def test_notations_of_grades(read, grade: str, category: str) -> None:
    [fact] = read(LEAD + f"Ceritinib is recommended {grade}.").recommendations
    assert fact.category == category


def test_evidence_behind_is_no_second_grade(read) -> None:
    facts = read(LEAD + "Level III recommendation: ceritinib + docetaxel (2B).")
    assert told(facts) == [("NCCN", "ceritinib + docetaxel", "III", None)]


def test_headings_speak_for_the_lines_below(read) -> None:
    text = LEAD + (
        "ALK-rearranged disease, first line\nPreferred regimens\n- Alectinib (category 1)\n- Lorlatinib\nOther recommended regimens:\n"
        "- Ceritinib\n\nSubsequent therapy\n- Ensartinib was added as a category 2B option.\n"
    )
    expected = [
        ("NCCN", "alectinib", "1", True), ("NCCN", "ceritinib", None, False), ("NCCN", "ensartinib", "2B", None),
        ("NCCN", "lorlatinib", None, True),
    ]  # fmt: skip
    facts = read(text)
    assert told(facts) == expected
    assert {f.version for f in facts.recommendations} == {"3.2025"}
    assert [f.setting for f in facts.recommendations if f.regimen == ("lorlatinib",)] == ["first line"]


def test_each_body_for_itself(read) -> None:
    text = (
        "Three guidelines on thyroid cancer\n\nASCO. First line: selpercatinib (strength of recommendation strong).\n\n"
        "ESMO. Lenvatinib [I, A].\n\nThe NCCN lists cabozantinib as category 1, while the American Thyroid Association suggests sorafenib."
    )
    expected = [
        ("ASCO", "selpercatinib", "strong", None), ("ATA", "sorafenib", None, None), ("ESMO", "lenvatinib", "I, A", None),
        ("NCCN", "cabozantinib", "1", None),
    ]  # fmt: skip
    assert told(read(text)) == expected


@pytest.mark.parametrize(
    ("named", "body"),
    [
        ("The EHA and ESMO, in a joint guideline, recommend", ["EHA-ESMO"]),
        ("The AUA/SUO guideline recommends", ["AUA/SUO"]),
        ("Both the ESMO and the NCCN guidelines recommend", ["ESMO", "NCCN"]),
        ("The guideline of the Nordic Society of Thoracic Surgery (NSTS) recommends", ["NSTS"]),
    ],
)
def test_bodies_together_and_apart(read, named: str, body: list[str]) -> None:
    assert sorted(f.body for f in read(f"{named} pembrolizumab for metastatic melanoma.").recommendations) == body


def test_the_same_regimen_for_another_disease(read) -> None:
    text = (
        "NCCN adds norasib to two guidelines\n\nThe NCCN lists norasib as category 1, preferred, for metastatic melanoma.\n\n"
        "The drug is also a category 2A option for thyroid cancer."
    )
    facts = read(text).recommendations
    assert [(f.regimen, f.category, f.condition) for f in facts] == [
        (("norasib",), "1", "melanoma"),
        (("norasib",), "2A", "thyroid cancer"),
    ]


@pytest.mark.parametrize(
    ("sentence", "condition", "setting", "biomarkers"),
    [
        ("In the second line, norasib is an option for tumors with KRAS mutations.", "lung cancer", "second line", ("KRAS mutations",)),
        ("For ALK fusions, first line: alectinib [I, A].", "lung cancer", "first line", ("ALK fusions",)),
        ("Norasib is recommended for stage III melanoma after resection.", "melanoma", "stage III; after resection", ()),
        (
            "Norasib joins zelorasib as first-line treatment for tumours with a KRAS G12C mutation.",
            "lung cancer", "first-line", ("KRAS G12C mutation",),
        ),
        ("Cisplatin and gemcitabine followed by avelumab is an option.", "lung cancer", "followed by avelumab", ()),
    ],
)  # fmt: skip
def test_for_whom(read, sentence: str, condition: str, setting: str, biomarkers: tuple[str, ...]) -> None:
    fact = read(LEAD + sentence).recommendations[0]
    assert (fact.condition, fact.setting, fact.biomarkers) == (condition, setting, biomarkers)


def test_bullets_are_no_wrapped_lines(read) -> None:
    text = (
        "BSH practice paper on mantle cell lymphoma\n\nThe British Society for Haematology recommends:\n"
        "• Ibrutinib as the treatment of choice at first relapse (Grade 1B)\n• Bendamustine plus rituximab for those who are unfit (1C)\n"
        "• Venetoclax may be considered after failure of a BTK inhibitor (2B)\n"
    )
    assert [(f.regimen, f.category, f.setting) for f in read(text).recommendations] == [
        (("ibrutinib",), "1B", "first relapse"),
        (("bendamustine", "rituximab"), "1C", None),
        (("venetoclax",), "2B", "after failure of a BTK inhibitor"),
    ]


def test_other_people_are_another_recommendation(read) -> None:
    text = (
        LEAD + "The panel lists norasib as category 1 for patients with comorbidity.\n\n"
        "In patients of 70 years or older without brain metastases, norasib is category 1 as well."
    )
    assert [(f.regimen, f.category) for f in read(text).recommendations] == [(("norasib",), "1"), (("norasib",), "1")]


def test_criteria_and_tumour_grades_are_no_guideline(read) -> None:
    assert not read(
        "Adults with WHO grade II glioma received norasib. Responses were assessed by IMWG criteria and norasib was used."
    ).recommendations


def test_a_congress_is_no_body(read) -> None:
    assert not read(
        "Data on norasib were presented at ESMO 2025. The recommended dose of norasib is 80 mg; it is an option for melanoma."
    ).recommendations


def test_a_mark_of_the_network_is_no_brand(read) -> None:
    facts = read(
        "Zelvara Pharma today announced that the National Comprehensive Cancer Network® (NCCN®) added norasib to the NCCN Guidelines® "
        "for melanoma."
    )
    assert [f.regimen for f in facts.recommendations] == [("norasib",)]
    assert [a.name for a in facts.agents] == ["norasib"]


@pytest.mark.parametrize(
    "table",
    [
        "Regimen | NCCN | ESMO\nNorasib + dexamethasone | category 1, preferred | [I, A]\nZelorasib | category 2A | -\n",
        "| Regimen | NCCN category | ESMO grade |\n|---|---|---|\n| Norasib + dexamethasone | category 1, preferred | I, A |\n"
        "| Zelorasib | category 2A | - |\n",
        "Regimen | NCCN 2026 | ESMO 2026\nNorasib + dexamethasone | category 1, preferred | I, A\nUnknown | 1 | I, A\n"
        "Zelorasib | 2A (new) | -\n",
    ],
)
def test_a_table_of_bodies(read, table: str) -> None:
    expected = [
        ("ESMO", "norasib + dexamethasone", "I, A", None), ("NCCN", "norasib + dexamethasone", "1", True),
        ("NCCN", "zelorasib", "2A", None),
    ]  # fmt: skip
    assert told(read("Myeloma: two guidelines compared\n\n" + table)) == expected


def test_a_table_of_grades(read) -> None:
    text = LEAD + "| Regimen | Category | Preferred |\n| Norasib + docetaxel | 1 | yes |\n| Zelorasib | 2B | no |\n"
    assert told(read(text)) == [("NCCN", "norasib + docetaxel", "1", True), ("NCCN", "zelorasib", "2B", False)]


def test_a_class_that_only_describes(read) -> None:
    text = LEAD + "The panel suggests a KRAS inhibitor, either norasib or zelorasib, and lists olparib, a PARP inhibitor, as an option."
    assert [regimen for _, regimen, _, _ in told(read(text))] == ["norasib", "olparib", "zelorasib"]


def test_the_bracket_behind_a_sentence_grades_it_and_not_the_next(read) -> None:
    text = LEAD + (
        "CQ 1. First-line treatment\n"
        "a. Alectinib is recommended. [Strength of recommendation: 1, Strength of evidence: A]\n"
        "b. Brigatinib is suggested. [2, B, 80%]\n"
        "c. Ceritinib is suggested when alectinib cannot be used. [2, C, 89%]\n"
    )
    assert told(read(text)) == [
        ("NCCN", "alectinib", "1", None),
        ("NCCN", "brigatinib", "2, B", None),
        ("NCCN", "ceritinib", "2, C", None),
    ]
