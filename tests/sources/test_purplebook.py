"""The Purple Book: two sections, one record an application, presentations kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg_build import sources
from kg_build.errors import SourceError
from kg_build.facts import Rejected
from kg_build.sources import purplebook

SAMPLE = Path(__file__).parents[1] / "samples" / "purplebook" / "purplebook.csv"


@pytest.fixture(scope="module")
def found():
    return list(sources.read(SAMPLE, "purplebook"))


def test_an_application_is_a_record_with_its_presentations(found):
    record = found[0]
    assert sources.recognise(SAMPLE) == "purplebook"
    assert (record.id, record.known_at, record.document.title) == ("799001", "2025-04", "BLA 799001: Exaria (Testco Inc.)")
    assert [(p.id, p.strength) for p in record.products] == [("799001-002", "500MG/25ML"), ("799001-001", "100MG/5ML")]
    assert record.ignored == {}


def test_what_changed_and_what_there_is_count_once_with_the_later_place(found):
    (shown,) = next(p for p in found[0].products if p.id == "799001-002").evidence
    assert shown.path == "purplebook#row=10/Proper Name"


def test_the_licence_is_a_decision_on_its_day(found):
    (decision,) = found[0].decisions
    assert (decision.status, decision.date, decision.regimen) == ("approved", "2020-03-02", ("examplumab-abcd",))
    assert decision.application == "799001"


def test_a_biosimilar_that_was_given_back(found):
    approved, revoked = found[1].decisions
    assert (approved.approval_type, approved.date) == ("biosimilar", "2023-06-01")
    assert (revoked.status, revoked.withdrawal_of, revoked.initiated_by, revoked.date) == ("withdrawn", "product", "applicant", None)


def test_a_row_that_cannot_be_read_is_rejected_with_its_place(found):
    assert isinstance(found[2], Rejected)
    assert (found[2].where, found[2].reason) == ("purplebook.csv#row=12", "'sometime' is no date")


def test_a_file_without_its_columns_is_refused(tmp_path):
    (tmp_path / "x.csv").write_text("BLA Number\n1\n")
    with pytest.raises(SourceError, match=r"x\.csv: no line of column names"):
        list(purplebook.read(tmp_path / "x.csv"))


def test_the_real_file_is_read_whole(shared):
    path = shared / "data" / "fda" / "purplebook_2025-04.csv"
    if not path.exists():
        pytest.skip("the shared registry files are not here")
    records = list(sources.read(path, "purplebook"))
    assert len(records) == 796  # applications of its 2,083 rows
    assert not [one for one in records if isinstance(one, Rejected)]
    (sarclisa,) = (one for one in records if one.id == "761113")
    assert [d.date for d in sarclisa.decisions] == ["2020-03-02"]
    assert len(sarclisa.products) == 2
