"""The names of UNII beyond the curated tables."""

from __future__ import annotations

import gzip

import pytest

from kg_build.lexicon import FOLDER, load
from kg_build.lexicon.substances import FILE, PREFIX, Substances
from kg_build.linking.agents import treatment
from kg_build.reading.tables import find_names, same_length_fold

LEXICON = load()
SUBSTANCES = LEXICON.agents.substances


def test_the_file_says_where_it_is_from_and_every_row_is_whole() -> None:
    head, *rows = gzip.decompress((FOLDER / FILE).read_bytes()).decode("utf-8").split("\n")
    assert "UNII" in head and "public domain" in head
    assert len(rows) > 10_000 and all(row.count("\t") == 4 and row.startswith(PREFIX) for row in rows)


@pytest.mark.parametrize("name", ["COM701", "COM-701", "com 701", "tegavivint", "Tegavivint", "BC-2059", "acyclovir"])
def test_a_name_finds_its_substance_under_the_key_of_its_unii(name: str) -> None:
    row = LEXICON.agents.find(name)
    assert row and row.unii and row.key == PREFIX + row.unii.lower() and LEXICON.agents.row(row.key) == row
    assert treatment(name, LEXICON).members == (row.key,)


def test_curated_rows_come_first() -> None:
    curated = {row.unii for row in LEXICON.agents.by_key.values() if row.unii}
    assert not any((row := SUBSTANCES.row(key)) and row.unii in curated for key in SUBSTANCES._numbers)
    assert all((row := LEXICON.agents.find(name)) and row.key == name for name in ("isatuximab", "pembrolizumab"))


@pytest.mark.parametrize(
    "prose",
    [
        "Water, oxygen and iron were normal; lead and charcoal were not given. The quest for success continued today.",
        "ELEVATE, STORM, Frontline and Justice are no medicines, nor are HT-29, MCF-7 and HPV-16.",
        "Glucose, urea, luteinizing hormone and human chorionic gonadotropin were measured in a cell line (HCT116, A549).",
    ],
)
def test_words_analytes_and_cell_lines_are_no_agents(prose: str) -> None:
    assert not [prose[start:end] for start, end, *_ in SUBSTANCES.occurrences(same_length_fold(prose))]


def test_a_brand_is_a_name_only_in_capitals() -> None:
    names = [m.name for m in find_names("Innohep or innohep was given with tinzaparin.", LEXICON) if (m.key or "").startswith(PREFIX)]
    assert names == ["Innohep", "tinzaparin"]


def test_without_the_file_nothing_is_found(tmp_path) -> None:
    assert Substances(tmp_path / FILE).find("tegavivint") is None
