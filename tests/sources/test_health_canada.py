"""Health Canada's extract: one record a DIN, the history of its status as decisions, combinations kept apart."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from kg_build import sources
from kg_build.facts import Rejected

SAMPLE = Path(__file__).parents[1] / "samples" / "health_canada"


@pytest.fixture(scope="module")
def found():
    return list(sources.read(SAMPLE, "health_canada"))


def test_a_folder_or_zip_of_the_files_is_one_find(tmp_path):
    assert sources.recognise(SAMPLE) == "health_canada"
    with zipfile.ZipFile(tmp_path / "allfiles.zip", "w") as packed:
        for file in SAMPLE.iterdir():
            packed.write(file, file.name)
    assert sources.recognise(tmp_path / "allfiles.zip") == "health_canada"
    assert len(list(sources.read(tmp_path / "allfiles.zip", "health_canada"))) == 4


def test_products_that_are_not_marketed_come_with_a_suffix(tmp_path):
    for file in SAMPLE.iterdir():
        shutil.copy(file, tmp_path / file.name.replace(".txt", "_ia.txt"))
    assert sources.recognise(tmp_path) == "health_canada"
    assert [getattr(one, "id", None) for one in sources.read(tmp_path, "health_canada")] == ["02990001", "02990002", "02990003", None]


def test_a_product_with_its_approval(found):
    record = found[0]
    assert (record.id, record.known_at, record.document.title) == ("02990001", "2025-12-19", "DIN 02990001: EXARIA (TESTCO CANADA INC)")
    (product,) = record.products
    assert (product.ingredients, product.strength, product.form, product.route) == (
        ("examplumab",), "100 MG / 5 ML", "SOLUTION", "INTRAVENOUS",
    )  # fmt: skip
    (decision,) = record.decisions
    assert (decision.status, decision.date, decision.approval_type) == ("approved", "2020-04-29", "biosimilar")
    assert decision.evidence[0].path == "status.txt#L2"
    assert record.agents[0].identifiers == ("atc:L01FC02",)


def test_a_combination_that_was_cancelled(found):
    record = found[1]
    assert record.products[0].ingredients == ("alphazole", "betazide")
    assert record.agents == ()
    assert [(d.status, d.date, d.withdrawal_of) for d in record.decisions] == [
        ("approved", "2001-01-24", None),
        ("withdrawn", "2023-02-02", "product"),
    ]


def test_of_a_veterinary_product_no_decision_is_read(found):
    assert found[2].decisions == ()
    assert found[2].document.note == "veterinary product: no decisions are read"


def test_a_day_that_is_none_is_rejected_with_its_place(found):
    assert isinstance(found[3], Rejected)
    assert (found[3].where, found[3].reason) == ("drug.txt#L4", "'31-FEB-2024' is no date")


def test_the_real_extract_is_read_whole(shared):
    path = shared / "data" / "health_canada" / "dpd_marketed_allfiles_2026-04.zip"
    if not path.exists():
        pytest.skip("the shared registry files are not here")
    records = list(sources.read(path, "health_canada"))
    assert len(records) == 13_454
    assert not [one for one in records if isinstance(one, Rejected)]
    assert {"02498235", "02498243"} <= {one.id for one in records}
