"""PMDA's list: the approvals of hand-made rows in the publisher's layout, with every trap that the real list holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg_build.errors import SourceError
from kg_build.facts import Record, Rejected
from kg_build.sources import pmda, recognise

SAMPLE = Path(__file__).parents[1] / "samples" / "pmda" / "approvals.csv"
HEADER = SAMPLE.read_text().splitlines()[0]


@pytest.fixture(scope="module")
def records() -> dict[str, Record]:
    return {record.id: record for record in pmda.read(SAMPLE) if isinstance(record, Record)}


def test_recognised_by_its_columns(tmp_path):
    (tmp_path / "list.txt").write_bytes(SAMPLE.read_bytes())
    assert recognise(tmp_path / "list.txt") == "pmda"


def test_every_row_is_a_record_or_a_rejection(records):
    rejected = [row for row in pmda.read(SAMPLE) if isinstance(row, Rejected)]
    assert sorted(records) == ["0", "1", "10", "11", "3", "4", "9"]
    assert [(row.where, row.reason) for row in rejected] == [
        ("approvals.csv#L24", "a piece of a row above: neither date nor indication"),
        ("approvals.csv#L25", "a row of column names inside the table"),
        ("approvals.csv#L26", "'Sometime in 2011' is no date"),
    ]


def test_a_new_approval_of_two_presentations_is_one_decision(records):
    record = records["0"]
    assert [(p.brand, p.form, p.strength) for p in record.products] == [
        ("Mielora", "Intravenous Infusion", "100 mg"),
        ("Mielora", "Intravenous Infusion", "500 mg"),
    ]
    approval, designation = record.decisions
    assert (approval.regulator, approval.jurisdiction, approval.status, approval.date) == ("MHLW", "Japan", "approved", "2020-06-29")
    assert (approval.regimen, approval.condition, approval.setting) == (("isatuximab",), "multiple myeloma", "relapsed or refractory")
    assert (approval.applicant, approval.change_type) == ("Aoba Pharma K.K.", "new active ingredient")
    assert approval.product == tuple(p.id for p in record.products)
    assert (designation.status, designation.designation, designation.date) == ("designation", "orphan", None)


def test_evidence_is_the_cell_and_the_place_in_it(records):
    quoted = [e for e in records["0"].decisions[0].evidence if e.slot == "condition"]
    assert [(e.path, e.quote) for e in quoted] == [("approvals#L2/Indications", "multiple myeloma")]


def test_a_partial_change_widens_the_label_or_updates_it(records):
    assert (records["1"].decisions[0].status, records["1"].decisions[0].change_type) == ("label-expansion", "new indication; new dosage")
    assert records["1"].decisions[0].pathway == "priority review"
    assert (records["4"].decisions[0].status, records["4"].decisions[0].change_type) == ("label-update", "new dosage")


def test_dates_in_four_forms(records):
    assert {i: records[i].decisions[0].date for i in ("0", "1", "3", "4")} == {
        "0": "2020-06-29", "1": "2021-11-25", "3": "2007-01-26", "4": "2012-01-20",
    }  # fmt: skip


def test_categories_that_a_spreadsheet_made_dates_of(records):
    assert {i: records[i].document.note for i in ("1", "3", "4", "10")} == {
        "1": "review category Oncology drugs", "3": "review category 6-1", "4": "review category 3-2",
        "10": "review category Radiopharmaceuticals",
    }  # fmt: skip


def test_each_applicant_stands_behind_its_own_brand(records):
    record = records["3"]
    assert [p.brand for p in record.products] == ["Breatheze", "Airlet"]
    assert record.decisions[0].applicant is None  # two applicants: none of them is the decision's


def test_numbered_ingredients_are_products_of_their_own_and_joined_ones_a_combination(records):
    assert [d.regimen for d in records["9"].decisions] == [("dabrafenib mesilate",), ("trametinib dimethyl sulfoxide",)]
    assert records["10"].decisions[0].regimen == ("radium chloride", "lutetium chloride")


def test_conditional_and_emergency_approvals(records):
    assert {d.status for d in records["9"].decisions} == {"conditional-approval"}
    assert records["9"].decisions[0].biomarkers == ("BRAF mutation-positive",)
    assert records["11"].decisions[0].status == "emergency-authorization"


@pytest.mark.parametrize(
    "header, message",
    [(HEADER.replace("Indications", "Uses"), "no column 'Indications'"), (f"{HEADER},Remarks", "unknown column 'Remarks'")],
)
def test_another_layout_is_refused_not_half_read(tmp_path, header, message):
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n0,1,x,1,y,z,v,w,u\n")
    with pytest.raises(SourceError, match=message):
        list(pmda.read(path))


def test_the_real_list(shared, monkeypatch):
    monkeypatch.setattr(pmda.cells, "decisions", lambda base, *_: (base,))  # what labels say has tests of its own
    rows = list(pmda.read(shared / "data" / "pmda" / "pmda_approvals_2004-2024.csv"))
    known = [row for row in rows if isinstance(row, Record)]
    assert len(rows) == 2_448
    assert len({row.id for row in known}) == len(known) == 2_399
    assert {row.reason for row in rows if isinstance(row, Rejected)} == {
        "a piece of a row above: neither date nor indication", "a row of column names inside the table", "no active ingredient",
    }  # fmt: skip
    (sarclisa,) = [row for row in known if row.known_at == "2020-06-29" and "Sarclisa" in (row.document.title or "")]
    assert [(d.status, d.regimen) for d in sarclisa.decisions][:1] == [("approved", ("isatuximab",))]
