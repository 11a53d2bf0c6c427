"""The table of FDA notices: each row a text to read, with its day."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg_build import sources
from kg_build.errors import SourceError
from kg_build.facts import Rejected
from kg_build.sources import fda_notices

SAMPLE = Path(__file__).parents[1] / "samples" / "fda_notices" / "notices.tsv"


@pytest.fixture(scope="module")
def found():
    return list(sources.read(SAMPLE, "fda_notices"))


def test_a_row_is_a_text_with_its_own_day(found):
    first = found[0]
    assert sources.recognise(SAMPLE) == "fda_notices"
    assert (first.source, first.known_at, first.document.publisher) == ("fda_notices", "2021-04-01", "FDA")
    decision = first.decisions[0]
    assert (decision.status, decision.date, decision.announced) == ("approved", "2021-03-31", None)
    assert set(decision.regimen) == {"examplumab", "carfilzomib", "dexamethasone"}
    assert all(first.text[e.start : e.end] == e.quote for e in decision.evidence if e.start is not None)


def test_where_the_paragraph_prints_no_day_the_act_was_announced_on_the_row_s(found):
    decision = found[1].decisions[0]
    assert (decision.status, decision.date, decision.announced) == ("accelerated-approval", None, "2020-03-02")
    assert [e.path for e in decision.evidence if e.slot == "announced"] == ["notices#row=3/date"]


def test_a_row_whose_day_is_none_is_rejected_with_its_place(found):
    assert isinstance(found[2], Rejected)
    assert (found[2].where, found[2].reason) == ("notices.tsv#row=4", "'spring' is no date")


def test_a_table_without_its_columns_is_refused(tmp_path):
    (tmp_path / "x.tsv").write_text("title\tdate\nA\t1/1/2020\n")
    with pytest.raises(SourceError, match="its columns must be title, first_paragraph, date"):
        list(fda_notices.read(tmp_path / "x.tsv"))


def test_the_real_table_is_read_whole(shared):
    path = shared / "data" / "fda" / "oncology_approval_notices_2020-2023H1.tsv"
    if not path.exists():
        pytest.skip("the shared registry files are not here")
    records = list(sources.read(path, "fda_notices"))
    assert len(records) == 180
    assert not [one for one in records if isinstance(one, Rejected)]
    assert sum(bool(one.decisions) for one in records) >= 170
