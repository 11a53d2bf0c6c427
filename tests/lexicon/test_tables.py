"""What the tables promise: sources, keys, hierarchies, sizes."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from kg_build.lexicon import FOLDER, TABLES, Entry, Table, load
from kg_build.terms import fold

LEXICON = load()

AT_LEAST = {
    "agents": 5000, "classes": 150, "combinations": 70, "targets": 150, "mechanisms": 100, "conditions": 250, "regulators": 40,
    "jurisdictions": 80, "bodies": 40, "endpoints": 75, "events": 250, "organizations": 180, "settings": 80,
}  # fmt: skip


def table(name: str) -> Table[Entry]:
    found: Table[Entry] = getattr(LEXICON, name)
    return found


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_the_file_is_an_entry_with_a_source(name: str) -> None:
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(table(name)) == len(rows) >= AT_LEAST[name]
    assert len({row["key"] for row in rows}) == len(rows)
    assert all(row["source"].strip() and row["label"].strip() for row in rows)
    assert all(not row["key"].startswith("x-") for row in rows)


def test_the_tables_are_all_the_tables_there_are() -> None:
    assert {path.stem for path in FOLDER.glob("*.tsv")} == {*TABLES, "judgements"}
    assert set(TABLES) == set(AT_LEAST)


def test_the_curated_agents_are_oncology_and_their_number_is_known() -> None:
    curated = [row for row in LEXICON.agents.by_key.values() if row.source.startswith("curated")]
    assert len(curated) == 548
    treatments = [row for row in curated if not row.is_aid]
    assert sum(bool(row.mechanisms) for row in treatments) > 0.95 * len(treatments)
    assert sum(bool(row.unii) for row in curated) > 0.97 * len(curated)


@pytest.mark.parametrize("name", ["conditions", "jurisdictions", "classes"])
def test_broader_resolves_and_has_no_cycles(name: str) -> None:
    rows = table(name).by_key

    def above(key: str, path: tuple[str, ...]) -> None:
        assert key not in path, f"cycle: {path}"
        for parent in getattr(rows[key], "broader"):  # noqa: B009
            above(parent, (*path, key))

    for key in rows:
        above(key, ())


def test_references_between_tables_resolve() -> None:
    for row in LEXICON.agents.by_key.values():
        assert set(row.targets) <= set(LEXICON.targets.by_key), row.key
        assert set(row.mechanisms) <= set(LEXICON.mechanisms.by_key), row.key
        assert set(row.classes) <= set(LEXICON.classes.by_key), row.key
        assert set(row.companies) <= set(LEXICON.organizations.by_key), row.key
    for group in LEXICON.classes.by_key.values():
        assert set(group.targets) <= set(LEXICON.targets.by_key) and set(group.mechanisms) <= set(LEXICON.mechanisms.by_key), group.key
    for combination in LEXICON.combinations.by_key.values():
        assert set(combination.members) <= set(LEXICON.agents.by_key), combination.key
    for place in (*LEXICON.regulators.by_key.values(), *LEXICON.bodies.by_key.values()):
        assert place.jurisdiction in LEXICON.jurisdictions.by_key, place.key


def test_an_identifier_stands_on_one_row_alone() -> None:
    for field in ("unii", "drugbank"):
        ids = [value for row in LEXICON.agents.by_key.values() if (value := getattr(row, field))]
        assert len(ids) == len(set(ids)), [value for value in ids if ids.count(value) > 1]
    for field in ("doid", "oncotree", "ncit"):
        ids = [value for row in LEXICON.conditions.by_key.values() if (value := getattr(row, field))]
        assert len(ids) == len(set(ids)), [value for value in ids if ids.count(value) > 1]


def test_names_that_two_rows_claim_are_known_and_few() -> None:
    assert {name: dict(table(name).ambiguous) for name in TABLES if table(name).ambiguous} == {
        "conditions": {"pnet": ("pancreatic-neuroendocrine-tumor", "primitive-neuroectodermal-tumor")}
    }


def test_the_european_union_has_27_members_and_the_kingdom_its_parts() -> None:
    rows = LEXICON.jurisdictions.by_key
    assert sum("eu" in row.broader for row in rows.values()) == 27
    assert rows["gb-nir"].broader == ("gb",) and rows["gb"].broader == ("europe",)


def test_no_name_is_a_code_of_a_licensed_terminology() -> None:
    assert not any(name.isdigit() for row in LEXICON.events.by_key.values() for name in row.spoken())


def test_drugbank_ids_belong_to_the_same_substance(shared: Path) -> None:
    with (shared / "data/vocab/drugbank_vocabulary_cc0.csv").open(encoding="utf-8", newline="") as lines:
        known = {row["DrugBank ID"]: row for row in csv.DictReader(lines)}
    rows = [row for row in LEXICON.agents.by_key.values() if row.drugbank]
    assert len(rows) > 3000
    for row in rows:
        entry = known[row.drugbank or ""]
        assert row.unii == entry["UNII"] or fold(entry["Common name"]) == fold(row.label), row.key


def test_chembl_ids_of_two_files_agree(shared: Path) -> None:
    with gzip.open(shared / "data/vocab/drugcentral_2016/identifiers.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    ids: dict[str, set[str]] = {}
    for row in rows:
        if row["ID_TYPE"] == "ChEMBL_ID":
            ids.setdefault(fold(row["DRUG_NAME"]), set()).add(row["IDENTIFIER"])
    both = [row for row in LEXICON.agents.by_key.values() if row.chembl and fold(row.label) in ids]
    differing = {row.key for row in both if row.chembl not in ids[fold(row.label)]}
    # the older file has other stereo forms or salts of these; the newer one is taken
    assert differing == {"bleomycin", "ixazomib", "pirarubicin", "romidepsin", "temoporfin", "trabectedin", "vindesine"}
    assert len(both) > 1000
