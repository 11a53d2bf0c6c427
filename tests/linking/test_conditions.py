"""Names of diseases, biomarkers, endpoints and organisations."""

from __future__ import annotations

import pytest

from kg_build.lexicon import load
from kg_build.linking import names
from kg_build.linking.conditions import biomarker, diagnosis
from kg_build.linking.phrases import code

LEXICON = load()


@pytest.mark.parametrize(
    ("name", "key", "settings"),
    [
        ("relapsed/refractory multiple myeloma", "multiple-myeloma", ("relapsed-or-refractory",)),
        ("Multiple Myeloma", "multiple-myeloma", ()),
        ("metastatic castration-resistant prostate cancer", "castration-resistant-prostate-cancer", ("metastatic",)),
        ("Carcinoma, Non-Small-Cell Lung", "non-small-cell-lung-cancer", ()),
        ("Non Small Cell Lung Cancer (NSCLC)", "non-small-cell-lung-cancer", ()),
        ("Anatomic Stage IV Breast Cancer AJCC v8", "breast-cancer", ("stage-iv",)),
        ("Acute Lymphoblastic Leukemia, in Relapse", "acute-lymphoblastic-leukemia", ("relapsed",)),
        ("limited-stage small-cell lung cancer", "limited-stage-small-cell-lung-cancer", ()),
        ("chronic lymphocytic leukaemia", "chronic-lymphocytic-leukemia", ()),
        ("newly diagnosed, transplant-ineligible multiple myeloma", "multiple-myeloma", ("newly-diagnosed", "transplant-ineligible")),
    ],
)
def test_a_disease_is_found_and_what_is_said_beside_it_is_coded(name: str, key: str, settings: tuple[str, ...]) -> None:
    found = diagnosis(name, LEXICON)
    assert (found.condition, found.known, found.coded.settings) == (key, True, settings)


def test_a_biomarker_before_the_disease_is_kept() -> None:
    found = diagnosis("HER2+ metastatic breast cancer", LEXICON)
    assert (found.condition, found.coded.settings, found.biomarkers) == ("breast-cancer", ("metastatic",), ("HER2-positive",))


def test_an_unknown_disease_gets_a_provisional_key_without_its_stage() -> None:
    found = diagnosis("advanced examplopathy", LEXICON)
    assert (found.condition, found.known, found.coded.settings) == ("x-examplopathy", False, ("advanced",))


def test_a_negated_phrase_is_not_coded() -> None:
    assert diagnosis("not metastatic breast cancer", LEXICON).coded.settings == ()
    assert code("not metastatic", LEXICON).settings == () and code("not metastatic", LEXICON).rest == "not metastatic"


@pytest.mark.parametrize(
    ("text", "settings", "populations", "lines", "rest"),
    [
        ("relapsed or refractory; after two or more lines of systemic therapy", ("relapsed-or-refractory",), (), 2, ""),
        ("metastatic or unresectable", ("metastatic-or-unresectable",), (), None, ""),
        ("first-line; metastatic", ("first-line", "metastatic"), (), None, ""),
        ("adult and pediatric patients 12 years of age and older", (), (">=12-years", "adult", "pediatric"), None, ""),
        ("at least three prior lines of therapy", (), (), 3, ""),
        ("metastatic; intolerant of ice cream", ("metastatic",), (), None, "intolerant ice cream"),
    ],
)
def test_free_text_is_coded_and_what_is_not_is_kept(
    text: str, settings: tuple[str, ...], populations: tuple[str, ...], lines: int | None, rest: str
) -> None:
    assert code(text, LEXICON) == (settings, populations, lines, rest)


@pytest.mark.parametrize(
    "spellings",
    [
        ("HER2-positive", "HER2 positive", "her2+", "HER2\u2011positive"),
        ("sensitising EGFR mutations", "sensitizing EGFR mutation"),
        ("hormone receptor-positive", "HR+"),
        ("RET fusion-positive", "RET gene fusion"),
        ("ALK-rearranged", "ALK rearrangement"),
    ],
)
def test_spellings_of_a_biomarker_are_one(spellings: tuple[str, ...]) -> None:
    assert len({biomarker(name, LEXICON) for name in spellings}) == 1


def test_a_negated_biomarker_stays_another() -> None:
    assert biomarker("no EGFR mutation", LEXICON) != biomarker("EGFR mutation", LEXICON)
    assert biomarker("HER2-negative", LEXICON) != biomarker("HER2-positive", LEXICON)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("PFS", "progression-free-survival"),
        ("Progression-free Survival (PFS) as Assessed by BICR", "progression-free-survival"),
        ("Number of Participants With Dose Limiting Toxicity (DLT)", "dose-limiting-toxicity"),
        ("3-year overall survival", "overall-survival"),
        ("PFS on the first line of further therapy", "x-pfs-on-the-first-line-of-further-therapy"),
        ("ORR on further therapy", "x-orr-on-further-therapy"),
        ("Overall survival free of dialysis", "x-overall-survival-free-of-dialysis"),
    ],
)
def test_a_title_means_an_endpoint_only_where_nothing_else_is_measured(title: str, key: str) -> None:
    assert names.endpoint(title, LEXICON) == key


def test_an_organisation_is_found_with_and_without_its_legal_form() -> None:
    for name in ("Genentech, Inc.", "Genentech", "GENENTECH INC"):
        assert names.organization(name, LEXICON) == "genentech"
    assert names.organization("Example Bio Co., Ltd.", LEXICON) == "x-example-bio-co-ltd"
    assert names.organization("Merck & Co., Inc.", LEXICON) == "merck" != names.organization("Merck KGaA", LEXICON)


def test_an_event_keeps_its_name_without_its_grade() -> None:
    assert names.event("Grade 3 or higher neutropenia", LEXICON) == names.event("Neutrophil count decreased", LEXICON) == "neutropenia"
    assert names.event("Diarrhoea", LEXICON) == "diarrhea"


def test_a_provisional_key_of_a_long_title_is_short_and_still_its_own() -> None:
    one, two = (names.provisional("number of participants with a very long title " * 4 + end) for end in "ab")
    assert len(one) < 100 and one != two
