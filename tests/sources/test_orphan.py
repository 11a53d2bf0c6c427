"""Orphan designations: what is designated, what was approved for it, each entry once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg_build import sources
from kg_build.facts import Rejected

SAMPLE = Path(__file__).parents[1] / "samples" / "orphan" / "orphan.json"


@pytest.fixture(scope="module")
def found():
    return list(sources.read(SAMPLE, "orphan"))


def test_designations_and_the_approval_are_decisions_of_their_own_days(found):
    record = found[0]
    assert sources.recognise(SAMPLE) == "orphan"
    told = [(d.decision_kind, d.status, d.date, d.condition, d.change_type) for d in record.decisions]
    assert told == [
        ("designation", "designation", "2014-05-22", "multiple myeloma", None),
        ("marketing", "approved", "2020-03-02", "multiple myeloma", None),
        ("designation", "designation", "2016-01-01", "AL amyloidosis", "designation withdrawn"),
    ]
    assert record.known_at == "2020-03-02"


def test_the_approval_has_the_regimen_of_its_label_and_the_designation_the_substance_alone(found):
    designated, approved, _ = found[0].decisions
    assert designated.regimen == ("examplumab",)
    assert approved.regimen == ("examplumab", "pomalidomide", "dexamethasone")
    assert approved.prior_lines_min == 2
    assert designated.applicant == "Testco Inc."


def test_places_lead_into_the_file(found):
    shown = {e.slot: e.path for e in found[0].decisions[1].evidence}
    assert shown["date"] == "/0/fda_orphan_drug/0/marketing_approval_date"
    assert shown["condition"] == "/0/fda_orphan_drug/0/approved_labeled_indication"


def test_a_day_that_is_none_is_rejected_with_its_place(found):
    assert isinstance(found[1], Rejected)
    assert (found[1].where, found[1].reason) == ("orphan.json#/1", "'2016-31-01' is no date")


def test_the_real_file_is_read_whole(shared):
    path = shared / "data" / "fda" / "orphan_drug_reference.json.gz"
    if not path.exists():
        pytest.skip("the shared registry files are not here")
    records = [one for one, _ in zip(sources.read(path, "orphan"), range(400), strict=False)]
    assert len(records) == 400
    assert not [one for one in records if isinstance(one, Rejected)]
