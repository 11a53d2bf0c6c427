"""Health Canada's Drug Product Database: one record a product (DIN), its ingredients, forms, codes and the history of its status.

The extract is a set of files without column names; those of products that are not marketed have a suffix (drug_ia.txt, drug_ap.txt,
drug_dr.txt). Source: https://www.canada.ca/en/health-canada/services/drugs-health-products/drug-products/drug-product-database
(Open Government Licence - Canada).
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.facts import Agent, Decision, Document, Evidence, Product, Record, Rejected
from kg_build.sources.archives import Files
from kg_build.sources.sheets import RowError, dated

NAME = "health_canada"
AUTHORITY, JURISDICTION = "Health Canada", "Canada"
LICENSE = "Open Government Licence - Canada"
DAY = "%d-%b-%Y"
EXPECT = (5_000, 60_000)
"""Products of a whole extract."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "drug": ("code", "category", "class", "din", "brand", "descriptor", "pediatric", "accession", "ingredients", "updated", "group"),
    "ingred": ("code", "ingredient code", "ingredient", "supplied", "strength", "unit", "type", "dose", "base", "dose unit", "notes"),
    "comp": ("code", "manufacturer", "company code", "company", "role"),
    "form": ("code", "form code", "form"),
    "route": ("code", "route code", "route"),
    "status": ("code", "current", "status", "date"),
    "ther": ("code", "atc", "meaning"),
    "biosimilar": ("code", "kind"),
}
"""File -> its first columns; what stands behind them is French, or house-keeping."""
REQUIRED = ("drug", "ingred", "comp", "status")
IGNORED_FILES = ("package", "pharm", "schedule", "vet", "inactive")
"""Files that no fact is made of."""
SUFFIXES = ("", "_ia", "_ap", "_dr")
FILES = frozenset(f"{name}{suffix}.txt" for name in (*COLUMNS, *IGNORED_FILES) for suffix in SUFFIXES)

ENDED = {
    "CANCELLED POST MARKET": "cancelled after marketing",
    "CANCELLED PRE MARKET": "cancelled before marketing",
    "CANCELLED (SAFETY ISSUE)": "cancelled for safety",
    "CANCELLED (UNRETURNED ANNUAL)": "cancelled, annual notification not returned",
}
"""Status of a product that is approved no more -> how that came."""

_CODE = re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of one file."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def evidence(self, slot: str) -> Evidence:
        """Evidence that a slot stands in this line."""
        return Evidence(slot=slot, path=f"{self.file}#L{self.line}")


Group = dict[str, list[Row]]


def looks_like(head: bytes, name: str) -> bool:
    """Never: no file of the extract is a product by itself; a zip or folder of them is asked by `holds_tables`."""
    return False


def holds_tables(names: Iterable[str]) -> bool:
    """Whether these entry names of a zip or folder are an extract.

    >>> holds_tables(["drug.txt", "ingred.txt", "comp.txt", "status.txt", "form.txt"])
    True
    """
    bare = {name.rsplit("/", 1)[-1] for name in names}
    return any({f"{name}{suffix}.txt" for name in REQUIRED} <= bare for suffix in SUFFIXES)


def _rows(files: Files, name: str, suffix: str) -> Iterator[Row]:
    file = f"{name}{suffix}.txt"
    if file not in files:
        return
    text = b"".join(files.lines(file)).decode("utf-8-sig", "strict")
    reader = csv.reader(io.StringIO(text, newline=""))
    before = 0
    for cells in reader:
        number, before = before + 1, reader.line_num
        if cells and cells[0].strip():
            yield Row(file, number, dict(zip(COLUMNS[name], map(str.strip, cells), strict=False)))


def _substance(printed: str) -> str:
    """An ingredient as it acts: what stands in brackets is the salt that it is given as.

    >>> _substance("NORTRIPTYLINE (NORTRIPTYLINE HYDROCHLORIDE)")
    'nortriptyline'
    """
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", printed).strip()
    return (bare or printed).lower()


def _strength(rows: list[Row]) -> str | None:
    """Strengths of the ingredients, each in its dose: "100 MG / 5 ML"."""
    pairs = ((row[a], row[b]) for row in rows for a, b in (("strength", "unit"), ("dose", "dose unit")))
    doses = [" ".join(part for part in pair if part) for pair in pairs]
    return "; ".join(" / ".join(filter(None, doses[at : at + 2])) for at in range(0, len(doses), 2) if doses[at]) or None


def _joined(rows: list[Row], column: str) -> str | None:
    return "; ".join(dict.fromkeys(row[column] for row in rows if row[column])) or None


def _decisions(din: str, names: tuple[str, ...], company: str | None, own: Group) -> Iterator[Decision]:
    """Approval and end of a product, from the history of its status."""
    kind = "biosimilar" if any(row["kind"].lower().startswith("biosimilar") for row in own["biosimilar"]) else None
    history = sorted(((dated(row["date"], DAY) or "", row) for row in own["status"]), key=lambda pair: pair[0])
    first = next(((day, row) for day, row in history if row["status"] == "APPROVED"), None)
    ended = next(((day, row) for day, row in reversed(history) if row["status"] in ENDED and row["current"] == "Y"), None)
    for found, status in ((first, "approved"), (ended, "withdrawn")):
        if found is not None:
            day, row = found
            yield Decision(
                regulator=AUTHORITY,
                jurisdiction=JURISDICTION,
                decision_kind="marketing",
                status="approved" if status == "approved" else "withdrawn",
                approval_type=kind if status == "approved" else None,
                change_type="original" if status == "approved" else ENDED[row["status"]],
                withdrawal_of=None if status == "approved" else "product",
                date=day or None,
                regimen=names,
                product=(din,),
                applicant=company,
                evidence=(row.evidence("status"), *(one.evidence("regimen") for one in own["ingred"])),
            )


def _record(drug: Row, own: Group) -> Record:
    din = drug["din"]
    if not din:
        raise RowError("no DIN")
    active = [row for row in own["ingred"] if row["ingredient"]]
    names = tuple(dict.fromkeys(_substance(row["ingredient"]) for row in active))
    company = next((row["company"] for row in own["comp"] if row["role"] == "DIN_OWNER"), None) or _joined(own["comp"], "company")
    human = drug["class"] in {"Human", "Radiopharmaceutical"}
    current = next((row for row in own["status"] if row["current"] == "Y"), None)
    printed = (drug["updated"], *(row["date"] for row in own["status"]))
    days = [day for one in printed if (day := dated(one, DAY))]
    codes = tuple(f"atc:{row['atc']}" for row in own["ther"] if _CODE.fullmatch(row["atc"]))
    return Record(
        source=NAME,
        id=din,
        document=Document(
            title=f"DIN {din}: {drug['brand']}" + (f" ({company})" if company else ""),
            publisher=AUTHORITY,
            license=LICENSE,
            sha256=_digest([drug, *(row for name in COLUMNS if name != "drug" for row in own[name])]),
            note=None if human else f"{drug['class'].lower() or 'unclassified'} product: no decisions are read",
        ),
        known_at=max(days, default=None),
        agents=_agents(names, drug, codes, active) if human else (),
        products=(
            Product(
                id=din,
                brand=drug["brand"] or None,
                ingredients=names,
                form=_joined(own["form"], "form"),
                route=_joined(own["route"], "route"),
                strength=_strength(active),
                jurisdiction=JURISDICTION,
                marketing_status=current["status"].lower() if current else None,
                evidence=(drug.evidence("id"), *(row.evidence("ingredients") for row in active)),
            ),
        ),
        decisions=tuple(_decisions(din, names, company, own)) if human else (),
    )


def _agents(names: tuple[str, ...], drug: Row, codes: tuple[str, ...], active: list[Row]) -> tuple[Agent, ...]:
    """What a product says of its one substance; a combination lends its codes to nobody."""
    if len(names) != 1:
        return ()
    return (
        Agent(name=names[0], brands=(drug["brand"],) if drug["brand"] else (), identifiers=codes, evidence=(active[0].evidence("name"),)),
    )


def _digest(rows: Iterable[Row]) -> str:
    return hashlib.sha256("\n".join("\x1f".join(row.cells.values()) for row in rows).encode()).hexdigest()


def _grouped(files: Files, suffix: str) -> dict[str, Group]:
    """The rows of all files but the first, by product."""
    found: dict[str, Group] = defaultdict(lambda: defaultdict(list))
    for name in COLUMNS:
        if name != "drug":
            for row in _rows(files, name, suffix):
                found[row["code"]][name].append(row)
    return found


def read(path: Path) -> Iterator[Record | Rejected]:
    """The products of an extract, in its order; known since the latest day a product's rows give."""
    with Files(path) as files:
        try:
            for suffix in SUFFIXES:
                if f"drug{suffix}.txt" in files:
                    yield from _extract(files, suffix)
        except UnicodeDecodeError as error:
            raise SourceError(f"{path}: not UTF-8 at byte {error.start}; download the extract again") from None


def _extract(files: Files, suffix: str) -> Iterator[Record | Rejected]:
    grouped = _grouped(files, suffix)
    met: Counter[str] = Counter()
    for drug in _rows(files, "drug", suffix):
        met[drug["din"]] += 1
        try:
            if met[drug["din"]] > 1 and drug["din"]:
                raise RowError(f"DIN {drug['din']} stands already in {drug.file}")
            yield _record(drug, grouped[drug["code"]])
        except RowError as error:
            digest = hashlib.sha256("\x1f".join(drug.cells.values()).encode()).hexdigest()
            yield Rejected(source=NAME, where=f"{drug.file}#L{drug.line}", reason=str(error), sha256=digest)
