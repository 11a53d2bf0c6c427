"""Rows of spreadsheets and delimited files, each with the number that it has in its file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.sources import archives, texts

Row = tuple[int, list[str]]  # number in the file, from 1; cells as printed, dates as YYYY-MM-DD


class RowError(ValueError):
    """A row or entry that cannot be read; the text says why."""


def dated(printed: str | None, form: str) -> str | None:
    """ISO date of a printed day in a form of `strptime`; None where nothing is printed.

    >>> dated("March 2, 2020", "%B %d, %Y")
    '2020-03-02'

    Errors: RowError for what is no such day.
    """
    if not printed:
        return None
    try:
        return datetime.strptime(printed, form).date().isoformat()
    except ValueError:
        raise RowError(f"'{printed[:40]}' is no date") from None


def workbook_rows(path: Path) -> Iterator[Row]:
    """Rows of the first sheet of an Excel workbook, without empty ones and without the empty cells behind the last filled one.

    Errors: SourceError for a damaged workbook.
    """
    from python_calamine import CalamineError, load_workbook

    archives.archive(path)  # refuses bombs and stray paths
    try:
        with load_workbook(path) as book:
            for number, cells in enumerate(book.get_sheet_by_index(0).to_python(skip_empty_area=False), start=1):
                printed = _trimmed([_printed(cell) for cell in cells])
                if printed:
                    yield number, printed
    except (CalamineError, OSError) as error:
        raise SourceError(f"{path}: damaged workbook ({error})") from None


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _printed(cell: object) -> str:
    """A cell as a person sees it.

    >>> _printed(8.0), _printed(datetime(2023, 10, 30, 1, 0)), _printed(None)
    ('8', '2023-10-30', '')
    """
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def delimited_rows(path: Path, delimiter: str = ",", quoted: bool = True) -> Iterator[Row]:
    """Rows of a CSV or TSV file; `number` is the line that the row begins on. Empty rows are left out.

    Errors: SourceError where the bytes are no text, or a quotation mark is never closed.
    """
    with archives.on_disk(path) as place:
        data = archives.read_bytes(place, 1_000_000_000)
    try:
        text, _ = texts.decode(data)
    except texts.NotTextError as error:
        raise SourceError(f"{path}: {error}") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise SourceError(f"{path}: line {reader.line_num}: {error}") from None
