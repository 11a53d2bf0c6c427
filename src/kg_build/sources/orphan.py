"""FDA's orphan drug designations as a JSON reference: one record a substance, its designations, and the approvals they led to.

Source: https://www.accessdata.fda.gov/scripts/opdlisting/oopd/ (public domain).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kg_build.errors import SourceError
from kg_build.facts import Agent, Decision, Document, Evidence, Record, Rejected
from kg_build.lexicon import Lexicon, load
from kg_build.sources import archives, cells
from kg_build.sources.sheets import RowError

NAME = "orphan"
AUTHORITY, JURISDICTION, LICENSE = "FDA", "United States", "public domain"
EXPECT = (2_000, 8_000)
"""Substances of a whole file."""
WITHDRAWN = "designation withdrawn"

_HEAD = re.compile(rb'^\s*\[\s*\{\s*"_id"\s*:\s*"[^"]{1,80}"\s*,\s*"fda_orphan_drug"')
_MOST = 500_000_000


class Named(msgspec.Struct, frozen=True):
    """What is designated, in words. Ignored: the reference's own parse of them."""

    original_text: str = ""


class Entry(msgspec.Struct, frozen=True):
    """One designation of one sponsor. Ignored: identifiers of PubChem, which repeat an entry per substance form; exclusivity."""

    generic_name: str
    designated_date: str
    designation_status: str
    sponsor: str
    orphan_designation: Named
    trade_name: str | None = None
    approved_labeled_indication: str | None = None
    marketing_approval_date: str | None = None
    inchikey: str | None = None


class Substance(msgspec.Struct, frozen=True):
    """All designations of one substance."""

    key: str = msgspec.field(name="_id")
    entries: list[Entry] = msgspec.field(name="fda_orphan_drug")


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are the reference."""
    return bool(_HEAD.match(head[:400]))


def _day(printed: str | None) -> str | None:
    """The date, if it is one."""
    if not printed:
        return None
    try:
        return date.fromisoformat(printed).isoformat()
    except ValueError:
        raise RowError(f"'{printed[:40]}' is no date") from None


def _company(sponsor: str) -> str:
    """The sponsor without its address.

    >>> _company("Sanofi U.S. Services, Inc.|500 Kendall Street|Cambridge")
    'Sanofi U.S. Services, Inc.'
    """
    return sponsor.partition("|")[0].strip()


def _designated(entry: Entry, place: str, lexicon: Lexicon) -> Iterator[Decision]:
    """The designation, one decision a disease."""
    where = f"{place}/orphan_designation/original_text"
    base = Decision(
        regulator=AUTHORITY,
        jurisdiction=JURISDICTION,
        decision_kind="designation",
        status="designation",
        designation="orphan",
        date=_day(entry.designated_date),
        change_type=WITHDRAWN if "Withdrawn" in entry.designation_status else None,
        regimen=(entry.generic_name.lower(),),
        applicant=_company(entry.sponsor) or None,
        evidence=(Evidence(slot="date", path=f"{place}/designated_date"), Evidence(slot="condition", path=where)),
    )
    for one in cells.decisions(base, entry.orphan_designation.original_text, where, lexicon):
        yield replace(one, regimen=base.regimen, one_of=(), optional_agents=())  # the substance is designated, not what it is given with


def _approved(entry: Entry, place: str, lexicon: Lexicon) -> Iterator[Decision]:
    """The approval of the designated use, as its label words it."""
    day = _day(entry.marketing_approval_date)
    if day is None:
        return
    where = f"{place}/approved_labeled_indication"
    base = Decision(
        regulator=AUTHORITY,
        jurisdiction=JURISDICTION,
        decision_kind="marketing",
        status="approved",
        date=day,
        regimen=(entry.generic_name.lower(),),
        product=(entry.trade_name,) if entry.trade_name else (),
        applicant=_company(entry.sponsor) or None,
        evidence=(Evidence(slot="date", path=f"{place}/marketing_approval_date"),),
    )
    yield from cells.decisions(base, entry.approved_labeled_indication or "", where, lexicon)


def _record(substance: Substance, number: int, lexicon: Lexicon) -> Record:
    decisions: dict[bytes, Decision] = {}
    for at, entry in _distinct(substance.entries):
        place = f"/{number}/fda_orphan_drug/{at}"
        for one in (*_designated(entry, place, lexicon), *_approved(entry, place, lexicon)):
            decisions.setdefault(msgspec.json.encode(replace(one, evidence=())), one)
    first = substance.entries[0]
    return Record(
        source=NAME,
        id=substance.key,
        document=Document(
            title=f"Orphan designations of {first.generic_name}",
            publisher=AUTHORITY,
            license=LICENSE,
            sha256=hashlib.sha256(msgspec.json.encode(substance)).hexdigest(),
        ),
        known_at=max((day for entry in substance.entries for day in _days(entry)), default=None),
        agents=tuple(_agents(substance, number)),
        decisions=tuple(decisions.values()),
    )


def _days(entry: Entry) -> list[str]:
    return [day for day in (_day(entry.designated_date), _day(entry.marketing_approval_date)) if day]


def _distinct(entries: list[Entry]) -> Iterator[tuple[int, Entry]]:
    """Entries that say something new: the reference repeats one for every form of its substance."""
    met: set[bytes] = set()
    for at, entry in enumerate(entries):
        said = msgspec.json.encode(replace(entry, inchikey=None))
        if said not in met:
            met.add(said)
            yield at, entry


def _agents(substance: Substance, number: int) -> Iterator[Agent]:
    """The substance under each of its printed names, with its brands."""
    brands: dict[str, dict[str, int]] = {}
    for at, entry in enumerate(substance.entries):
        met = brands.setdefault(entry.generic_name.lower(), {})
        if entry.trade_name:
            met.setdefault(entry.trade_name, at)
    for name, found in brands.items():
        at = next(i for i, entry in enumerate(substance.entries) if entry.generic_name.lower() == name)
        shown = Evidence(slot="name", path=f"/{number}/fda_orphan_drug/{at}/generic_name")
        yield Agent(name=name, brands=tuple(found), evidence=(shown,))


def read(path: Path) -> Iterator[Record | Rejected]:
    """The substances of the reference, in its order; known since the latest date an entry gives."""
    lexicon = load()
    decoder = msgspec.json.Decoder(list[msgspec.Raw])
    try:
        raws = decoder.decode(archives.read_bytes(path, _MOST))
    except msgspec.MsgspecError as error:
        raise SourceError(f"{path}: not the reference of orphan designations: {error}") from None
    for number, raw in enumerate(raws):
        try:
            substance = msgspec.json.decode(raw, type=Substance)
            if not substance.entries:
                raise RowError("no designation")
            yield _record(substance, number, lexicon)
        except (msgspec.MsgspecError, RowError) as error:
            yield Rejected(source=NAME, where=f"{path.name}#/{number}", reason=str(error), sha256=hashlib.sha256(bytes(raw)).hexdigest())
