"""Looking names up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.errors import SourceError
from kg_build.lexicon import FOLDER, load

LEXICON = load()
AGENT_NAMES = sorted({name for row in LEXICON.agents.by_key.values() for name in row.spoken()})


def agent(name: str) -> str | None:
    row = LEXICON.agents.find(name)
    return row.key if row else None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("isatuximab", "isatuximab"),
        ("Isatuximab-irfc", "isatuximab"),
        ("ISATUXIMAB\u2011IRFC", "isatuximab"),  # non-breaking hyphen
        ("SAR650984", "isatuximab"),
        ("SAR 650984", "isatuximab"),
        ("Sarclisa®", "isatuximab"),
        ("palbociclib isethionate", "palbociclib"),
        ("irinotecan hydrochloride trihydrate", "irinotecan"),
        ("dexamethasone sodium phosphate", "dexamethasone"),
        ("fam-trastuzumab deruxtecan-nxki", "trastuzumab-deruxtecan"),
        ("nab paclitaxel", "nab-paclitaxel"),
        ("Gleevec", "imatinib"),
        ("5-FU", "fluorouracil"),
        ("MK-3475", "pembrolizumab"),
    ],
)
def test_names_brands_codes_salts_and_suffixes_find_the_agent(name: str, key: str) -> None:
    assert agent(name) == key


@pytest.mark.parametrize("name", ["", "unknownib", "unknownib-abcd", "mesylate", "is\u0430tuximab", "imatini\u0432", "p\u03b1clitaxel"])
def test_what_is_unknown_or_mixes_scripts_finds_nothing(name: str) -> None:
    assert agent(name) is None


def test_a_name_of_two_rows_finds_neither() -> None:
    assert LEXICON.conditions.find("PNET") is None
    assert LEXICON.conditions.find("primitive neuroectodermal tumor") is not None


def test_isatuximab_carries_its_identifiers() -> None:
    row = LEXICON.agents.by_key["isatuximab"]
    assert (row.unii, row.drugbank, row.chembl) == ("R30772KCU0", "DB14811", "CHEMBL3545131")
    assert row.brands == ("Sarclisa",) and "SAR650984" in row.codes
    assert row.targets == ("cd38",) and "apoptosis" in row.mechanisms and row.companies == ("sanofi",)


def test_a_combination_lends_no_identifiers_and_takes_none() -> None:
    lonsurf = LEXICON.combinations.find("Lonsurf")
    assert lonsurf is not None and lonsurf.members == ("tipiracil", "trifluridine")
    assert not {"unii", "chembl", "drugbank"} & set(lonsurf.__struct_fields__)
    assert agent("Lonsurf") is None and "Lonsurf" not in LEXICON.agents.by_key["trifluridine"].brands


def test_another_form_of_a_substance_does_not_take_its_identifiers() -> None:
    assert LEXICON.agents.by_key["nab-paclitaxel"].unii is None
    assert agent("doxorubicin hydrochloride") == "doxorubicin"


def test_british_spelling_and_possessives_find_the_same_row() -> None:
    for british, american in [
        ("acute myeloid leukaemia", "AML"),
        ("oesophageal cancer", "esophageal cancer"),
        ("Hodgkin's lymphoma", "HL"),
    ]:
        row = LEXICON.conditions.find(british)
        assert row is not None and row == LEXICON.conditions.find(american)


def test_abbreviations_keep_their_case_and_stand_apart_from_names() -> None:
    names = dict(LEXICON.conditions.names())
    assert "all" not in names and ("ALL", "acute-lymphoblastic-leukemia") in set(LEXICON.conditions.abbreviations())
    assert names["multiple myeloma"] == "multiple-myeloma"


@given(st.sampled_from(AGENT_NAMES), st.sampled_from([str.upper, str.lower, str.title, lambda name: f"  {name} ", lambda name: name + "®"]))
def test_every_name_finds_its_row_however_it_is_written(name: str, write: object) -> None:
    assert callable(write)
    found = LEXICON.agents.find(write(name))
    assert found is not None and found == LEXICON.agents.find(name) and name in found.spoken()


@given(st.text(max_size=30))
def test_whatever_is_looked_up_gives_a_row_that_has_a_name_like_it_or_nothing(name: str) -> None:
    row = LEXICON.agents.find(name)
    assert row is None or any(spoken[:3].casefold() == name.strip()[:3].casefold() for spoken in row.spoken())


def copied(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.tsv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_an_added_row_changes_the_version_and_only_the_look_ups_it_answers(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with (folder / "agents.tsv").open("a", encoding="utf-8") as table:
        table.write("examplinib\texamplinib\texamplib" + "\t" * 11 + "curated\n")
    more = load(folder)
    assert more.version != LEXICON.version and len(LEXICON.version) == 64
    assert (row := more.agents.find("Examplib")) and row.key == "examplinib"
    assert dict(more.agents.names()).items() - dict(LEXICON.agents.names()).items() == {
        ("examplinib", "examplinib"),
        ("examplib", "examplinib"),
    }
    assert all(more.agents.find(name) == LEXICON.agents.find(name) for name in AGENT_NAMES[::50])


def test_a_row_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    lines = (folder / "regulators.tsv").read_text("utf-8").splitlines()
    (folder / "regulators.tsv").write_text("\n".join([*lines, lines[1]]) + "\n", "utf-8")
    with pytest.raises(SourceError, match=rf"regulators.tsv, line {len(lines) + 1}: key .* is already taken"):
        load(folder)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such table"):
        load(tmp_path)
