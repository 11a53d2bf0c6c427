"""openFDA: applications under Drugs@FDA's numbers, labels as one decision a use, codes only of single substances."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg_build import sources
from kg_build.errors import SourceError
from kg_build.facts import Rejected
from kg_build.sources import openfda

SAMPLES = Path(__file__).parents[1] / "samples" / "openfda"


@pytest.fixture(scope="module")
def applications():
    return list(sources.read(SAMPLES / "drugsfda.json", "openfda"))


@pytest.fixture(scope="module")
def labels():
    return list(sources.read(SAMPLES / "label.json", "openfda"))


@pytest.mark.parametrize("name", ["drugsfda.json", "label.json"])
def test_answers_are_recognised(name):
    assert sources.recognise(SAMPLES / name) == "openfda"


def test_an_application_has_the_numbers_of_drugs_at_fda(applications):
    record = applications[0]
    assert (record.id, record.known_at) == ("799001", "2021-05-01")
    assert [(a.id, a.application_type) for a in record.applications] == [("799001", "BLA")]
    assert [p.id for p in record.products] == ["799001-001"]
    assert [(d.submission, d.date, d.change_type) for d in record.decisions] == [
        ("ORIG-1", "2020-03-02", "original"),
        ("SUPPL-5", "2021-03-31", "efficacy supplement"),
    ]


def test_a_field_that_nobody_knows_is_counted_and_a_known_one_is_not(applications):
    assert applications[0].ignored == {"submissions/surprise": 1}


def test_short_numbers_are_padded(applications):
    assert isinstance(applications[1], Rejected) is True
    assert "is no application number" in applications[1].reason
    assert openfda.number_of("ANDA76543") == ("076543", "ANDA")


def test_a_label_is_one_decision_a_use_with_its_place(labels):
    record = labels[0]
    told = [(d.regimen[1:], d.condition, d.prior_lines_min, d.date, d.application) for d in record.decisions]
    assert told == [
        (("pomalidomide", "dexamethasone"), "multiple myeloma", 2, None, "799001"),
        (("carfilzomib", "dexamethasone"), "multiple myeloma", 1, None, "799001"),
    ]
    spans = [e for d in record.decisions for e in d.evidence if e.start is not None]
    assert spans
    assert {e.path for e in spans} == {"/results/0/indications_and_usage/0"}
    assert (record.id, record.known_at) == ("11111111-2222-3333-4444-555555555555", "2024-06-15")


def test_a_combination_lends_its_codes_to_nobody(labels):
    assert labels[0].agents[0].identifiers == ("unii:AAAAAAAAA1",)
    assert labels[1].agents == ()


def test_what_is_no_answer_is_refused(tmp_path):
    (tmp_path / "x.json").write_text('{"meta": {}, "results": [')
    with pytest.raises(SourceError, match=r"x\.json: not an openFDA answer"):
        list(openfda.read(tmp_path / "x.json"))


def test_recorded_answers_are_read_whole(shared):
    folder = shared / "data" / "openfda"
    if not folder.exists():
        pytest.skip("the shared registry files are not here")
    found = [record for path in sorted(folder.glob("*.json")) for record in sources.read(path, "openfda")]
    assert [getattr(record, "id", record) for record in found][:2] == ["021588", "021588"]
    assert len(found) == 4
