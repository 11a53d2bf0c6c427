"""Drugs@FDA: the FDA's table of approved drugs, as the zip it publishes or a folder of the same files.

One record an application (NDA, ANDA, BLA): its products, every submission, and a decision for each original approval and each
efficacy supplement. Every row of the four files read is accounted for: it stands in a record or comes out as `Rejected`.
The table names no indication, so no decision does. Applications without an original submission in the table get none.
Licence: public domain (a work of the US government).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from kg_build.errors import SourceError
from kg_build.facts import Application, Decision, Document, Evidence, Product, Record, Rejected, Status, Submission
from kg_build.sources.archives import Files
from kg_build.sources.sheets import RowError

NAME = "drugsfda"
AUTHORITY = "FDA"
JURISDICTION = "United States"
LICENSE = "public domain"

COLUMNS = {
    "Applications.txt": ("ApplNo", "ApplType", "SponsorName"),
    "Products.txt": ("ApplNo", "ProductNo", "Form", "Strength", "DrugName", "ActiveIngredient"),
    "Submissions.txt": (
        "ApplNo", "SubmissionClassCodeID", "SubmissionType", "SubmissionNo", "SubmissionStatus", "SubmissionStatusDate", "ReviewPriority",
    ),
    "MarketingStatus.txt": ("ApplNo", "ProductNo", "MarketingStatusID"),
    "MarketingStatus_Lookup.txt": ("MarketingStatusID", "MarketingStatusDescription"),
    "SubmissionClass_Lookup.txt": ("SubmissionClassCodeID", "SubmissionClassCode", "SubmissionClassCodeDescription"),
}  # fmt: skip
"""The files read, and the columns each must have."""

REQUIRED = ("Applications.txt", "Products.txt", "Submissions.txt")
"""The files that tell a zip or folder to be Drugs@FDA."""

IGNORED = {
    "Applications.txt": ("ApplPublicNotes",),
    "Products.txt": ("ReferenceDrug", "ReferenceStandard"),
    "Submissions.txt": ("SubmissionsPublicNotes",),
}
"""Columns that are counted and not read."""

IGNORED_FILES = ("ApplicationDocs.txt", "SubmissionPropertyType.txt", "TE.txt")
"""Files whose rows are counted per application and not read; the lookups that belong to them are not opened."""

FILES = frozenset(
    {*COLUMNS, *IGNORED_FILES, "ActionTypes_Lookup.txt", "ApplicationsDocsType_Lookup.txt", "Join_Submission_ActionTypes_Lookup.txt"}
)
"""All files of the set, read or not."""

STATUS: dict[str, Status] = {"AP": "approved", "TA": "tentative-approval"}

CHANGE = {
    "EFFICACY": "efficacy supplement",
    "TYPE 6": "new indication",
    "TYPE 9": "new indication",
    "TYPE 9- BLA": "new indication",
    "TYPE 10": "new indication",
}
"""Submission class -> what the table itself says changed; an original of any other class is "original"."""

PLACEHOLDER_DATE = "1900-01-01"
"""Printed where the date is not known: decades before the first application."""

_EMPTY = {"", "Null"}
_NOTE = re.compile(r"\s*\*{1,3}\s*(?:Federal Register|See current).*$")
_HEADER = re.compile(r"^\ufeff?ApplNo\tApplType\t")

Cells = dict[str, str]
F = TypeVar("F", Product, Submission)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One line of one table."""

    file: str
    line: int
    raw: str
    cells: Cells

    @property
    def place(self) -> str:
        """Where it stands: `Submissions.txt#L123`."""
        return f"{self.file}#L{self.line}"

    def evidence(self, slot: str) -> Evidence:
        """Evidence that one slot stands in this line."""
        return Evidence(slot=slot, path=self.place)


# ---- recognition -----------------------------------------------------------------------------------------------------------------


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are the table of applications; a zip or folder of the tables is asked by `holds_tables`."""
    return bool(_HEADER.match(head[:200].decode("latin-1")))


def holds_tables(names: Iterable[str]) -> bool:
    """Whether these entry names of a zip or folder are the tables.

    >>> holds_tables(["Applications.txt", "Products.txt", "Submissions.txt", "TE.txt"])
    True
    """
    return set(REQUIRED) <= {name.rsplit("/", 1)[-1] for name in names}


# ---- rows ------------------------------------------------------------------------------------------------------------------------


def _decode(data: bytes) -> str:
    """The files are cp1252; the five bytes it leaves undefined fall back to latin-1."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _clean(cell: str) -> str:
    """A cell without padding; "Null" is empty, doubled quotation marks are an artefact of the export."""
    cell = cell.strip()
    return "" if cell in _EMPTY else cell.replace('""', '"')


def _rows(files: Files, name: str) -> Iterator[Row | Rejected]:
    lines = enumerate(files.lines(name), start=1)
    header = [_clean(cell) for cell in _decode(next(lines, (1, b""))[1]).removeprefix("\ufeff").rstrip("\r\n").split("\t")]
    missing = [column for column in COLUMNS[name] if column not in header]
    if missing:
        raise SourceError(f"{files.path}: {name} has no column '{missing[0]}'; its header reads {', '.join(header)[:120]}")
    for number, data in lines:
        raw = _decode(data).rstrip("\r\n")
        if not raw.strip():
            continue
        cells = [_clean(cell) for cell in raw.split("\t")]
        row = Row(name, number, raw, dict(zip(header, cells, strict=False)))
        if len(cells) < len(header) or any(cells[len(header) :]):
            yield _reject(row, f"{len(cells)} cells where the header has {len(header)}")
        elif not row.cells.get("ApplNo", "x"):
            yield _reject(row, "no application number")
        else:
            yield row


def _reject(row: Row, reason: str) -> Rejected:
    return Rejected(source=NAME, where=row.place, reason=reason, sha256=hashlib.sha256(row.raw.encode()).hexdigest())


def _lookup(files: Files, name: str) -> dict[str, str]:
    """Id -> code (or description) of a lookup file; an id that it does not list stays as printed."""
    key, value = COLUMNS[name][:2]
    return {row.cells[key]: row.cells[value] for row in _rows(files, name) if isinstance(row, Row) and row.cells[value]}


@dataclass
class _Tables:
    """All rows, by application, and what is counted without being read."""

    rows: dict[str, dict[str, list[Row]]]
    rejected: list[Rejected]
    classes: dict[str, str]
    marketing: dict[str, str]
    ignored: dict[str, Counter[str]]


def _load(files: Files) -> _Tables:
    tables = _Tables({}, [], _lookup(files, "SubmissionClass_Lookup.txt"), _lookup(files, "MarketingStatus_Lookup.txt"), {})
    for name in (*REQUIRED, "MarketingStatus.txt"):
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in _rows(files, name):
            if isinstance(row, Row):
                grouped[row.cells["ApplNo"]].append(row)
            else:
                tables.rejected.append(row)
        tables.rows[name] = grouped
    for name in IGNORED_FILES:
        if name in files:
            tables.ignored[name] = _count(files, name)
    return tables


def _count(files: Files, name: str) -> Counter[str]:
    """Rows of an ignored file by application."""
    lines = iter(files.lines(name))
    header = _decode(next(lines, b"")).rstrip("\r\n").split("\t")
    if "ApplNo" not in header:
        return Counter()
    column = header.index("ApplNo")
    return Counter(cells[column].decode("latin-1").strip() for cells in (line.split(b"\t") for line in lines) if len(cells) > column)


# ---- cells -> facts --------------------------------------------------------------------------------------------------------------


def _day(printed: str) -> str | None:
    """ISO date of a "2015-11-16 00:00:00" cell; None where the table gives none."""
    if not printed or printed.startswith(PLACEHOLDER_DATE):
        return None
    try:
        return date.fromisoformat(printed[:10]).isoformat()
    except ValueError:
        raise RowError(f"'{printed}' is no date") from None


def _ingredients(printed: str) -> tuple[str, ...]:
    """Ingredients as agents are named here, lower case; semicolons inside brackets do not split.

    >>> _ingredients("TRASTUZUMAB;HYALURONIDASE-OYSK")
    ('trastuzumab', 'hyaluronidase-oysk')
    """
    parts = re.split(r";(?![^(]*\))", printed)
    return tuple(dict.fromkeys(part.strip().lower() for part in parts if part.strip()))


def _form_and_route(printed: str) -> tuple[str | None, str | None]:
    """Dosage form and route; a cell with several semicolons cannot be told apart and stays a form.

    >>> _form_and_route("TABLET, FILM COATED;ORAL")
    ('TABLET, FILM COATED', 'ORAL')
    """
    form, _, route = printed.partition(";")
    if printed.count(";") > 1 or not printed or printed == "UNKNOWN":
        return (printed if ";" in printed else None), None
    return form.strip() or None, route.strip() or None


def _product(row: Row, statuses: list[Row], lookup: dict[str, str]) -> Product:
    cells = row.cells
    if not cells["ProductNo"]:
        raise RowError("no product number")
    form, route = _form_and_route(cells["Form"])
    return Product(
        id=f"{cells['ApplNo']}-{cells['ProductNo']}",
        brand=cells["DrugName"] or None,
        ingredients=_ingredients(cells["ActiveIngredient"]),
        form=form,
        route=route,
        strength=_NOTE.sub("", cells["Strength"]) or None,
        jurisdiction=JURISDICTION,
        application=cells["ApplNo"],
        # a product may be sold both on prescription and over the counter: both rows are true
        marketing_status="; ".join(lookup.get(s.cells["MarketingStatusID"], s.cells["MarketingStatusID"]) for s in statuses) or None,
        evidence=(row.evidence("ingredients"), *(status.evidence("marketing_status") for status in statuses)),
    )


def _submission(row: Row, classes: dict[str, str]) -> Submission:
    cells = row.cells
    if not cells["SubmissionType"] or not cells["SubmissionNo"]:
        raise RowError("no submission type or number")
    code = cells["SubmissionClassCodeID"]
    return Submission(
        id=f"{cells['SubmissionType']}-{cells['SubmissionNo']}",
        application=cells["ApplNo"],
        submission_type=cells["SubmissionType"],
        submission_number=cells["SubmissionNo"],
        submission_class=classes.get(code, code) or None,
        submission_status=STATUS.get(cells["SubmissionStatus"], cells["SubmissionStatus"]) or None,
        date=_day(cells["SubmissionStatusDate"]),
        review_priority=cells["ReviewPriority"] or None,
        evidence=(row.evidence("submission_status"),),
    )


def _common_regimen(products: Iterable[Product]) -> tuple[str, ...]:
    """The ingredients when all products share them, else none: a kit of different products is no regimen."""
    sets = {frozenset(product.ingredients): product.ingredients for product in products}
    return next(iter(sets.values())) if len(sets) == 1 else ()


def decision_of(submission: Submission, products: tuple[Product, ...], applicant: str | None) -> Decision | None:
    """The decision that a submission is: originals and efficacy supplements only, the rest is manufacture and labelling."""
    status = next((value for value in STATUS.values() if value == submission.submission_status), None)
    original = submission.submission_type == "ORIG"
    if status is None or not (original or submission.submission_class == "EFFICACY"):
        return None
    change = CHANGE.get(submission.submission_class or "", "original")
    regimen = _common_regimen(products)
    named = (Evidence(slot="regimen", path=products[0].evidence[0].path),) if regimen else ()
    return Decision(
        regulator=AUTHORITY,
        jurisdiction=JURISDICTION,
        decision_kind="marketing",
        status=status,
        change_type="original" if original and change == "efficacy supplement" else change,
        date=submission.date,
        regimen=regimen,
        product=tuple(product.id for product in products),
        application=submission.application,
        submission=submission.id,
        applicant=applicant,
        evidence=(Evidence(slot="status", path=submission.evidence[0].path), *named),
    )


# ---- records ---------------------------------------------------------------------------------------------------------------------


def _unique(rows: Iterable[Row], build: Callable[[Row], F], rejected: list[Rejected]) -> dict[Row, F]:
    """Facts of rows, each number once; rows that cannot be read and repeated numbers are rejected."""
    found: dict[str, tuple[Row, F]] = {}
    for row in rows:
        try:
            fact = build(row)
        except RowError as error:
            rejected.append(_reject(row, str(error)))
            continue
        if fact.id in found:
            rejected.append(_reject(row, f"{fact.id} stands already in {found[fact.id][0].place}"))
        else:
            found[fact.id] = (row, fact)
    return dict(found.values())


def _title(application: Application, products: tuple[Product, ...]) -> str:
    """A label people know it by: "BLA 761036: DARZALEX (JANSSEN BIOTECH)"."""
    brands = ", ".join(dict.fromkeys(product.brand for product in products if product.brand))
    number = f"{application.application_type or 'application'} {application.id}"
    return number + (f": {brands}" if brands else "") + (f" ({application.applicant})" if application.applicant else "")


def _ignored(tables: _Tables, number: str, rows: list[Row]) -> dict[str, int]:
    """What this application's rows hold beyond what is read, with counts."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(f"{row.file}/{column}" for column in IGNORED.get(row.file, ()) if row.cells.get(column))
        counts[f"{row.file}/Strength note"] += bool(_NOTE.search(row.cells.get("Strength", "")))
        counts[f"{row.file}/placeholder date"] += row.cells.get("SubmissionStatusDate", "").startswith(PLACEHOLDER_DATE)
    counts.update({name: applications[number] for name, applications in tables.ignored.items()})
    return {name: count for name, count in sorted(counts.items()) if count}


def _record(tables: _Tables, row: Row, rejected: list[Rejected]) -> Record:
    number = row.cells["ApplNo"]
    own = {name: rows.pop(number, []) for name, rows in tables.rows.items() if name != "Applications.txt"}
    statuses: dict[str, list[Row]] = defaultdict(list)
    for status in own["MarketingStatus.txt"]:
        statuses[status.cells["ProductNo"]].append(status)
    product_rows = _unique(own["Products.txt"], lambda r: _product(r, statuses[r.cells["ProductNo"]], tables.marketing), rejected)
    submission_rows = _unique(own["Submissions.txt"], lambda r: _submission(r, tables.classes), rejected)
    sold = [status for product in product_rows for status in statuses.pop(product.cells["ProductNo"])]
    rejected += [_reject(r, f"no product {number}-{key} in Products.txt") for key, left in statuses.items() for r in left]
    application = Application(
        id=number,
        authority=AUTHORITY,
        application_type=row.cells["ApplType"] or None,
        applicant=row.cells["SponsorName"] or None,
        evidence=(row.evidence("id"),),
    )
    products, submissions = tuple(product_rows.values()), tuple(submission_rows.values())
    decisions = (decision_of(submission, products, application.applicant) for submission in submissions)
    read = [row, *product_rows, *submission_rows, *sold]
    return Record(
        source=NAME,
        id=number,
        document=Document(title=_title(application, products), publisher=AUTHORITY, license=LICENSE, sha256=_digest(read)),
        known_at=max((submission.date for submission in submissions if submission.date), default=None),
        applications=(application,),
        products=products,
        submissions=submissions,
        decisions=tuple(decision for decision in decisions if decision),
        ignored=_ignored(tables, number, read),
    )


def _digest(rows: Iterable[Row]) -> str:
    return hashlib.sha256("\n".join(row.raw for row in rows).encode()).hexdigest()


def read(path: Path) -> Iterator[Record | Rejected]:
    """The applications of a Drugs@FDA zip or folder, in the table's order, then the rows that belong to none of them.

    `known_at` is the date of an application's latest submission: the newest thing the table itself says of it.
    """
    with Files(path) as files:
        absent = [name for name in COLUMNS if name not in files]
        if absent:
            raise SourceError(f"{path}: not Drugs@FDA, {absent[0]} is missing; give the zip or the folder with all its files")
        tables = _load(files)
    yield from tables.rejected
    for rows in tables.rows["Applications.txt"].values():
        rejected = [_reject(row, f"application {row.cells['ApplNo']} stands already in {rows[0].place}") for row in rows[1:]]
        yield _record(tables, rows[0], rejected)
        yield from rejected
    for name in (*REQUIRED[1:], "MarketingStatus.txt"):
        for number, rows in tables.rows[name].items():
            yield from (_reject(row, f"no application {number} in Applications.txt") for row in rows)
