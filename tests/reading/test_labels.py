"""Labels: which uses a label's text tells, with what each is given, and what in it is no use. The sentences are written for the tests."""

from __future__ import annotations

import pytest

from kg_build.lexicon import load
from kg_build.reading.labels import Use, read_uses


def uses(text: str) -> list[Use]:
    return read_uses(text, load())


def told(text: str) -> list[tuple[str | None, tuple[str, ...]]]:
    """(condition, partners) of each use."""
    return [(use.indication.condition, use.partners.names if use.partners else ()) for use in uses(text)]


def test_one_use_a_sentence_with_its_partners():
    text = (
        "Multiple myeloma Fobrazumab in combination with bortezomib and dexamethasone is indicated for the treatment of adult patients with"
        " multiple myeloma who have received at least two prior therapies. Fobrazumab in combination with lenalidomide is indicated for"
        " previously untreated patients with follicular lymphoma."
    )
    assert told(text) == [("multiple myeloma", ("bortezomib", "dexamethasone")), ("follicular lymphoma", ("lenalidomide",))]
    assert uses(text)[0].indication.prior_lines_min == 2
    assert uses(text)[0].indication.population == "adults"


def test_items_under_a_lead_have_its_disease_people_and_markers():
    first, second, third = uses(
        "Fobrazumab is indicated for the treatment of adult patients with HER2-positive metastatic breast cancer:  as monotherapy for"
        " those patients who have received at least two chemotherapy regimens for their metastatic disease. in combination with"
        " paclitaxel for those patients who have not received chemotherapy."
        " in combination with an aromatase inhibitor in postmenopausal patients."
    )
    assert {use.indication.condition for use in (first, second, third)} == {"breast cancer"}
    assert {use.indication.biomarkers for use in (first, second, third)} == {("HER2-positive",)}
    assert first.partners is None and first.indication.prior_lines_min == 2
    assert second.partners and second.partners.names == ("paclitaxel",) and second.indication.prior_lines_min is None
    assert third.partners and third.partners.names == ("aromatase inhibitor",)
    assert third.indication.population == "postmenopausal patients"


@pytest.mark.parametrize(
    "bullets",
    [
        "- relapsed ovarian cancer; - advanced gastric cancer.",
        " relapsed ovarian cancer;  advanced gastric cancer.",
        "• relapsed ovarian cancer • advanced gastric cancer",
        "- relapsed ovarian cancer- advanced gastric cancer",
    ],
)
def test_bullets_in_every_state_of_loss(bullets):
    assert told(f"Fobrazumab is indicated for the treatment of adult patients with:{bullets}") == [
        ("ovarian cancer", ()),
        ("gastric cancer", ()),
    ]


def test_alone_or_with_a_partner_is_two_uses():
    text = "Fobrazumab as monotherapy or in combination with trametinib is indicated for adults with metastatic melanoma."
    assert told(text) == [("melanoma", ()), ("melanoma", ("trametinib",))]


def test_with_or_without_is_an_optional_agent():
    (use,) = uses(
        "Fobrazumab, in combination with paclitaxel with or without bevacizumab, is indicated for the treatment of adults"
        " with cervical cancer."
    )
    assert use.partners
    assert (use.partners.names, use.partners.optional) == (("paclitaxel",), ("bevacizumab",))


@pytest.mark.parametrize("words", ["paclitaxel or docetaxel", "either paclitaxel or docetaxel"])
def test_single_agents_joined_by_or_are_either(words):
    (use,) = uses(f"Fobrazumab in combination with {words} is indicated for the treatment of patients with breast cancer.")
    assert use.partners and set(use.partners.either) == {"paclitaxel", "docetaxel"}


@pytest.mark.parametrize(
    "words, expected",
    [
        ("dexamethasone, or with dexamethasone and thalidomide,", [("dexamethasone",), ("dexamethasone", "thalidomide")]),
        (
            "paclitaxel and cisplatin or, alternatively, paclitaxel and topotecan",
            [("paclitaxel", "cisplatin"), ("paclitaxel", "topotecan")],
        ),
        (
            "carboplatin and gemcitabine or in combination with carboplatin and paclitaxel",
            [("carboplatin", "gemcitabine"), ("carboplatin", "paclitaxel")],
        ),
        (
            "dexamethasone, or bortezomib and dexamethasone, or melphalan and prednisone",
            [("dexamethasone",), ("bortezomib", "dexamethasone"), ("melphalan", "prednisone")],
        ),
    ],
)
def test_sets_of_agents_joined_by_or_are_uses_of_their_own(words, expected):
    text = f"Fobrazumab in combination with {words} is indicated for the treatment of patients with ovarian cancer."
    assert [partners for _, partners in told(text)] == expected


def test_a_list_of_single_agents_is_either_of_them():
    (use,) = uses(
        "Fobrazumab in combination with paclitaxel, topotecan, or pegylated liposomal doxorubicin is indicated for patients with ovarian"
        " cancer."
    )
    assert use.partners and use.partners.either == ("paclitaxel", "topotecan", "pegylated liposomal doxorubicin")


def test_an_unknown_partner_is_named_and_never_taken_for_none():
    text = "Fobrazumab is indicated for patients with colorectal cancer:  in first-line in combination with Folfox or Folfiri."
    assert told(text) == [("colorectal cancer", ("Folfox", "Folfiri"))]


@pytest.mark.parametrize("words", ["as monotherapy is", "monotherapy is"])
def test_a_combination_that_is_not_appropriate_is_no_partner(words):
    reason = "for whom treatment in combination with paclitaxel is not appropriate"
    text = f"Fobrazumab {words} indicated for patients with gastric cancer {reason}."
    assert told(text) == [("gastric cancer", ())]


def test_diseases_told_together_are_uses_of_their_own():
    text = (
        "Fobrazumab is indicated for the treatment of adults with acute myeloid leukaemia and locally advanced or metastatic"
        " cholangiocarcinoma."
    )
    assert [condition for condition, _ in told(text)] == ["acute myeloid leukaemia", "cholangiocarcinoma"]


def test_partners_before_the_items_of_a_list():
    text = "Fobrazumab is indicated in combination with:  pemetrexed and cisplatin for the treatment of adults with lung cancer."
    assert told(text) == [("lung cancer", ("pemetrexed", "cisplatin"))]


def test_a_use_whose_patients_had_another_treatment_not_indicated_is_a_use():
    text = "Fobrazumab is indicated for patients with breast cancer for whom anthracycline therapy is not indicated."
    assert told(text) == [("breast cancer", ())]


def test_a_use_where_there_is_no_other_option_is_a_use():
    text = "Treatment of melanoma in patients who have relapsed and where there is no other treatment option."
    assert told(text) == [("melanoma", ())]


def test_a_class_by_what_it_is_based_on_is_no_agent():
    text = "Fobrazumab is indicated in combination with irinotecan-based chemotherapy for patients with metastatic colorectal cancer."
    assert told(text) == [("colorectal cancer", ("irinotecan-based chemotherapy",))]


def test_a_use_that_goes_on_with_or_keeps_disease_people_and_partners():
    first, second = uses(
        "Fobrazumab in combination with obinutuzumab is indicated for adult patients with chronic lymphocytic leukaemia who have received"
        " at least one prior therapy, or as first-line treatment in patients with TP53 mutation."
    )
    assert first.indication.prior_lines_min == 1 and second.indication.prior_lines_min is None
    assert second.indication.condition == "chronic lymphocytic leukaemia"
    assert second.indication.setting == "first-line"
    assert second.partners and second.partners.names == ("obinutuzumab",)


@pytest.mark.parametrize(
    "remark",
    [
        "Prior chemotherapy must have included an anthracycline and a taxane.",
        "The effect of fobrazumab on bone metastases of breast cancer has not been established.",
        "Efficacy in patients with non-small cell lung cancer is based on response rates.",
        "Limitation of use: fobrazumab is not indicated for patients with gastric cancer.",
        "Patients with EGFR-positive non-small cell lung cancer should also have received targeted therapy.",
        "For details on prostate cancer, see section 5.1.",
        "Fobrazumab is not recommended in patients with melanoma.",
        "Fobrazumab should only be used in patients with breast cancer whose tumours overexpress HER2.",
    ],
)
def test_remarks_are_no_uses(remark):
    assert told(f"Fobrazumab is indicated for the treatment of adults with ovarian cancer. {remark}") == [("ovarian cancer", ())]


def test_a_disease_in_its_place_is_not_taken_from_behind_it():
    assert told("Treatment of breakthrough pain in adults with cancer who already receive opioids.") == [("breakthrough pain", ())]
    assert told("Prevention of nausea and vomiting associated with cancer chemotherapy in adults.") == [("nausea and vomiting", ())]


def test_a_heading_lends_its_disease_where_the_sentence_names_none():
    text = "Colorectal cancer Fobrazumab is indicated in adults whose disease has progressed after oxaliplatin."
    assert told(text) == [("Colorectal cancer", ())]


def test_no_more_than_two_lines_is_no_minimum():
    (use,) = uses("Fobrazumab is indicated for patients with ovarian cancer who received no more than two prior chemotherapy regimens.")
    assert use.indication.prior_lines_min is None


def test_signs_that_an_export_lost_end_no_sentence_and_join_no_words():
    (use,) = uses(
        "Fobrazumab in combination with 5?fluorouracil is indicated for patients aged ? 6 years with HER2?positive gastric cancer."
    )
    assert use.partners and use.partners.names == ("5-fluorouracil",)
    assert use.indication.condition == "gastric cancer"
    assert use.indication.biomarkers == ("HER2-positive",)


@pytest.mark.parametrize(
    "text, condition",
    [
        ("Acute graft-versus-host disease (aGVHD)", "Acute graft-versus-host disease"),
        ("Treatment of pediatric Crohn's disease", "Crohn's disease"),
        ("Treatment of adult T-cell leukemia/lymphoma", "adult T-cell leukemia/lymphoma"),
        ("Treatment of gastric cancer (GC) including cancer of the gastroesophageal junction (GEJ)", "gastric cancer"),
    ],
)
def test_designations_print_little_more_than_a_disease(text, condition):
    assert told(text) == [(condition, ())]


def test_a_text_said_twice_is_one_use():
    text = "Fobrazumab is indicated for the treatment of adults with ovarian cancer. "
    assert len(uses(text * 2)) == 1


def test_spans_are_of_the_cell_as_printed():
    text = "  Fobrazumab is indicated for the treatment of adults with platinum?resistant ovarian cancer."
    (use,) = uses(text)
    assert {slot: text[a:b] for slot, (a, b) in use.indication.spans}["condition"] == "platinum?resistant ovarian cancer"


@pytest.mark.parametrize(
    "text", ["", "-", "See section 5.1.", "Fobrazumab is for diagnostic use only.", "Use as a radiolabelling precursor."]
)
def test_texts_without_a_use(text):
    assert uses(text) == []
