"""DrugBank's open vocabulary: names, synonyms and identifiers, one record a drug.

Source: https://go.drugbank.com/releases/latest#open-data (CC0).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.facts import Agent, Evidence, Record, Rejected
from kg_build.sources import sheets, vocabulary

NAME = "drugbank_vocabulary"
PUBLISHER, LICENSE = "DrugBank", "CC0 1.0"
EXPECT = (10_000, 40_000)
"""Drugs of a whole file."""
IDENTIFIERS = {"DrugBank ID": "drugbank", "UNII": "unii", "CAS": "cas", "Standard InChI Key": "inchikey"}
"""Column -> scheme."""
IGNORED = frozenset({"Accession Numbers"})
"""Numbers that DrugBank used before."""
HEADER = (*IDENTIFIERS, "Accession Numbers", "Common name", "Synonyms")

_HEAD = re.compile(rb"^(?:\xef\xbb\xbf)?DrugBank ID,Accession Numbers,Common name,")
_ID = re.compile(r"DB\d{5}")


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are the vocabulary."""
    return bool(_HEAD.match(head))


def _agent(cells: dict[str, str], number: int) -> Agent:
    name = cells["Common name"]
    return Agent(
        name=name,
        other_names=vocabulary.distinct(cells["Synonyms"].split(" | "), name),
        identifiers=tuple(f"{scheme}:{cells[column]}" for column, scheme in IDENTIFIERS.items() if cells[column]),
        evidence=(Evidence(slot="name", path=f"{NAME}#row={number}/Common name"),),
    )


def read(path: Path) -> Iterator[Record | Rejected]:
    """The drugs of the table, in its order; it names no date."""
    rows = sheets.delimited_rows(path)
    _, header = next(rows, (0, []))
    if missing := [column for column in HEADER if column not in header]:
        raise SourceError(f"{path}: no column {missing[0]!r}; found: {', '.join(header)}")
    unread = {column: 1 for column in header if column not in HEADER}
    for number, row in rows:
        cells = dict(zip(header, row, strict=False))
        key = cells["DrugBank ID"]
        if len(row) != len(header) or not _ID.fullmatch(key) or not cells["Common name"]:
            reason = "no DrugBank ID with a common name" if len(row) == len(header) else f"{len(row)} cells instead of {len(header)}"
            digest = hashlib.sha256("\x1f".join(row).encode()).hexdigest()
            yield Rejected(source=NAME, where=f"{path.name}#row={number}", reason=reason, sha256=digest)
            continue
        agent = _agent(cells, number)
        yield vocabulary.record(NAME, key, license=LICENSE, publisher=PUBLISHER, content=row, agent=agent, ignored=unread)
