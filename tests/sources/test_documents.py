"""PDF and Word files: read as the flowing text they print, evidence led back to page and characters."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import docx
import pytest

from kg_build import cli, sources
from kg_build.facts import Evidence, Record, Rejected
from kg_build.sources import article, recognise

SAMPLES = Path(__file__).parents[1] / "samples" / "article"


def read(path: Path) -> Record | Rejected:
    (record,) = sources.read(path, "article")
    return record


def text_of(path: Path) -> Record:
    record = read(path)
    assert isinstance(record, Record), record
    return record


def word_file(path: Path) -> Path:
    document = docx.Document()
    document.add_heading("FDA approves zelotamab for follicular lymphoma", 1)
    document.add_paragraph("The FDA approved zelotamab (Zelotra) on May 2, 2024 for adults with follicular lymphoma.")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip((c for row in table.rows for c in row.cells), ("arm", "ORR", "zelotamab", "63%"), strict=True):
        cell.text = words
    document.add_paragraph("It is given every 3 weeks.")
    document.save(str(path))
    return path


def test_columns_pages_hyphens_and_ligatures_of_a_pdf_are_undone() -> None:
    record = text_of(SAMPLES / "columns.pdf")
    lines = (record.text or "").splitlines()
    assert lines[0] == "Regulator clears zelotamab for refractory follicular lymphoma"
    assert lines[1].startswith(
        "SPRINGFIELD, Feb. 3, 2025 — The U.S. Food and Drug Administration (FDA) on February 3, 2025 approved zelotamab-xyzz"
    )
    assert "median progression-free survival was 23.4 months (95% CI, 19.8–27.1) with zelotamab plus lenalidomide versus 14.2" in lines[2]
    assert "sufficient hydration before the first infusion" in lines[4]
    assert len([line for line in lines if line.startswith("In the ")]) == 10
    assert "Invented Oncology Letter" not in (record.text or "")
    assert "does not exist" not in (record.text or "")
    assert record.document.note == article.PDF_TEXT


def test_columns_told_row_by_row_are_read_column_by_column() -> None:
    assert (text_of(SAMPLES / "rows.pdf").text or "").splitlines() == [
        "A heading across both columns of the page",
        "Left one begins the story of progression and tells more of it in line two, then in line three the tale is told of many patients "
        "in the study, some open-label, until the last line of the left and in the right column it goes on and says that the open-label "
        "trial met its endpoint, with open-label follow-up to the end of the paper that we read here in the fifth line of the right "
        "column.",
    ]


def test_evidence_of_a_pdf_names_its_page_and_quotes_its_text() -> None:
    record = text_of(SAMPLES / "columns.pdf")
    assert [d.regimen for d in record.decisions] == [("zelotamab", "lenalidomide")]
    spans: list[Evidence] = [span for fact in (*record.decisions, *record.trials, *record.results) for span in fact.evidence]
    spans += [span for trial in record.trials for arm in trial.arms for span in arm.evidence]
    assert len(spans) > 10
    assert {span.page for span in spans} <= {1, 2}
    assert all((record.text or "")[span.start : span.end] == span.quote for span in spans)


def test_a_page_begins_where_its_first_word_stands() -> None:
    facts = (article.Fact(evidence=tuple(Evidence(slot="value", start=at, end=at + 1) for at in (0, 9, 10, 25))),)
    assert [span.page for span in article.with_pages(facts, (0, 10, 20))[0].evidence] == [1, 1, 2, 3]
    assert article.with_pages(facts, ()) == facts


def test_a_word_file_is_read_as_paragraphs_and_rows(tmp_path: Path) -> None:
    path = word_file(tmp_path / "news.docx")
    assert recognise(path) == "article"
    record = text_of(path)
    assert (record.text or "").splitlines()[2:] == ["| arm | ORR |", "| zelotamab | 63% |", "It is given every 3 weeks."]
    (decision,) = record.decisions
    assert (decision.regimen, decision.date, decision.condition) == (("zelotamab",), "2024-05-02", "follicular lymphoma")


DAMAGED = {
    "cut.pdf": ((SAMPLES / "columns.pdf").read_bytes()[:3000], "damaged PDF"),
    "shell.pdf": (b"%PDF-1.7\n%\xe2\xe3", "damaged PDF"),
}


@pytest.mark.parametrize("name", sorted(DAMAGED))
def test_a_damaged_file_is_rejected_with_its_reason(tmp_path: Path, name: str) -> None:
    content, reason = DAMAGED[name]
    (tmp_path / name).write_bytes(content)
    rejected = read(tmp_path / name)
    assert isinstance(rejected, Rejected)
    assert reason in rejected.reason


def test_a_damaged_word_file_is_rejected(tmp_path: Path) -> None:
    whole = word_file(tmp_path / "news.docx")
    import zipfile

    with zipfile.ZipFile(whole) as inside, zipfile.ZipFile(tmp_path / "bad.docx", "w") as out:
        for name in inside.namelist():
            out.writestr(name, b"<w:document" if name == "word/document.xml" else inside.read(name))
    rejected = read(tmp_path / "bad.docx")
    assert isinstance(rejected, Rejected)
    assert rejected.reason.startswith("damaged Word file")


@pytest.mark.parametrize(("module", "name"), [("pypdfium2", "columns.pdf"), ("docx", "news.docx")])
def test_without_the_extra_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: str, name: str) -> None:
    path = SAMPLES / name if name.endswith(".pdf") else word_file(tmp_path / name)
    monkeypatch.setitem(sys.modules, module, None)
    rejected = read(path)
    assert isinstance(rejected, Rejected)
    assert "pip install 'kg-build[docs]'" in rejected.reason


def test_a_folder_of_documents_is_one_command_and_a_bad_one_costs_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(40):
        shutil.copy(SAMPLES / "columns.pdf", folder / f"{number:02}.pdf")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["extract", str(folder), "--out", str(tmp_path / "facts")])
    said = capsys.readouterr()
    assert stopped.value.code == 1
    assert len(list((tmp_path / "facts").glob("*.json"))) == 40
    assert len(list((tmp_path / "facts").glob("*.txt"))) == 40
    assert "broken.pdf: damaged PDF" in said.err
    assert "wrote 40 facts files" in said.err


def test_a_scan_is_told_apart(tmp_path: Path) -> None:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument.new()
    document.new_page(300, 400)
    stream = io.BytesIO()
    document.save(stream)
    (tmp_path / "scan.pdf").write_bytes(stream.getvalue())
    rejected = read(tmp_path / "scan.pdf")
    assert isinstance(rejected, Rejected)
    assert "scan" in rejected.reason
