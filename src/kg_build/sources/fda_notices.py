"""FDA's oncology approval notices as a table: title, first paragraph and date of each, read like any other text.

Source: https://www.fda.gov/drugs/resources-information-approved-drugs/oncology-cancer-hematologic-malignancies-approval-notifications
(public domain).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from kg_build.errors import SourceError
from kg_build.facts import Decision, Evidence, Record, Rejected
from kg_build.sources import article, sheets
from kg_build.sources.texts import NotTextError

NAME = "fda_notices"
PUBLISHER, LICENSE = "FDA", "public domain"
COLUMNS = ("title", "first_paragraph", "date")

_HEADER = re.compile(r"^\ufeff?title\tfirst_paragraph\tdate\b", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\u00a0\u2007\u202f]+")


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are the header of the table."""
    return bool(_HEADER.match(head[:200].decode("utf-8", "replace")))


def _day(printed: str) -> str | None:
    """ISO date of "6/20/2023".

    >>> _day("6/20/2023"), _day("spring")
    ('2023-06-20', None)
    """
    try:
        return datetime.strptime(printed.strip(), "%m/%d/%Y").date().isoformat()
    except ValueError:
        return None


def _announced(decision: Decision, day: str, place: str) -> Decision:
    """The notice's own act, where its paragraph prints no day, was announced on the day of its row."""
    if decision.date or decision.announced or decision.salience != "headline":
        return decision
    return replace(decision, announced=day, evidence=(*decision.evidence, Evidence(slot="announced", path=place)))


def _record(title: str, paragraph: str, day: str | None, number: int) -> Record:
    head = {"Title": title, "Published": day, "Publisher": PUBLISHER, "License": LICENSE}
    text = "".join(f"{key}: {value}\n" for key, value in head.items() if value) + f"\n{paragraph}\n"
    found = article.read_text(text)
    place = f"notices#row={number}/date"
    decisions = tuple(_announced(one, day, place) if day else one for one in found.decisions)
    return replace(found, source=NAME, decisions=decisions)


def read(path: Path) -> Iterator[Record | Rejected]:
    """One record a notice; its date is when it became known. A row without a title, paragraph or readable date is rejected."""
    rows = sheets.delimited_rows(path, "\t", quoted=False)
    header = [cell.lower() for cell in next(rows, (0, []))[1]]
    if not set(COLUMNS) <= set(header):
        raise SourceError(f"{path}: not the table of notices; its columns must be {', '.join(COLUMNS)}")
    for number, printed in rows:
        cells = {name: _BLANKS.sub(" ", cell).strip() for name, cell in zip(header, printed, strict=False)}
        title, paragraph, date = (cells.get(name, "") for name in COLUMNS)
        reason = "no title or paragraph" if not (title and paragraph) else f"'{date}' is no date" if date and not _day(date) else ""
        try:
            if not reason:
                yield _record(title, paragraph, _day(date), number)
                continue
        except NotTextError as error:
            reason = str(error)
        yield Rejected(source=NAME, where=f"{path.name}#row={number}", reason=reason, sha256=_digest(printed))


def _digest(cells: list[str]) -> str:
    return hashlib.sha256("\t".join(cells).encode()).hexdigest()
