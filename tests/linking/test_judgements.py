"""Curated judgements win over every rule; each says why and since when."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kg_build.errors import SourceError
from kg_build.lexicon import FOLDER, JUDGEMENTS, Lexicon, load
from kg_build.linking.agents import treatment
from kg_build.linking.conditions import diagnosis

HEADER = "left\tright\tkind\tjudgement\treason\tdate\n"


@pytest.fixture
def judged(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A lexicon with other judgements."""

    def made(*rows: str) -> Lexicon:
        folder = tmp_path / "lexicon"
        shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        (folder / JUDGEMENTS).write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
        return Lexicon(folder)

    return made


def test_same_links_what_no_rule_links(judged) -> None:  # type: ignore[no-untyped-def]
    lexicon = judged(
        "izatuximab\tisatuximab\tagent\tsame\ta misprint\t2026-11-25", "the disease\tmelanoma\tcondition\tsame\ttest\t2026-11-25"
    )
    assert treatment("Izatuximab 10 mg/kg", lexicon) == (("isatuximab",), (), "form")
    assert treatment("Izatuximab", lexicon) == (("isatuximab",), (), "judgement")
    assert diagnosis("The disease", lexicon).condition == "melanoma"


@pytest.mark.parametrize("judgement", ["different", "unsure"])
def test_different_and_unsure_undo_what_a_rule_links(judged, judgement: str) -> None:  # type: ignore[no-untyped-def]
    lexicon = judged(
        f"SAR650984\tisatuximab\tagent\t{judgement}\ttest\t2026-11-25", f"melanoma\tmelanoma\tcondition\t{judgement}\ttest\t2026-11-25"
    )
    assert treatment("SAR650984", lexicon).unknown
    assert treatment("isatuximab", lexicon).members == ("isatuximab",)
    assert not diagnosis("Melanoma", lexicon).known


def test_a_judgement_is_part_of_the_version_of_the_tables(judged) -> None:  # type: ignore[no-untyped-def]
    assert judged("a\tisatuximab\tagent\tsame\ttest\t2026-11-25").version != load().version


@pytest.mark.parametrize("row", ["a\tb\tagent\tperhaps\ttest\t2026-11-25", "a\tb\tdrug\tsame\ttest\t2026-11-25"])
def test_a_wrong_row_is_one_line_that_names_it(judged, row: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceError, match=r"judgements\.tsv, line 2: "):
        judged(row)


def test_every_judgement_of_the_package_has_a_reason_and_a_date_and_names_known_things() -> None:
    lexicon = load()
    assert lexicon.judgements.rows
    for row in lexicon.judgements.rows:
        assert len(row.reason) > 10 and re.fullmatch(r"\d{4}-\d\d-\d\d", row.date), row.left
        for key in row.right.split("+") if row.kind == "agent" else ():
            table = lexicon.classes if key.startswith("class:") else lexicon.agents
            assert table.row(key.removeprefix("class:")), row.left
