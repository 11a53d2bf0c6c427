"""An answer in the formats people and programs take: table, json (SPARQL 1.1 results), csv, tsv, md."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from kg_build.errors import UsageError
from kg_build.questions import text_of
from kg_build.store import Answer, plain

FORMATS = ("table", "json", "csv", "tsv", "md")

if TYPE_CHECKING:
    from rich.console import Console

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def format_answer(answer: Answer, form: str, width: int | None = None) -> str:
    """The answer as text; UsageError for an unknown format."""
    if form == "json":
        return _json(answer)
    if form == "csv":
        return _separated(answer, ",")
    if form == "tsv":
        return _separated(answer, "\t")
    if form == "md":
        return _markdown(answer)
    if form == "table":
        return _table(answer, width)
    raise UsageError(f"no format named '{form}'; known: {', '.join(FORMATS)}")


def _cells(answer: Answer) -> list[list[str]]:
    return [[text_of(term) for term in row] for row in answer.rows]


def _json(answer: Answer) -> str:
    bindings = [{c: _term(t) for c, t in zip(answer.columns, row, strict=True) if t is not None} for row in answer.rows]
    return json.dumps({"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}, ensure_ascii=False, indent=1) + "\n"


def _term(term: str) -> dict[str, Any]:
    if term.startswith("<"):
        return {"type": "uri", "value": plain(term)}
    end = term.rfind('"')
    tail = term[end + 1 :]
    extra = {"datatype": tail[3:-1]} if tail.startswith("^^") else {"xml:lang": tail[1:]} if tail.startswith("@") else {}
    return {"type": "literal", "value": plain(term), **extra}


def _separated(answer: Answer, separator: str) -> str:
    """CSV or TSV; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([_inert(cell) for cell in row] for row in _cells(answer))
    return out.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _markdown(answer: Answer) -> str:
    def line(cells: list[str]) -> str:
        safe = (" ".join(c.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for c in cells)
        return f"| {' | '.join(safe)} |\n"

    head = line(list(answer.columns)) + "|" + " --- |" * len(answer.columns) + "\n"
    return head + "".join(line(row) for row in _cells(answer))


def _table(answer: Answer, width: int | None) -> str:
    """Columns for the eye; evidence, being sentences, stands below its row."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=width or 160, highlight=False, markup=False, emoji=False)
    if "evidence" in answer.columns:
        _with_evidence(answer, console)
    else:
        _grid(answer, console)
    evidence = [answer.columns.index(name) for name in ("evidence", "source") if name in answer.columns]
    count = len({tuple(cell for i, cell in enumerate(row) if i not in evidence) for row in answer.rows})
    return out.getvalue() + f"{count} row{'' if count == 1 else 's'}\n"


def _grid(answer: Answer, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, header_style="bold", pad_edge=False)
    for column in answer.columns:
        table.add_column(column, overflow="fold")
    for row in _cells(answer):
        table.add_row(*(Text(printable(cell)) for cell in row))
    console.print(table)


def _with_evidence(answer: Answer, console: Console) -> None:
    from rich.padding import Padding
    from rich.text import Text

    shown = [column for column in answer.columns if column not in {"evidence", "source"}]
    console.print(Text("  ·  ".join(shown), style="dim"))
    last = None
    for row in answer.rows:
        cells = {column: printable(text_of(term)) for column, term in zip(answer.columns, row, strict=True)}
        evidence, source = cells.pop("evidence"), cells.pop("source")
        head = "  ·  ".join(cell for cell in cells.values() if cell)
        if head != last:
            console.print(Text(head, style="bold"))
        last = head
        console.print(Padding(Text(f"“{evidence}”  — {source}" if evidence else "no sentence"), (0, 0, 1, 4)))


def printable(text: str) -> str:
    """Text without what a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
