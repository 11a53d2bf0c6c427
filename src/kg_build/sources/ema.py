"""EMA's medicines: the tables of European public assessment reports, as workbooks of two layouts and as JSON.

A row is one medicine: its application, its product, what the committee said of it and what the Commission decided. The date of
authorisation is that of the first indication; where the label now tells several, each is a decision without a date of its own.
Source: European Medicines Agency, https://www.ema.europa.eu/en/medicines/download-medicine-data (acknowledge the Agency).
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import msgspec

from kg_build.errors import SourceError
from kg_build.facts import Agent, Application, Decision, Document, Evidence, Product, Record, Rejected, Status
from kg_build.lexicon import Lexicon, load
from kg_build.sources import archives, cells, sheets
from kg_build.sources.sheets import RowError

NAME = "ema"
AUTHORITY, COMMITTEE, COMMISSION, JURISDICTION = "EMA", "CHMP", "European Commission", "European Union"
LICENSE = "European Medicines Agency, reproduced with acknowledgement"
EXPECT = (1_500, 4_000)
"""Medicines of a whole table."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "category": ("Category",),
    "name": ("Name of medicine", "Medicine name", "name"),
    "number": ("EMA product number", "Product number"),
    "status": ("Medicine status", "Authorisation status"),
    "opinion": ("Opinion status",),
    "inn": ("International non-proprietary name (INN) / common name", "inn"),
    "substance": ("Active substance",),
    "atc": ("ATC code (human)", "ATC code"),
    "indication": ("Therapeutic indication", "Condition / indication", "indication"),
    "accelerated": ("Accelerated assessment",),
    "biosimilar": ("Biosimilar",),
    "conditional": ("Conditional approval",),
    "exceptional": ("Exceptional circumstances",),
    "generic": ("Generic or hybrid", "Generic"),
    "orphan": ("Orphan medicine",),
    "prime": ("PRIME: priority medicine",),
    "holder": (
        "Marketing authorisation developer / applicant / holder",
        "Marketing authorisation holder/company name",
        "holder",
    ),
    "rolling": ("Start of rolling review date",),
    "evaluation": ("Start of evaluation date",),
    "opined": ("Opinion adopted date", "Date of opinion"),
    "dropped": ("Withdrawal of application date",),
    "authorised": ("Marketing authorisation date", "authorisationDate"),
    "refused": ("Refusal of marketing authorisation date", "Date of refusal of marketing authorisation"),
    "ended": ("Withdrawal / expiry / revocation / lapse of marketing authorisation date",),
    "suspended": ("Suspension of marketing authorisation date",),
    "updated": ("Last updated date", "Revision date"),
    "published": ("First published date", "First published"),
    "url": ("Medicine URL", "URL", "url"),
}
"""What we read -> its header in each layout."""
IGNORED = frozenset(
    (
        "Latest procedure affecting product information", "Therapeutic area (MeSH)", "Therapeutic area", "areas", "groups",
        "Species (veterinary)", "Species", "Patient safety", "ATCvet code (veterinary)", "ATCvet code", "Pharmacotherapeutic group (human)",
        "Pharmacotherapeutic group (veterinary)", "Human pharmacotherapeutic group", "Vet pharmacotherapeutic group",
        "Additional monitoring", "Advanced therapy", "European Commission decision date", "Decision date", "Revision number",
    )
)  # fmt: skip
"""Headers that no fact is made of: classes of the therapeutic area and of the pharmacology, house-keeping, veterinary columns."""

ENDED: dict[str, str] = {
    "withdrawn": "marketing authorisation withdrawn",
    "lapsed": "marketing authorisation lapsed",
    "expired": "marketing authorisation expired",
    "revoked": "marketing authorisation revoked",
    "not renewed": "marketing authorisation not renewed",
    "suspended": "marketing authorisation suspended",
}
"""Status of a medicine that was authorised and is so no more -> how that came."""
NEVER = frozenset(("application withdrawn", "withdrawn from rolling review", "refused", "opinion", "opinion under re-examination"))
"""Status of a medicine that is not authorised: what its row tells of its use was applied for."""
DOUBTFUL = 0.4
OPINIONS: dict[str, Status] = {"positive": "positive-opinion", "negative": "negative-opinion"}

_SLOT = {" ".join(header.split()).lower(): slot for slot, headers in COLUMNS.items() for header in headers}
_SLOT |= {re.sub(r"[^a-z0-9]+", "_", header).strip("_"): slot for header, slot in list(_SLOT.items())}
_IGNORED = {header.lower() for header in IGNORED} | {re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_") for header in IGNORED}
_JSON = re.compile(rb'^\s*\{.{0,2000}?"(?:authorisationDate|ema_product_number)"\s*:', re.S)


@dataclass(frozen=True)
class Row:
    """One medicine: its filled cells by slot, where each stands, and what else it holds."""

    cells: Mapping[str, str]
    places: Mapping[str, str]
    more: Mapping[str, int]
    raw: str

    def __getitem__(self, slot: str) -> str:
        return self.cells.get(slot, "")

    def yes(self, slot: str) -> bool:
        """Whether a flag is set."""
        return self[slot].lower() in {"yes", "true"}

    def evidence(self, slot: str, *columns: str) -> tuple[Evidence, ...]:
        """Evidence that a slot of a fact stands in the filled ones of these columns."""
        return tuple(Evidence(slot=slot, path=self.places[column]) for column in columns if column in self.places)


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are the medicines as JSON."""
    return bool(_JSON.match(head[:4_000]))


def looks_like_sheet(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first filled rows of a sheet hold the header of one of the layouts."""
    return any(_is_header(cells) for cells in rows)


def _is_header(cells: Sequence[str]) -> bool:
    slots = {_slot(cell) for cell in cells}
    return {"category", "name", "number", "url"} <= slots


def _slot(header: str) -> str | None:
    return _SLOT.get(" ".join(header.split()).lower())


def _sheet(path: Path) -> Iterator[tuple[Row, str | None]]:
    rows = sheets.workbook_rows(path)
    header = next((cells for _, cells in rows if _is_header(cells)), None)
    if header is None:
        raise SourceError(f"{path}: no row of column names; expected 'Category', 'Name of medicine', 'EMA product number', ...")
    for number, printed in rows:
        yield _row(dict(zip(header, printed, strict=False)), f"medicines#row={number}/"), None


def _json(path: Path) -> Iterator[tuple[Row, str | None]]:
    try:
        whole = msgspec.json.decode(archives.read_bytes(path, 500_000_000))
        key = next(key for key in ("medicines", "data") if isinstance(whole.get(key), list))
    except (msgspec.MsgspecError, AttributeError, StopIteration) as error:
        raise SourceError(f"{path}: not EMA's medicines: {str(error) or 'no list of medicines'}") from None
    meta: Any = whole.get("meta") or {}
    filters = meta.get("filters") or {}
    known = {"Category": filters.get("category"), "Medicine status": filters.get("medicineStatus")}
    day = str(meta.get("sourceTimestamp") or meta.get("timestamp") or "")[:10] or None
    for number, entry in enumerate(whole[key]):
        cells = {k: v if isinstance(v, str) else "; ".join(map(str, v)) if isinstance(v, list) else str(v) for k, v in entry.items() if v}
        yield _row({**{k: v for k, v in known.items() if v}, **cells}, f"/{key}/{number}/"), day


def _row(printed: Mapping[str, str], where: str) -> Row:
    cells: dict[str, str] = {}
    places: dict[str, str] = {}
    more: dict[str, int] = {}
    for header, cell in printed.items():
        plain = " ".join(header.split())
        if not (text := _text(cell)):
            continue
        if (slot := _slot(plain)) is not None:
            cells[slot], places[slot] = text, where + plain.replace("~", "~0").replace("/", "~1")
        elif plain.lower() not in _IGNORED:
            more[plain] = 1
    return Row(cells, places, more, "\x1f".join(f"{header}={cell}" for header, cell in printed.items()))


def _text(cell: str) -> str:
    """A cell without the entities and hard blanks that the export leaves in it."""
    if "&" in cell or "\xa0" in cell:
        cell = html.unescape(html.unescape(cell)).replace("\xa0", " ")
    return cell.strip() if cell != "-" else ""


# ---- cells -> facts --------------------------------------------------------------------------------------------------------------


def _day(printed: str) -> str | None:
    """ISO date of "22/08/2024" or "2024-08-22".

    >>> _day("30/05/2020")
    '2020-05-30'
    """
    if not printed:
        return None
    try:
        day = printed.partition("T")[0]
        return (date(*map(int, day.split("/")[::-1])) if "/" in day else date.fromisoformat(day)).isoformat()
    except (ValueError, TypeError):
        raise RowError(f"'{printed[:40]}' is no date") from None


_APART = re.compile(r"\s*[,;]\s+(?![^()]*\))|\s*/\s*(?![^()]*\))|\s+and\s+(?![^()]*\))|;")


_ONE = re.compile(r"\b(?:vaccines?|toxoid|immunoglobulins?)\b", re.IGNORECASE)  # what a vaccine is against is no list of substances


def ingredients(printed: str) -> tuple[str, ...]:
    """The substances of a medicine, commas inside brackets kept.

    >>> ingredients("relugolix, estradiol, norethisterone acetate")
    ('relugolix', 'estradiol', 'norethisterone acetate')
    >>> ingredients("influenza vaccine (split virion, inactivated)")
    ('influenza vaccine (split virion, inactivated)',)
    >>> ingredients("diphtheria, tetanus and pertussis vaccine (adsorbed)")
    ('diphtheria, tetanus and pertussis vaccine (adsorbed)',)
    """
    parts = printed.split(";") if _ONE.search(printed) else _APART.split(printed)
    return tuple(dict.fromkeys(part.strip().lower() for part in parts if part.strip()))


def _key(row: Row) -> str:
    """The product number, else the end of the page's address: the JSON gives no number."""
    return row["number"] or row["url"].rpartition("/medicines/")[2].replace("/EPAR/", "/") or row["name"]


def _base(row: Row, regimen: tuple[str, ...]) -> dict[str, Any]:
    return {
        "jurisdiction": JURISDICTION,
        "regimen": regimen,
        "product": (_key(row),),
        "application": row["number"] or None,
        "applicant": row["holder"] or None,
        "pathway": "accelerated assessment" if row.yes("accelerated") else None,
    }


def _terms(row: Row) -> tuple[Status, str | None]:
    """Status and terms of an authorisation."""
    if row.yes("conditional"):
        return "conditional-approval", "conditional marketing authorisation"
    kinds = (("exceptional", "under exceptional circumstances"), ("biosimilar", "biosimilar"), ("generic", "generic or hybrid"))
    return "approved", next((words for slot, words in kinds if row.yes(slot)), None)


def _grants(row: Row, base: dict[str, Any], lexicon: Lexicon) -> Iterator[Decision]:
    """The Commission's authorisation: of the medicine, on its day; and of each use that its label tells."""
    day, (status, kind) = _day(row["authorised"]), _terms(row)
    ended = row["status"].lower() in ENDED
    if not (day or row["status"].lower() == "authorised" or ended):
        return
    doubt = row["status"].lower() in NEVER  # a date of authorisation beside an application that had none
    shown = row.evidence("date", "authorised") or row.evidence("status", "status")
    first = Decision(
        **base, regulator=COMMISSION, decision_kind="marketing", status=status, approval_type=kind, date=day, change_type="original",
        confidence=DOUBTFUL if doubt else 1.0,
        evidence=(*shown, *row.evidence("regimen", "inn", "substance")),
    )  # fmt: skip
    uses = cells.decisions(first, row["indication"], row.places.get("indication", ""), lexicon) if row["indication"] else (first,)
    if len(uses) == 1:  # the one use there is was there from the first day
        yield uses[0]
        return
    yield first
    yield from (msgspec.structs.replace(use, date=None, change_type=None) for use in uses)


def _others(row: Row, base: dict[str, Any], lexicon: Lexicon) -> Iterator[Decision]:
    """What else was done, of each use where that was all that was done; and the designations."""
    place = row.places.get("indication", "")
    for act in _acts(row, base):
        if row["status"].lower() in NEVER and row["indication"] and not row["authorised"]:
            yield from cells.decisions(act, row["indication"], place, lexicon)
        else:
            yield act
    yield from _designations(row, base)


def _acts(row: Row, base: dict[str, Any]) -> Iterator[Decision]:
    """Opinion, refusal, withdrawal, review."""
    status = row["status"].lower()
    opinion = OPINIONS.get(row["opinion"].lower()) or (
        "negative-opinion" if status == "refused" else "positive-opinion" if row["authorised"] else None
    )
    if opinion and (row["opined"] or row["opinion"]):
        yield Decision(
            **base, regulator=COMMITTEE, decision_kind="opinion", status=opinion, date=_day(row["opined"]),
            evidence=row.evidence("status", "opinion", "opined"),
        )  # fmt: skip
    if status == "refused" or row["refused"]:
        yield _marketing(row, base, "rejected", "refused")
    if status in {"application withdrawn", "withdrawn from rolling review"} or row["dropped"]:
        yield _marketing(row, base, "withdrawn", "dropped", withdrawal_of="application", initiated_by="applicant")
    if status in ENDED:
        yield _marketing(row, base, "withdrawn", "ended" if status != "suspended" else "suspended", "product", change_type=ENDED[status])
    if status == "opinion under re-examination":
        yield Decision(
            **base, regulator=COMMITTEE, decision_kind="opinion", status="under-review", change_type="re-examination of the opinion",
            assertion="pending", evidence=row.evidence("status", "status"),
        )  # fmt: skip
    if not row["authorised"] and (row["evaluation"] or row["rolling"]):
        yield _marketing(row, base, "under-review", "evaluation" if row["evaluation"] else "rolling")


def _designations(row: Row, base: dict[str, Any]) -> Iterator[Decision]:
    for slot, name in (("orphan", "orphan"), ("prime", "PRIME")):
        if row.yes(slot):
            yield Decision(
                **base | {"pathway": None}, regulator=AUTHORITY, decision_kind="designation", status="designation", designation=name,
                evidence=row.evidence("designation", slot),
            )  # fmt: skip


def _marketing(
    row: Row,
    base: dict[str, Any],
    status: Status,
    dated: str,
    withdrawal_of: Literal["application", "product"] | None = None,
    initiated_by: str | None = None,
    change_type: str | None = None,
) -> Decision:
    return Decision(
        **base, regulator=COMMISSION if status == "rejected" or withdrawal_of == "product" else AUTHORITY, decision_kind="marketing",
        status=status,
        date=_day(row[dated]), withdrawal_of=withdrawal_of, initiated_by=initiated_by, change_type=change_type,
        evidence=row.evidence("status", "status", dated),
    )  # fmt: skip


def _agents(row: Row, names: tuple[str, ...]) -> tuple[Agent, ...]:
    """What the row says of its one agent; a combination never lends its code to its members."""
    if len(names) != 1:
        return ()
    codes = tuple(f"atc:{code}" for code in re.findall(r"\b[A-Z]\d\d[A-Z]{2}\d\d\b", row["atc"]))
    return (Agent(name=names[0], brands=(row["name"],), identifiers=codes, evidence=row.evidence("name", "inn", "atc")),)


def _record(row: Row, day: str | None, lexicon: Lexicon) -> Record:
    if not row["name"] or not _key(row):
        raise RowError("no name of the medicine")
    human = row["category"].lower() != "veterinary"
    names = ingredients(row["inn"] or row["substance"])
    base = _base(row, names)
    known = [date for date in (_day(row["updated"]), _day(row["published"]), day) if date]
    return Record(
        source=NAME,
        id=_key(row),
        document=Document(
            title=f"{row['name']} ({row['inn'] or row['substance'] or 'no INN'})",
            publisher=AUTHORITY,
            license=LICENSE,
            sha256=hashlib.sha256(row.raw.encode()).hexdigest(),
            url=row["url"] or None,
            note=None if human else "veterinary medicine: no decisions are read",
        ),
        known_at=max(known, default=None),
        agents=_agents(row, names) if human else (),
        applications=_applications(row),
        products=(_product(row, names),),
        decisions=tuple(chain(_grants(row, base, lexicon), _others(row, base, lexicon))) if human else (),
        ignored=dict(row.more),
    )


def _applications(row: Row) -> tuple[Application, ...]:
    if not row["number"]:
        return ()
    kind = next((slot for slot in ("biosimilar", "generic") if row.yes(slot)), None)
    shown = row.evidence("id", "number")
    return (Application(id=row["number"], authority=AUTHORITY, application_type=kind, applicant=row["holder"] or None, evidence=shown),)


def _product(row: Row, names: tuple[str, ...]) -> Product:
    return Product(
        id=_key(row),
        brand=row["name"],
        ingredients=names,
        jurisdiction=JURISDICTION,
        application=row["number"] or None,
        marketing_status=row["status"] or None,
        evidence=row.evidence("ingredients", "inn", "substance"),
    )


def read(path: Path) -> Iterator[Record | Rejected]:
    """The medicines of a table, in its order; `known_at` is the day a row was last updated, else that of the whole file."""
    lexicon = load()
    rows = _sheet(path) if archives.is_zip(path) else _json(path)
    for row, day in rows:
        try:
            yield _record(row, day, lexicon)
        except RowError as error:
            where = next(iter(row.places.values()), NAME).rpartition("/")[0]
            yield Rejected(source=NAME, where=where, reason=str(error), sha256=hashlib.sha256(row.raw.encode()).hexdigest())
