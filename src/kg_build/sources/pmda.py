"""PMDA's list of approved products: Japan's approvals since 2004, new products and partial changes, as the table made of its PDF files.

A row is one approval of one or more presentations; what it is approved for is read like a label. The act is the Minister's (MHLW), the
list the Agency's. A spreadsheet has turned the categories "6-1" into dates ("1-Jun"); cells of the PDF were broken over lines and rows.
Source: Pharmaceuticals and Medical Devices Agency, https://www.pmda.go.jp/english/review-services/reviews/approved-information/drugs/0002.html
(cite the Agency).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.facts import Decision, Document, Evidence, Product, Record, Rejected, Status
from kg_build.lexicon import Lexicon, load
from kg_build.sources import cells, sheets

NAME = "pmda"
REGULATOR, PUBLISHER, JURISDICTION = "MHLW", "PMDA", "Japan"
LICENSE = "PMDA, cite the source"
EXPECT = (2_000, 6_000)
"""Rows of a whole list."""

COLUMNS: dict[str, str] = {
    "Review Category": "category",
    "Approval Date": "date",
    "No.": "number",
    "Brand Name (Applicant Company)": "brand",
    "New Approval/Partial Change": "kind",
    "Active Ingredient (underlined: new active ingredient)": "ingredient",
    "Indications": "indication",
}
"""Header -> slot; the column without a header numbers the rows."""

OFFICES: dict[str, str] = {"Mar": "3", "Jun": "6"}
"""Months that a spreadsheet made of review categories -> first figure: "2-Mar" was 3-2."""

_HEAD = re.compile(r'"?Review Category"?,"?Approval Date"?')
_MARK = re.compile(r"\[(?P<mark>[^\[\]]*(?:orphan|review|application|approval|emergency|sakigake|off[- ]label)[^\[\]]*)\]", re.IGNORECASE)
_PATHWAYS: tuple[tuple[str, str], ...] = (
    ("sakigake", "SAKIGAKE"),
    ("priority review", "priority review"),
    ("expedited review", "expedited review"),
    ("prompt review", "expedited review"),
    ("public knowledge-based", "public knowledge-based application"),
    ("off-label", "public knowledge-based application"),
    ("special approval", "special approval for emergency"),
)
_CHANGES: tuple[tuple[str, str], ...] = (
    (r"new active ingredient", "new active ingredient"),
    (r"new combination|combination prescription", "new combination"),
    (r"follow-on biologic|biosimilar", "follow-on biologic"),
    (r"(?:new|revised|additional|addition (?:of|to)) (?:\w+ )?indication", "new indication"),
    (r"new (?:additional )?(?:pa?ediatric )?dosage(?! form)|indications? and (?:a )?(?:new )?dosage", "new dosage"),
    (r"new (?:additional )?(?:route|administration route)", "new route of administration"),
    (r"new dosage form|other characteristics", "new dosage form"),
)
"""What a row says is new -> in one wording."""
_COMPANY = re.compile(
    r"\((?P<name>[^()]*(?:\([^()]*\)[^()]*)*\b(?:Co|Ltd|Inc|Corp|Corporation|Company|K\.K|KK|GK|G\.K|LLC|Limited|Pharma\w*|Laborator\w+"
    r"|Japan"
    r"|Institute|Association|Foundation|Holdings|GmbH|AG|S\.A|Kaisha|Kogyo|Yakuhin|Seiyaku)\b[^()]*)\)"
)
_LOST_NUMBER = re.compile(r"(?P<n>\d{1,3})\s+(?=[A-Z])")
_FORM = re.compile(
    r"\s(?P<form>(?:for|intravenous|intramuscular|subcutaneous|intravitreal|intrathecal|intra-arterial|ophthalmic|oral|dry|fine"
    r"|extended-release"
    r"|sustained-release|OD|I\.?V\.?|S\.?C\.?|tab\.?|tablets?|capsules?|injections?|inj\.?|infusion|solution|powder|syringes?|pens?|kit"
    r"|granules|syrup"
    r"|suppositor\w+|cream|ointment|gel|lotion|patch\w*|tapes?|spray|inhal\w+|drops|suspension|emulsion|vial|pack|combination|film)(?=\s"
    r"|$).*)$",
    re.IGNORECASE,
)
_STRENGTH = re.compile(
    r"(?<!\S)(?P<strength>\d[\d.,]*\s?(?:mg|g|mL|µg|μg|mcg|%|units?|IU|million|MBq|KBq)?(?:/\d*[\d.,]*\s?(?:mL|mg|day|vial"
    r"|h))?)(?:\s[\"“][^\"”]+[\"”])?(?=$|\sfor\s|\sI)"
)
_NUMBERED = re.compile(r"(?:^|\s)\(\d{1,2}\)\s*")
_APART = re.compile(r"\s*/\s*|\s*;\s*|,\s+(?![^()]*\))|\s+and\s+")
_DAY = (
    (re.compile(r"(?P<m>[A-Z][a-z]{2})[a-z]*\.?\s?(?P<d>\d{1,2}),\s*(?P<y>\d{4})"), "%b %d %Y"),
    (re.compile(r"(?P<d>\d{1,2})-(?P<m>[A-Z][a-z]{2})-(?P<y>\d{2})"), "%b %d %y"),
)


@dataclass(frozen=True)
class Row:
    """One row: its cells by slot, and the line it begins on."""

    line: int
    index: str
    cells: Mapping[str, str]

    def __getitem__(self, slot: str) -> str:
        return self.cells.get(slot, "")

    def place(self, slot: str) -> str:
        """Where a cell stands."""
        header = next(header for header, name in COLUMNS.items() if name == slot)
        return f"approvals#L{self.line}/{header.replace('~', '~0').replace('/', '~1')}"

    def evidence(self, slot: str, column: str) -> tuple[Evidence, ...]:
        """Evidence that a slot of a fact stands in a column, if that is filled."""
        return (Evidence(slot=slot, path=self.place(column)),) if self[column] else ()

    @property
    def sha256(self) -> str:
        """Of the cells as printed."""
        return hashlib.sha256("\x1f".join([self.index, *(self[slot] for slot in COLUMNS.values())]).encode()).hexdigest()


class _RowError(ValueError):
    """A row that cannot be read; the text says why."""


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are the list's header."""
    return bool(_HEAD.search(head[:400].decode("utf-8", "replace")))


# ---- cells -----------------------------------------------------------------------------------------------------------------------


def day(printed: str) -> str | None:
    r"""ISO date of any of the four forms, None of an empty cell; of two dates the first.

    >>> day("Jun. 26, 2023"), day("26-Jan-07"), day("Jan.20, 2012"), day("Sep. 28,\n2007")
    ('2023-06-26', '2007-01-26', '2012-01-20', '2007-09-28')
    """
    for pattern, form in _DAY:
        if match := pattern.search(printed):
            try:
                return datetime.strptime(f"{match['m']} {match['d']} {match['y']}", form).date().isoformat()
            except ValueError:
                break
    if printed.strip():
        raise _RowError(f"'{' '.join(printed.split())[:40]}' is no date")
    return None


def category(printed: str) -> str:
    r"""The review category as PMDA printed it, joined where lines broke it.

    >>> category("1-Jun"), category("2-Mar"), category("Radio- pharmaceuti cals"), category("Oncology\ndrugs")
    ('6-1', '3-2', 'Radiopharmaceuticals', 'Oncology drugs')
    """
    text = " ".join(printed.split())
    if match := re.fullmatch(r"(?P<n>\d)-(?P<month>[A-Z][a-z]{2})", text):
        return f"{OFFICES.get(match['month'], match['month'])}-{match['n']}"
    solid = re.sub(r"[\s-]", "", text).lower()
    for name in ("Radiopharmaceuticals", "Anti-infective", "In vivo diagnostics", "Oncology drugs"):
        if solid.rstrip("s")[:10] == re.sub(r"[\s-]", "", name).lower()[:10] and solid[:4] != "(1)o":
            return name
    return text


def ingredients(printed: str) -> tuple[tuple[str, ...], ...]:
    r"""The sets of active ingredients, one a product where they are numbered.

    >>> ingredients("Emtricitabine / tenofovir alafenamide fumarate")
    (('emtricitabine', 'tenofovir alafenamide fumarate'),)
    >>> ingredients("(1) Dabrafenib mesilate\n(2) Trametinib dimethyl sulfoxide")
    (('dabrafenib mesilate',), ('trametinib dimethyl sulfoxide',))
    """
    plain = re.sub(r"\s*\[[^\[\]]*\]|\s*\(genetical recombination\)", "", " ".join(printed.split()))
    sets = [part for part in _NUMBERED.split(plain) if part.strip(" ,")]
    found = (tuple(dict.fromkeys(name.strip(" ,").lower() for name in _APART.split(one) if name.strip(" ,"))) for one in sets)
    return tuple(dict.fromkeys(one for one in found if one))


def presentations(printed: str) -> tuple[tuple[str, str | None], ...]:
    r"""(name, applicant) of each presentation that a cell lists; the applicant stands in brackets behind its own.

    >>> presentations("Lyrica Capsules 25 mg Lyrica Capsules 75 mg (Pfizer Japan Inc.)")
    (('Lyrica Capsules 25 mg', 'Pfizer Japan Inc.'), ('Lyrica Capsules 75 mg', 'Pfizer Japan Inc.'))
    """
    found: list[tuple[str, str | None]] = []
    last = 0
    for match in _COMPANY.finditer(printed):
        found += [(name, " ".join(match["name"].split()).replace("..", ".")) for name in _names(printed[last : match.start()])]
        last = match.end()
    found += [(name, None) for name in _names(printed[last:])]
    return tuple(dict.fromkeys(found))


def _names(printed: str) -> Iterator[str]:
    """The names of one applicant: on lines of their own, or one behind the other with the same first word."""
    for line in re.sub(r"\n(?=[a-z\d\"“(]|mg|for\b)", " ", printed.strip()).split("\n"):
        text = _NUMBERED.sub(" ", " ".join(line.split())).strip(" ,;")
        first = text.split(" ")[0]
        parts = re.split(rf"\s+(?={re.escape(first)}\s)", text) if len(first) > 3 else [text]
        yield from (part for part in parts if re.search(r"[A-Za-z]{2}", part))


# ---- cells -> facts --------------------------------------------------------------------------------------------------------------


def _status(row: Row, text: str, marks: str) -> Status:
    kind = row["kind"].lower()
    if "emergency" in kind or "emergency" in marks:
        return "emergency-authorization"
    if "conditional" in marks:
        return "conditional-approval"
    if "approval" in kind or "new active ingredient" in text:
        return "approved"
    return "label-expansion" if re.search(_CHANGES[3][0], text) else "label-update"


def _base(row: Row, regimen: tuple[str, ...], products: tuple[Product, ...], applicant: str | None) -> Decision:
    text = " ".join(row["indication"].lower().split())
    marks = "; ".join(match["mark"] for match in _MARK.finditer(text))
    changes = [name for pattern, name in _CHANGES if re.search(pattern, text)]
    return Decision(
        regulator=REGULATOR, jurisdiction=JURISDICTION, decision_kind="marketing", status=_status(row, text, marks), date=day(row["date"]),
        change_type="; ".join(changes) or None, pathway=next((name for words, name in _PATHWAYS if words in f"{marks} {text}"), None),
        regimen=regimen, product=tuple(product.id for product in products), applicant=applicant,
        evidence=(*row.evidence("date", "date"), *row.evidence("status", "kind"), *row.evidence("regimen", "ingredient")),
    )  # fmt: skip


def _decisions(row: Row, base: Decision, lexicon: Lexicon) -> Iterator[Decision]:
    """The approval of each use; and the designation that a mark tells of."""
    yield from cells.decisions(base, row["indication"], row.place("indication"), lexicon) if row["indication"] else (base,)
    marks = " ".join(match["mark"].lower() for match in _MARK.finditer(row["indication"]))
    if "orphan" in marks or "[orphan" in row["indication"].lower():
        yield Decision(
            regulator=REGULATOR, jurisdiction=JURISDICTION, decision_kind="designation", status="designation", designation="orphan",
            regimen=base.regimen, product=base.product, applicant=base.applicant, evidence=row.evidence("designation", "indication"),
        )  # fmt: skip


def _product(row: Row, number: int, name: str, regimen: tuple[str, ...]) -> Product:
    form = _FORM.search(name)
    strength = _STRENGTH.search(name)
    brand = re.split(r"(?<=[A-Za-z])\s(?=\d)", name[: form.start()] if form else name)[0].strip(" ,")
    return Product(
        id=f"{row.index}.{number}",
        brand=brand or name,
        ingredients=regimen,
        form=_STRENGTH.sub("", form["form"]).strip(" ,") or None if form else None,
        strength=strength["strength"].strip() if strength else None,
        jurisdiction=JURISDICTION,
        evidence=row.evidence("brand", "brand"),
    )


def _record(row: Row, lexicon: Lexicon) -> Record:
    if row["category"] == "Category":
        raise _RowError("a row of column names inside the table")
    if not row["date"] and not row["indication"]:
        raise _RowError("a piece of a row above: neither date nor indication")
    sets = ingredients(row["ingredient"])
    if not sets:
        raise _RowError("no active ingredient")
    known = presentations(_LOST_NUMBER.sub("", row["brand"], count=1) if not row["number"] else row["brand"])
    applicants = list(dict.fromkeys(applicant for _, applicant in known if applicant))
    one = sets[0] if len(sets) == 1 else ()
    products = tuple(_product(row, number, name, one) for number, (name, _) in enumerate(known, start=1))
    applicant = applicants[0] if len(applicants) == 1 else None
    decisions = tuple(d for names in sets for d in _decisions(row, _base(row, names, products, applicant), lexicon))
    brands = ", ".join(dict.fromkeys(product.brand for product in products if product.brand))
    return Record(
        source=NAME,
        id=row.index,
        document=Document(
            title=f"{brands or 'no brand'} ({'; '.join(' + '.join(names) for names in sets)})",
            publisher=PUBLISHER,
            license=LICENSE,
            sha256=row.sha256,
            note=f"review category {category(row['category'])}" if row["category"] else None,
        ),
        known_at=day(row["date"]),
        products=products,
        decisions=decisions,
    )


def _rows(path: Path) -> Iterator[Row]:
    rows = sheets.delimited_rows(path)
    _, header = next(rows, (0, [""]))
    names = [" ".join(name.split()) for name in header]
    if missing := [column for column in COLUMNS if column not in names]:
        raise SourceError(f"{path}: no column '{missing[0]}'; expected {', '.join(COLUMNS)}")
    unknown = [name for name in names if name and name not in COLUMNS]
    if unknown:
        raise SourceError(f"{path}: unknown column '{unknown[0]}'; expected {', '.join(COLUMNS)}")
    for line, printed in rows:
        filled = dict(zip(names, printed, strict=False))
        yield Row(line, filled.get("") or str(line), {slot: filled.get(column, "") for column, slot in COLUMNS.items()})


def read(path: Path) -> Iterator[Record | Rejected]:
    """The approvals of the list, in its order; `known_at` is the day of the approval."""
    lexicon = load()
    for row in _rows(path):
        try:
            yield _record(row, lexicon)
        except _RowError as error:
            yield Rejected(source=NAME, where=f"{path.name}#L{row.line}", reason=str(error), sha256=row.sha256)
