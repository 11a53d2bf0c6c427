"""Names of treatments as texts and registries write them."""

from __future__ import annotations

import pytest

from kg_build.lexicon import load
from kg_build.linking import Links, regimen_key
from kg_build.linking.agents import prior_therapy, treatment

LEXICON = load()


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("Drug: palbociclib 125 mg", ("palbociclib",)),
        ("Biological: Isatuximab (SAR650984) 10 mg/kg IV", ("isatuximab",)),
        ("Paclitaxel for injection (albumin bound)", ("nab-paclitaxel",)),
        ("isatuximab + carfilzomib + dexamethasone", ("carfilzomib", "dexamethasone", "isatuximab")),
        ("Elotuzumab, pomalidomide, dexamethasone", ("dexamethasone", "elotuzumab", "pomalidomide")),
        ("Docetaxel/Paclitaxel", ("docetaxel", "paclitaxel")),
        ("nivolumab in combination with ipilimumab", ("ipilimumab", "nivolumab")),
        ("Phesgo", ("pertuzumab", "trastuzumab")),
        ("daratumumab + hyaluronidase", ("daratumumab",)),
        ("daratumumab and hyaluronidase-fihj", ("daratumumab",)),
        ("mFOLFOX6", ("fluorouracil", "leucovorin", "oxaliplatin")),
        ("aromatase inhibitors", ("class:aromatase-inhibitor",)),
        ("paclitaxel or docetaxel", ("(docetaxel|paclitaxel)",)),
        ("Placebo", ()),
        ("Drug: Placebo matching enzalutamide 40 mg capsules", ()),
        ("hyaluronidase", ()),
    ],
)
def test_a_name_means_these_agents(name: str, members: tuple[str, ...]) -> None:
    found = treatment(name, LEXICON)
    assert found.members == members and found.unknown == ()


def test_a_placebo_beside_an_agent_leaves_the_agent() -> None:
    assert treatment("placebo + fulvestrant", LEXICON).members == ("fulvestrant",)


def test_an_unknown_name_keeps_a_provisional_key_and_is_reported() -> None:
    assert treatment("Examplimab 200 mg", LEXICON) == (("x-examplimab",), (("x-examplimab", "Examplimab 200 mg"),), "")
    assert treatment("fludarabine and examplimab", LEXICON).members == ("fludarabine", "x-examplimab")


def test_words_joined_by_and_are_one_thing_while_no_part_is_known() -> None:
    assert treatment("diet and exercise", LEXICON).members == ("x-diet-and-exercise",)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("platinum-containing chemotherapy", ("class:platinum-based-chemotherapy",)),
        ("trastuzumab-based regimen", ("trastuzumab",)),
        ("PD-1 or PD-L1 inhibitor", ("class:pd-1-or-pd-l1-inhibitor",)),
        ("lenalidomide", ("lenalidomide",)),
        ("an unheard-of therapy", None),
    ],
)
def test_a_prior_therapy_is_coded_or_left_uncoded(name: str, keys: tuple[str, ...] | None) -> None:
    assert prior_therapy(name, LEXICON) == keys


def test_the_key_of_a_regimen_is_its_agents_sorted_whatever_their_order_and_names() -> None:
    names = ("Sarclisa", "dexamethasone", "carfilzomib", "placebo", "aromatase inhibitor")
    links = Links(members={name: treatment(name, LEXICON).members for name in names})
    assert regimen_key(names, links) == regimen_key(names[::-1], links) == "carfilzomib+class:aromatase-inhibitor+dexamethasone+isatuximab"


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("Isatuximab SAR650984", ("isatuximab",)),
        ("BKM120 (buparlisib)", ("buparlisib",)),
        ("XYZ-0001 (anti-TIGIT)", ("x-xyz-0001",)),
        ("toripalimab (anti-PD-1)", ("toripalimab",)),
        ("chemotherapy with or without bevacizumab", ("class:chemotherapy",)),
        ("paclitaxel +/- bevacizumab", ("paclitaxel",)),
    ],
)
def test_synonyms_beside_a_name_are_not_partners_and_options_are_not_members(name: str, members: tuple[str, ...]) -> None:
    assert treatment(name, LEXICON).members == members


@pytest.mark.parametrize(
    ("name", "members", "rule"),
    [
        ("Isatuximab", ("isatuximab",), "exact"),
        ("nab paclitaxel", ("nab-paclitaxel",), "folded"),
        ("pembrolizumab-abcd", ("pembrolizumab",), "suffix"),
        ("gemcitabine hydrochloride", ("gemcitabine",), "salt"),
        ("SAR650984", ("isatuximab",), "code"),
        ("Sarclisa", ("isatuximab",), "brand"),
        ("isatuximab 10 mg/kg IV", ("isatuximab",), "form"),
        ("Isatuximab SAR650984", ("isatuximab",), "synonym"),
        ("AMG 162 / Denosumab", ("denosumab",), "synonym"),
        ("BKM120 (buparlisib)", ("buparlisib",), "bracket"),
        ("FOLFOX", ("fluorouracil", "leucovorin", "oxaliplatin"), "combination"),
        ("lenalidomide + dexamethasone", ("dexamethasone", "lenalidomide"), "combination"),
        ("aromatase inhibitor", ("class:aromatase-inhibitor",), "class"),
        ("Placebo", (), "placebo"),
        ("azactidine", ("azacitidine",), "judgement"),
        ("Examplimab", ("x-examplimab",), ""),
    ],
)
def test_a_link_says_by_which_rule(name: str, members: tuple[str, ...], rule: str) -> None:
    found = treatment(name, LEXICON)
    assert (found.members, found.rule) == (members, rule)


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("CD19 CAR-T cells", ("class:cd19-car-t",)),
        ("Chimeric Antigen Receptor Modified T cells Targeting CD19", ("class:cd19-car-t",)),
        ("Allogeneic anti-BCMA CAR T-cell infusion", ("class:bcma-car-t",)),
        ("B7-H3CART", ("class:b7-h3-car-t",)),
        ("B7-H3-targeting CAR-T cells", ("class:b7-h3-car-t",)),
        ("GD2, PSMA and CD276 CAR-T cells", ("class:b7-h3-car-t", "class:gd2-car-t", "class:psma-car-t")),
        ("fludarabine + CD19 CAR-T cells", ("class:cd19-car-t", "fludarabine")),
        ("MT027 CAR-T cells", ("mt027",)),
        ("CART22 cells transduced with a lentiviral vector", ("cart22",)),
    ],
)
def test_cells_are_a_product_by_name_and_a_class_by_target(name: str, members: tuple[str, ...]) -> None:
    assert treatment(name, LEXICON).members == members


@pytest.mark.parametrize(
    "name", ["GPC3 and/or IL-13 CAR-T cells", "CD19/CD22 CAR-T cells", "exampletarget CAR-T cells", "CAR-TILs targeting HER2"]
)
def test_cells_against_what_no_table_knows_stay_unlinked(name: str) -> None:
    assert treatment(name, LEXICON).unknown
