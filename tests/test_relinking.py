"""A new lexicon row or registry record re-links exactly the records whose look-ups now answer otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg_build import facts, lexicon, sources, terms
from kg_build.facts import Record
from kg_build.linking import Links, StudyHeader, StudyIndex, link_record, study_headers

SAMPLE = terms.resource("sample")


@pytest.fixture(scope="module")
def records() -> list[Record]:
    found = [one for f in sources.discover([SAMPLE]) if f.source for one in sources.read(f.path, f.source)]
    return [one for one in found if isinstance(one, Record)]


def linked(records: list[Record], tables: lexicon.Lexicon, extra: tuple[StudyHeader, ...] = ()) -> dict[str, Links]:
    index = StudyIndex([*extra, *(header for record in records for header in study_headers(record, tables))])
    return {f"{record.source}/{record.id}": link_record(record, tables, index) for record in records}


def without(folder: Path, key: str) -> lexicon.Lexicon:
    """The lexicon as it was before one agent's row."""
    for table in lexicon.FOLDER.glob("*.tsv"):
        lines = table.read_text("utf-8").splitlines(keepends=True)
        (folder / table.name).write_text("".join(line for line in lines if not line.startswith(f"{key}\t")), "utf-8")
    return lexicon.load(folder)


def test_a_new_lexicon_row_relinks_the_records_that_name_it_and_no_others(records: list[Record], tmp_path: Path) -> None:
    before, after = linked(records, without(tmp_path, "teclistamab")), linked(records, lexicon.load())
    changed = {name for name in after if before[name] != after[name]}
    naming = {
        f"{record.source}/{record.id}"
        for record in records
        if any(word in facts.to_json(record).decode().casefold() for word in ("teclistamab", "tecvayli"))
    }
    assert changed
    assert changed <= naming


def test_a_new_registry_record_relinks_the_records_that_name_it_and_no_others(records: list[Record]) -> None:
    without_record = [record for record in records if record.id != "NCT03275285"]
    extra = StudyHeader(key="NCT03275285", registry_ids=("NCT03275285",), acronym="IKEMA", agents=("isatuximab", "carfilzomib"))
    before, after = linked(without_record, lexicon.load()), linked(without_record, lexicon.load(), (extra,))
    changed = {name for name in after if before[name] != after[name]}
    naming = {f"{r.source}/{r.id}" for r in without_record if "IKEMA" in facts.to_json(r).decode()}
    assert changed <= naming


def test_an_acronym_links_only_with_a_shared_agent() -> None:
    tables = lexicon.load()
    record = Record(
        source="article",
        id="1",
        document=facts.Document(sha256="0"),
        trials=(facts.Trial(name="EXAMPLE", arms=(facts.Arm(id="A1", regimen=("isatuximab",)),)),),
    )
    shares = StudyHeader(key="NCT00000001", registry_ids=("NCT00000001",), acronym="EXAMPLE", agents=("isatuximab",))
    other = StudyHeader(key="NCT00000002", registry_ids=("NCT00000002",), acronym="EXAMPLE", agents=("imatinib",))
    assert link_record(record, tables, StudyIndex([shares, other])).studies["EXAMPLE"] == "NCT00000001"
    assert link_record(record, tables, StudyIndex([other])).studies["EXAMPLE"].startswith("x-")
