"""EMA's medicines: three layouts, every status, and what each row says was opined and what was decided. The rows are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from kg_build import questions
from kg_build.build import build
from kg_build.errors import SourceError
from kg_build.facts import Decision, Record, Rejected, doubtful
from kg_build.graph import Graph
from kg_build.sources import ema, recognise

SAMPLE = Path(__file__).parents[1] / "samples" / "ema"
ROWS = json.loads((SAMPLE / "rows.json").read_text())
SPARE = ["Species\n(veterinary)", "Pharmacotherapeutic group\n(human)"]


def workbook(path: Path, rows, layout: int = 0, first: int = 9, real_dates: bool = False) -> Path:
    """The rows as the Agency's download gives them: address above, line breaks in headers, a thousand columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.cell(1, 1, "Content type:")
    slots = [slot for slot, headers in ema.COLUMNS.items() if slot != "opinion" or layout == 0]
    headers = [ema.COLUMNS[slot][min(layout, len(ema.COLUMNS[slot]) - 1)] for slot in slots]
    for column, header in enumerate([*headers, *SPARE], start=1):
        sheet.cell(first, column, header)
    for line, row in enumerate(rows, start=first + 1):
        for column, slot in enumerate(slots, start=1):
            if value := row.get(slot):
                try:
                    sheet.cell(line, column, datetime.strptime(value, "%d/%m/%Y") if real_dates else value)
                except ValueError:
                    sheet.cell(line, column, value)
    sheet.cell(first + len(rows), 1_000, " ")
    book.save(path)
    return path


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> list[Record | Rejected]:
    return list(ema.read(workbook(tmp_path_factory.mktemp("ema") / "medicines.xlsx", ROWS)))


@pytest.fixture(scope="module")
def records(read) -> dict[str, Record]:
    return {str(record.products[0].brand): record for record in read if isinstance(record, Record)}


def acts(record: Record) -> list[tuple[str | None, str, str | None]]:
    """(body, status, date), repeats for further uses left out."""
    return list(dict.fromkeys((d.regulator, d.status, d.date) for d in record.decisions))


@pytest.mark.parametrize("layout", [{}, {"layout": 1}, {"layout": 1, "real_dates": True}, {"first": 1}])
def test_every_layout_of_the_workbook_gives_the_same_decisions(tmp_path, records, layout):
    path = workbook(tmp_path / "renamed.bin", ROWS[:1], **layout)
    assert recognise(path) == "ema"
    (record,) = ema.read(path)
    assert isinstance(record, Record)
    assert [(d.status, d.date, d.regimen, d.condition) for d in record.decisions if d.status == "approved"] == [
        (d.status, d.date, d.regimen, d.condition) for d in records["Mielora"].decisions if d.status == "approved"
    ]


def test_every_row_is_a_record_or_a_rejection(read, records):
    assert len(read) == len(ROWS)
    (rejected,) = [row for row in read if isinstance(row, Rejected)]
    assert (rejected.where, rejected.reason) == ("medicines#row=28", "'sometime in 2008' is no date")
    assert all(not record.ignored for record in records.values())


def test_a_row_gives_every_regimen_and_use_and_the_date_to_the_medicine_alone(records):
    decisions = [d for d in records["Mielora"].decisions if d.status == "approved"]
    assert [(d.date, d.regimen, d.condition, d.prior_lines_min) for d in decisions] == [
        ("2020-05-30", ("isatuximab",), None, None),
        (None, ("isatuximab", "pomalidomide", "dexamethasone"), "multiple myeloma", 2),
        (None, ("isatuximab", "carfilzomib", "dexamethasone"), "multiple myeloma", 1),
    ]
    assert {d.application for d in decisions} == {"EMEA/H/C/009001"}
    assert records["Mielora"].known_at == "2024-08-22"


def test_opinion_and_decision_are_two_acts_of_two_bodies(records):
    assert acts(records["Mielora"]) == [
        ("European Commission", "approved", "2020-05-30"), ("European Commission", "approved", None),
        ("CHMP", "positive-opinion", "2020-03-26"), ("EMA", "designation", None),
    ]  # fmt: skip


def test_what_was_only_applied_for_is_told_of_each_use(records):
    assert [(d.status, d.condition, d.date) for d in records["Solvexa"].decisions] == [
        ("positive-opinion", "small cell lung cancer", "2024-07-25")
    ]
    assert [(d.status, d.condition, d.date) for d in records["Refusa"].decisions] == [
        ("negative-opinion", "acute myeloid leukaemia", "2019-10-17"), ("rejected", "acute myeloid leukaemia", "2020-01-20"),
    ]  # fmt: skip
    assert [(d.status, d.withdrawal_of, d.condition) for d in records["Backoff"].decisions] == [
        ("withdrawn", "application", "acute myeloid leukaemia"), ("withdrawn", "application", "cholangiocarcinoma"),
    ]  # fmt: skip


def test_an_opinion_under_re_examination_is_no_last_word(records):
    opinion, again = records["Doubtia"].decisions
    assert (opinion.status, opinion.regimen, opinion.date) == ("negative-opinion", ("masitinib", "riluzole"), "2024-06-27")
    assert (again.status, again.assertion, again.change_type) == ("under-review", "pending", "re-examination of the opinion")
    assert not any(d.status in {"rejected", "approved"} for d in records["Doubtia"].decisions)


@pytest.mark.parametrize("status", ["Withdrawn", "Lapsed", "Expired", "Revoked", "Not renewed", "Suspended"])
def test_what_was_authorised_and_is_so_no_more(records, status):
    grant, end = records[f"Gone {status}"].decisions
    assert (grant.status, grant.date, grant.condition) == ("approved", "2012-04-03", "breast cancer")
    assert (end.status, end.date, end.withdrawal_of) == ("withdrawn", "2019-05-07", "product")
    assert end.change_type == ema.ENDED[status.lower()]


def test_a_rolling_review_that_ended_early(records):
    assert acts(records["Rollback"]) == [("EMA", "withdrawn", "2021-11-02"), ("EMA", "under-review", "2021-03-05")]


@pytest.mark.parametrize(
    "brand, status, terms",
    [
        ("Condita", "conditional-approval", "conditional marketing authorisation"),
        ("Excepta", "approved", "under exceptional circumstances"),
        ("Simila", "approved", "biosimilar"),
    ],
)
def test_terms_of_an_authorisation(records, brand, status, terms):
    grant = records[brand].decisions[0]
    assert (grant.status, grant.approval_type) == (status, terms)


def test_accelerated_assessment_and_priority(records):
    assert records["Condita"].decisions[0].pathway == "accelerated assessment"
    assert [d.designation for d in records["Condita"].decisions if d.status == "designation"] == ["PRIME"]


def test_a_combination_is_one_regimen_and_lends_no_code(records):
    assert records["Pairia"].decisions[0].regimen == ("pertuzumab", "trastuzumab", "docetaxel")
    assert records["Pairia"].agents == ()
    assert records["Mielora"].agents[0].identifiers == ("atc:L01FC02",)


def test_an_authorisation_beside_a_withdrawn_application_is_doubtful(records):
    assert [doubtful(d) for d in records["Oddia"].decisions if d.status == "approved"] == [True]


def test_entities_and_lost_signs_of_the_export(records):
    use = records["Simila"].decisions[0]
    assert (use.condition, use.setting) == ("breast cancer", "first-line; metastatic")


def test_a_veterinary_medicine_is_kept_without_decisions(records):
    assert records["Canivet"].decisions == ()
    assert records["Canivet"].document.note == "veterinary medicine: no decisions are read"


def test_evidence_of_a_cell_is_its_path_and_the_place_in_it(records):
    use: Decision = records["Mielora"].decisions[1]
    (shown,) = [e for e in use.evidence if e.slot == "condition"]
    assert (shown.path, shown.quote) == ("medicines#row=10/Therapeutic indication", "multiple myeloma")
    assert shown.start is not None and ROWS[0]["indication"][shown.start : shown.end] == "multiple myeloma"


def test_the_site_s_json():
    path = SAMPLE / "site.json"
    assert recognise(path) == "ema"
    first, vaccine = (record for record in ema.read(path) if isinstance(record, Record))
    assert first.id == "human/mielora" and first.known_at == "2026-08-22"
    assert first.decisions[0].regimen == ("isatuximab", "carfilzomib", "dexamethasone")
    assert (first.decisions[0].date, first.decisions[0].evidence[0].path) == ("2020-05-30", "/medicines/0/authorisationDate")
    assert vaccine.products[0].ingredients == ("diphtheria, tetanus and pertussis vaccine",)
    assert vaccine.decisions[0].condition == "diphtheria"


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> Iterator[Graph]:
    folder = tmp_path_factory.mktemp("ema")
    build([workbook(folder / "medicines.xlsx", ROWS)], folder / "kg")
    with Graph(folder / "kg") as opened:
        yield opened


def test_an_opinion_and_the_commission_s_decision_are_two_events_one_after_the_other(graph):
    rows = graph.sparql("""SELECT ?family ?date ?earlier WHERE {
        ?decision kg:reports ?event ; kg:applicationText "EMEA/H/C/009001" ; kg:decisionDate ?date . ?event kg:eventFamily ?family .
        OPTIONAL { ?decision kg:follows/kg:decisionDate ?earlier } } ORDER BY ?date""")
    assert [(row["family"], row["date"], row.get("earlier")) for row in rows] == [
        ("opinion", "2020-03-26", None), ("grant", "2020-05-30", "2020-03-26"),
    ]  # fmt: skip


def test_the_sentence_of_a_cell_is_the_evidence_of_its_use(graph):
    shown = {row["regimenName"]: row["evidence"] for row in graph.ask("approvals", evidence=True, agent="isatuximab")}
    assert shown["carfilzomib + dexamethasone + isatuximab"] == (
        "Mielora is indicated: … in combination with carfilzomib and dexamethasone, for the treatment of adult patients with multiple"
        " myeloma who have received at least one prior therapy."
    )


def test_the_graph_is_sound(graph):
    assert [(check.name, check.found.rows) for check in questions.check(graph.store) if check.found.rows] == []


def test_an_unknown_column_is_counted(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ROWS[:1])
    book = openpyxl.load_workbook(path)
    column = len(ema.COLUMNS) + len(SPARE) + 1
    book.active.cell(9, column, "New column")
    book.active.cell(10, column, "something")
    book.save(path)
    (record,) = ema.read(path)
    assert isinstance(record, Record) and record.ignored == {"New column": 1}


def test_a_damaged_table_is_one_clear_line(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"medicines": {"authorisationDate": 1}}')
    with pytest.raises(SourceError, match=r"a\.json: not EMA's medicines: no list of medicines"):
        list(ema.read(path))


@pytest.mark.parametrize(
    "name, count, human",
    [
        ("EPAR_table_2023-12-05.xlsx", 2_041, 1_759),
        ("medicines_output_medicines_en_2024-08-22.xlsx", 2_433, 2_096),
        ("medicines_authorised_human_2026-08-22.json", 1_563, 1_563),
    ],
)
def test_the_real_tables(shared, monkeypatch, name, count, human):
    monkeypatch.setattr(ema.cells, "decisions", lambda base, *_: (base,))  # what labels say has tests of its own
    rows = list(ema.read(shared / "data" / "ema" / name))
    known = [row for row in rows if isinstance(row, Record)]
    assert len(rows) == len(known) == len({row.id for row in known}) == count
    assert sum(row.document.note is None for row in known) == human
    assert not any(row.ignored for row in known)
