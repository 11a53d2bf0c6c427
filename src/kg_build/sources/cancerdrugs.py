"""CancerDrugs_DB of the Anticancer Fund: names and identifiers of anticancer drugs, one record a drug.

Its cells hold HTML anchors, and single records are broken over several lines. Its targets come from an association search (proteins
mentioned beside the drug) and say nothing of how it acts: they are never used.
Source: https://www.anticancerfund.org/cancer-drugs (CC BY 4.0).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.facts import Agent, Evidence, Record, Rejected
from kg_build.sources import archives, texts, vocabulary

NAME = "cancerdrugs"
PUBLISHER, LICENSE = "Anticancer Fund", "CC BY 4.0"
EXPECT = (200, 600)
"""Drugs of a whole file."""
IDENTIFIERS = {"DrugBank ID": "drugbank", "ChEMBL": "chembl", "ATC": "atc"}
"""Column -> scheme."""
IGNORED = frozenset({"EMA", "FDA", "EN", "Other", "WHO", "Year", "Generic", "Indications", "Targets"})
"""Flags and a year without the approvals behind them, indications without who approved them, and the associations."""
HEADER = ("Product", *IDENTIFIERS, "Last Update")

_VALUE = {"drugbank": re.compile(r"DB\d{5}"), "chembl": re.compile(r"CHEMBL\d+"), "atc": re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d")}
"""Cells also say in words that there is no identifier."""
_TAG = re.compile(r"<[^>]*>")
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}")
_MOST = 100_000_000


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are the table."""
    return head.startswith(b"Product\tEMA\tFDA\t")


def _rows(text: str, width: int) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each record, put together again where it is broken: it ends with the line that prints its last update."""
    begun, parts = 0, ""
    for number, line in enumerate(text.splitlines()[1:], start=2):
        begun = begun if parts else number
        parts += line
        cells = parts.split("\t")
        if len(cells) >= width and _DAY.search(cells[width - 1]):
            yield begun, cells
            parts = ""
    if parts.strip():
        yield begun, parts.split("\t")


def _values(cell: str) -> list[str]:
    """The values of a cell without their anchors.

    >>> _values('<a href="https://go.drugbank.com/drugs/DB1">DB1</a>; <a href="x">DB2</a>')
    ['DB1', 'DB2']
    """
    return [value for part in re.split(r"[;,|]", unescape(_TAG.sub("", cell))) if (value := part.strip())]


def _day(printed: str) -> str:
    found = _DAY.search(printed)
    if found is None:
        raise ValueError("the record breaks off before its last update")
    form = "%Y-%m-%d" if "-" in found[0] else "%d/%m/%Y"
    return datetime.strptime(found[0], form).date().isoformat()


def _record(header: list[str], row: list[str], line: int) -> Record:
    cells = dict(zip(header, row, strict=False))
    day = _day(cells.get("Last Update", ""))
    name = " ".join(cells["Product"].split())
    if not name:
        raise ValueError("no name")
    agent = Agent(
        name=name,
        identifiers=tuple(
            f"{scheme}:{value}"
            for column, scheme in IDENTIFIERS.items()
            for value in _values(cells[column])
            if _VALUE[scheme].fullmatch(value)
        ),
        evidence=(Evidence(slot="name", path=f"{NAME}#L{line}/Product"),),
    )
    unread = {column: 1 for column in header if column and column not in HEADER and column not in IGNORED}
    return vocabulary.record(NAME, name, license=LICENSE, publisher=PUBLISHER, content=row, agent=agent, known_at=day, ignored=unread)


def read(path: Path) -> Iterator[Record | Rejected]:
    """The drugs of the table, in its order; each known since its last update."""
    try:
        text, _ = texts.decode(archives.read_bytes(path, _MOST))
    except texts.NotTextError as error:
        raise SourceError(f"{path}: {error}") from None
    header = [cell.strip() for cell in text.partition("\n")[0].rstrip("\r").split("\t")]
    if missing := [column for column in HEADER if column not in header]:
        raise SourceError(f"{path}: no column {missing[0]!r}; found: {', '.join(header)}")
    for line, row in _rows(text, header.index("Last Update") + 1):
        try:
            yield _record(header, row, line)
        except ValueError as error:
            digest = hashlib.sha256("\t".join(row).encode()).hexdigest()
            yield Rejected(source=NAME, where=f"{path.name}#L{line}", reason=str(error), sha256=digest)
