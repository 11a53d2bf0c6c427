"""FDA's Purple Book: licensed biologics, one record an application (BLA), its presentations as products.

The monthly file holds two sections, what changed and everything, each under its own line of column names; what stands in both is
one. Source: https://purplebooksearch.fda.gov/downloads (public domain).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.facts import Agent, Application, Decision, Document, Evidence, Product, Record, Rejected
from kg_build.sources import sheets
from kg_build.sources.sheets import RowError, dated

NAME = "purplebook"
AUTHORITY, JURISDICTION, LICENSE = "FDA", "United States", "public domain"
DAY = "%B %d, %Y"
EXPECT = (600, 1_500)
"""Applications of a whole file."""
REQUIRED = ("Applicant", "BLA Number", "Proprietary Name", "Proper Name", "BLA Type", "Approval Date", "Submission Type", "Product Number")
READ = (*REQUIRED, "Strength", "Dosage Form", "Route of Administration", "Product Presentation", "Marketing Status", "Licensure")
IGNORED = frozenset(
    (
        "N/R/U", "Ref. Product Proper Name", "Ref. Product Proprietary Name", "Supplement Number", "License Number", "Center",
        "Date of First Licensure", "Exclusivity Expiration Date", "First Interchangeable Exclusivity Exp. Date",
        "Ref. Product Exclusivity Exp. Date", "Orphan Exclusivity Exp. Date",
    )
)  # fmt: skip
"""Columns that no fact is made of: house-keeping and exclusivities."""
KINDS = {"351(k) Biosimilar": "biosimilar", "351(k) Interchangeable": "interchangeable biosimilar"}
REVOKED = {"Voluntarily Revoked": "applicant", "Revoked": "FDA"}
"""Licensure that ended -> who ended it."""

_MONTH = re.compile(r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\s+(\d{4})\b")
_NOTHING = {"", "N/A"}


@dataclass(frozen=True)
class Row:
    """One line: its number in the file and its cells by column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        cell = self.cells.get(column, "")
        return "" if cell in _NOTHING else cell

    def evidence(self, slot: str, column: str) -> Evidence:
        """Evidence that a slot stands in a column of this line."""
        return Evidence(slot=slot, path=f"purplebook#row={self.number}/{column.replace('/', '~1')}")


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are a Purple Book download."""
    text = head[:6_000].decode("utf-8", "replace")
    return "BLA Number,Proprietary Name,Proper Name" in text


def _published(preamble: Iterable[str]) -> str | None:
    """The month that the file's first line names, as YYYY-MM."""
    found = next((match for line in preamble if (match := _MONTH.search(line))), None)
    return datetime.strptime(f"{found[1]} {found[2]}", "%B %Y").strftime("%Y-%m") if found else None


def _rows(path: Path) -> tuple[str | None, list[Row | Rejected]]:
    """The month of the file, and its rows: each presentation once, as the later section has it."""
    header: list[str] = []
    preamble: list[str] = []
    found: dict[tuple[str, ...], Row | Rejected] = {}
    for number, cells in sheets.delimited_rows(path):
        if set(REQUIRED) <= set(cells):
            header = cells
        elif not header:
            preamble.append(cells[0])
        elif any(cells[1:]):
            row = Row(number, dict(zip(header, cells, strict=False)))
            found[tuple(row[c] for c in ("BLA Number", "Product Number", "Strength", "Product Presentation"))] = row
    if not header:
        raise SourceError(f"{path}: no line of column names; expected {', '.join(REQUIRED[:4])}, ...")
    return _published(preamble), list(found.values())


def _product(row: Row, number: str) -> Product:
    return Product(
        id=number,
        brand=row["Proprietary Name"] or None,
        ingredients=(row["Proper Name"].lower(),) if row["Proper Name"] else (),
        form=", ".join(part for part in (row["Dosage Form"], row["Product Presentation"]) if part) or None,
        route=row["Route of Administration"] or None,
        strength=row["Strength"] or None,
        jurisdiction=JURISDICTION,
        application=row["BLA Number"],
        marketing_status="; ".join(part for part in (row["Marketing Status"], row["Licensure"]) if part) or None,
        evidence=(row.evidence("ingredients", "Proper Name"),),
    )


def _products(rows: list[Row]) -> tuple[Product, ...]:
    """Presentations under the number that BLA and product have; repeats of a number get -2, -3."""
    met: dict[str, int] = {}
    found = []
    for row in rows:
        number = f"{row['BLA Number']}-{row['Product Number'] or '000'}"
        met[number] = met.get(number, 0) + 1
        found.append(_product(row, number if met[number] == 1 else f"{number}-{met[number]}"))
    return tuple(found)


def _decisions(rows: list[Row], products: tuple[Product, ...]) -> Iterator[Decision]:
    """The licence, on the day of the earliest original approval; its end, where the file says so. Supplements are presentations."""
    originals = [(day, row) for row in rows if row["Submission Type"] == "Original" and (day := dated(row["Approval Date"], DAY))]
    names = {product.ingredients for product in products}
    base = {
        "regulator": AUTHORITY,
        "jurisdiction": JURISDICTION,
        "regimen": next(iter(names)) if len(names) == 1 else (),
        "product": tuple(product.id for product in products),
        "application": rows[0]["BLA Number"],
        "applicant": rows[0]["Applicant"] or None,
    }
    if originals:
        day, row = min(originals, key=lambda pair: (pair[0], pair[1].number))
        yield Decision(
            **base,  # type: ignore[arg-type]
            decision_kind="marketing",
            status="approved",
            change_type="original",
            approval_type=KINDS.get(row["BLA Type"]),
            date=day,
            evidence=(row.evidence("date", "Approval Date"), row.evidence("regimen", "Proper Name")),
        )
    if all(row["Licensure"] in REVOKED for row in rows):
        yield Decision(
            **base,  # type: ignore[arg-type]
            decision_kind="marketing",
            status="withdrawn",
            withdrawal_of="product",
            initiated_by=REVOKED[rows[0]["Licensure"]],
            change_type="licence revoked",
            evidence=(rows[0].evidence("status", "Licensure"),),
        )


def _agents(rows: list[Row]) -> tuple[Agent, ...]:
    names = dict.fromkeys(row["Proper Name"].lower() for row in rows if row["Proper Name"])
    brands = tuple(dict.fromkeys(row["Proprietary Name"] for row in rows if row["Proprietary Name"]))
    if len(names) != 1:
        return ()
    return (Agent(name=next(iter(names)), brands=brands, evidence=(rows[0].evidence("name", "Proper Name"),)),)


def _record(number: str, rows: list[Row], month: str | None) -> Record:
    first = rows[0]
    products = _products(rows)
    brands = ", ".join(dict.fromkeys(row["Proprietary Name"] or row["Proper Name"] for row in rows))
    return Record(
        source=NAME,
        id=number,
        document=Document(
            title=f"BLA {number}: {brands} ({first['Applicant']})",
            publisher=AUTHORITY,
            license=LICENSE,
            sha256=hashlib.sha256("\n".join("\x1f".join(row.cells.values()) for row in rows).encode()).hexdigest(),
        ),
        known_at=month,
        agents=_agents(rows),
        applications=(
            Application(
                id=number,
                authority=AUTHORITY,
                application_type="BLA",
                applicant=first["Applicant"] or None,
                evidence=(first.evidence("id", "BLA Number"),),
            ),
        ),
        products=products,
        decisions=tuple(_decisions(rows, products)),
        ignored={column: 1 for row in rows for column in row.cells if column not in IGNORED and column not in READ},
    )


def read(path: Path) -> Iterator[Record | Rejected]:
    """The applications of a monthly file, in its order; known since the month that the file names."""
    month, rows = _rows(path)
    by_application: dict[str, list[Row]] = {}
    for row in rows:
        if isinstance(row, Row):
            by_application.setdefault(row["BLA Number"], []).append(row)
    for number, own in by_application.items():
        try:
            if not number:
                raise RowError("no BLA number")
            yield _record(number, own, month)
        except RowError as error:
            digest = hashlib.sha256("\x1f".join(own[0].cells.values()).encode()).hexdigest()
            yield Rejected(source=NAME, where=f"{path.name}#row={own[0].number}", reason=str(error), sha256=digest)
