"""Rows of workbooks and delimited files, with the number that each has in its file."""

from __future__ import annotations

import datetime

import openpyxl
import pytest

from kg_build.errors import SourceError
from kg_build.sources import Found, discover, sheets


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_rows_of_a_workbook_are_as_printed_and_numbered(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["Name", "Day", "No."], [], ["Exa", datetime.date(2021, 7, 16), 8.0, None, None]])
    assert list(sheets.workbook_rows(path)) == [(1, ["Name", "Day", "No."]), (3, ["Exa", "2021-07-16", "8"])]


def test_a_workbook_of_no_source_is_named(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["Anything"]])
    (tmp_path / "text.txt").write_text("The agency approved the medicine for adults.")
    assert Found(path, reason="a workbook of no known source; save as text") in list(discover([tmp_path]))


def test_rows_of_a_file_begin_at_their_line_though_cells_hold_line_breaks(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes('\ufeffName,Use\r\n"Exa\nTablets","for ""all"""\r\n,\r\nNext,x\r\n'.encode())
    assert list(sheets.delimited_rows(path)) == [(1, ["Name", "Use"]), (2, ["Exa\nTablets", 'for "all"']), (5, ["Next", "x"])]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_bytes(b"a\tb\n\0\1\2\n")
    with pytest.raises(SourceError, match=r"a\.tsv: holds NUL"):
        list(sheets.delimited_rows(path, "\t"))
