"""openFDA: applications (drugsfda) and labels as the API and its bulk files give them; one record an application or label.

Applications carry the same numbers as Drugs@FDA's tables and meet them; a label tells the uses that are approved now, without a date.
Source: https://open.fda.gov/apis/drug/ (public domain, CC0).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from kg_build.errors import SourceError
from kg_build.facts import Agent, Application, Decision, Document, Evidence, Product, Record, Rejected, Submission
from kg_build.lexicon import Lexicon, load
from kg_build.sources import archives, cells
from kg_build.sources.drugsfda import STATUS, decision_of
from kg_build.sources.sheets import RowError, dated

NAME = "openfda"
AUTHORITY, JURISDICTION, LICENSE = "FDA", "United States", "CC0 1.0"
DAY = "%Y%m%d"
IGNORED = frozenset(
    (
        "reference_drug", "reference_standard", "te_code", "submission_public_notes", "submission_property_type", "application_docs",
        "submission_class_code_description",
    )
)  # fmt: skip
"""Fields of an application that no fact is made of: equivalence codes, documents, notes."""
LABEL_FIELDS = ("set_id", "id", "effective_time", "version", "openfda", "indications_and_usage", "mechanism_of_action")
"""Sections of a label that are read; the others are counted."""

_HEAD = re.compile(rb'"results"\s*:\s*\[\s*(?:\{[^{}\[\]]{0,200}"application_number"|\{.{0,4000}?"(?:set_id|spl_set_id)")', re.S)
_META = re.compile(rb'^\s*\{\s*"(?:meta|results)"')
_NUMBER = re.compile(r"(NDA|ANDA|BLA|BN)?0*(\d{1,6})", re.IGNORECASE)
_MOST = 2_000_000_000
_MODE = msgspec.json.Decoder(dict[str, Any])


class _Page(msgspec.Struct):
    """One answer of the API, or one bulk file."""

    results: list[msgspec.Raw]


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are an answer on applications or labels."""
    return bool(_META.match(head) and _HEAD.search(head))


def read(path: Path) -> Iterator[Record | Rejected]:
    """The applications or labels of an answer or bulk file, in its order."""
    lexicon = load()
    try:
        results = msgspec.json.decode(archives.read_bytes(path, _MOST), type=_Page).results
    except msgspec.MsgspecError as error:
        raise SourceError(f"{path}: not an openFDA answer: {error}; download it again") from None
    for number, raw in enumerate(results):
        try:
            entry = _MODE.decode(raw)
            yield _record(entry, number, lexicon)
        except (msgspec.MsgspecError, RowError, AttributeError, TypeError) as error:
            digest = hashlib.sha256(bytes(raw)).hexdigest()
            yield Rejected(source=NAME, where=f"{path.name}#/results/{number}", reason=" ".join(str(error).split()), sha256=digest)


def _record(entry: dict[str, Any], number: int, lexicon: Lexicon) -> Record:
    place = f"/results/{number}"
    digest = hashlib.sha256(msgspec.json.encode(entry, order="deterministic")).hexdigest()
    if "application_number" in entry:
        return _of_application(entry, place, digest)
    if entry.get("set_id") or entry.get("id"):
        return _of_label(entry, place, digest, lexicon)
    raise RowError("neither an application nor a label: no application_number, no set_id")


def number_of(printed: str) -> tuple[str, str | None]:
    """Number and type of an application as Drugs@FDA has them.

    >>> number_of("NDA021588"), number_of("BLA761113")
    (('021588', 'NDA'), ('761113', 'BLA'))
    """
    match = _NUMBER.fullmatch(printed.strip())
    if not match:
        raise RowError(f"'{printed[:40]}' is no application number")
    return match[2].zfill(6), match[1].upper() if match[1] else None


# ---- applications ----------------------------------------------------------------------------------------------------------------


def _of_application(entry: dict[str, Any], place: str, digest: str) -> Record:
    number, kind = number_of(entry["application_number"])
    holder = entry.get("sponsor_name") or None
    products = tuple(_products(entry, number, place))
    submissions = tuple(_submissions(entry, number, place))
    decisions = (decision_of(submission, products, holder) for submission in submissions)
    brands = ", ".join(dict.fromkeys(product.brand for product in products if product.brand))
    return Record(
        source=NAME,
        id=number,
        document=Document(
            title=f"{kind or 'application'} {number}: {brands} ({holder})", publisher=AUTHORITY, license=LICENSE, sha256=digest
        ),
        known_at=max((s.date for s in submissions if s.date), default=None),
        applications=(
            Application(
                id=number,
                authority=AUTHORITY,
                application_type=kind,
                applicant=holder,
                evidence=(Evidence(slot="id", path=f"{place}/application_number"),),
            ),
        ),
        products=products,
        submissions=submissions,
        decisions=tuple(decision for decision in decisions if decision),
        ignored=_ignored(entry),
    )


def _products(entry: dict[str, Any], number: str, place: str) -> Iterator[Product]:
    for at, one in enumerate(entry.get("products") or ()):
        ingredients = [item for item in one.get("active_ingredients") or () if item.get("name")]
        strengths = "; ".join(item["strength"] for item in ingredients if item.get("strength"))
        yield Product(
            id=f"{number}-{one.get('product_number') or f'{at + 1:03}'}",
            brand=one.get("brand_name") or None,
            ingredients=tuple(dict.fromkeys(item["name"].lower() for item in ingredients)),
            form=one.get("dosage_form") or None,
            route=one.get("route") or None,
            strength=strengths or None,
            jurisdiction=JURISDICTION,
            application=number,
            marketing_status=one.get("marketing_status") or None,
            evidence=(Evidence(slot="ingredients", path=f"{place}/products/{at}/active_ingredients"),),
        )


def _submissions(entry: dict[str, Any], number: str, place: str) -> Iterator[Submission]:
    for at, one in enumerate(entry.get("submissions") or ()):
        kind, own = one.get("submission_type"), one.get("submission_number")
        if not (kind and own):
            raise RowError(f"submission {at} has no type or number")
        status = one.get("submission_status") or ""
        yield Submission(
            id=f"{kind}-{own}",
            application=number,
            submission_type=kind,
            submission_number=own,
            submission_class=one.get("submission_class_code") or None,
            submission_status=STATUS.get(status, status) or None,
            date=dated(one.get("submission_status_date"), DAY),
            review_priority=one.get("review_priority") or None,
            evidence=(Evidence(slot="submission_status", path=f"{place}/submissions/{at}"),),
        )


_PRODUCT = {"product_number", "brand_name", "active_ingredients", "dosage_form", "route", "marketing_status"}
_SUBMISSION = {
    "submission_type", "submission_number", "submission_class_code", "submission_status", "submission_status_date", "review_priority",
}  # fmt: skip
_ENTRY = {"application_number", "sponsor_name", "products", "submissions", "openfda"}  # openfda repeats what the products say


def _ignored(entry: dict[str, Any]) -> dict[str, int]:
    """Fields that are neither read nor named as ignored, with counts."""
    met: dict[str, int] = dict.fromkeys(entry.keys() - _ENTRY, 1)
    for kind, known in (("products", _PRODUCT), ("submissions", _SUBMISSION)):
        for one in entry.get(kind) or ():
            for name in one.keys() - known - IGNORED:
                met[f"{kind}/{name}"] = met.get(f"{kind}/{name}", 0) + 1
    return dict(sorted(met.items()))


# ---- labels ----------------------------------------------------------------------------------------------------------------------


def _of_label(entry: dict[str, Any], place: str, digest: str, lexicon: Lexicon) -> Record:
    coded = entry.get("openfda") or {}
    key = entry.get("set_id") or entry["id"]
    brands, names = tuple(coded.get("brand_name") or ()), tuple(coded.get("generic_name") or coded.get("substance_name") or ())
    return Record(
        source=NAME,
        id=key,
        document=Document(
            title=f"Label of {', '.join(brands or names) or key}",
            publisher=", ".join(coded.get("manufacturer_name") or ()) or AUTHORITY,
            license=LICENSE,
            sha256=digest,
        ),
        known_at=dated(entry.get("effective_time"), DAY),
        agents=_agents(coded, names, brands, entry, place),
        decisions=tuple(_label_decisions(entry, coded, names, place, lexicon)),
        ignored=dict.fromkeys(sorted(entry.keys() - set(LABEL_FIELDS)), 1),
    )


def _agents(coded: dict[str, Any], names: tuple[str, ...], brands: tuple[str, ...], entry: dict[str, Any], place: str) -> tuple[Agent, ...]:
    """What a label says of its one substance; a combination lends its codes to nobody."""
    substances = coded.get("substance_name") or names
    if len(names) != 1 or len(substances) > 1:
        return ()
    codes = tuple(f"unii:{code}" for code in coded.get("unii") or ()) if len(coded.get("unii") or ()) == 1 else ()
    mechanism = " ".join(entry.get("mechanism_of_action") or ())[:2_000] or None
    shown = (Evidence(slot="name", path=f"{place}/openfda/generic_name"),)
    return (Agent(name=names[0].lower(), brands=brands, identifiers=codes, mechanism_text=mechanism, evidence=shown),)


def _label_decisions(
    entry: dict[str, Any], coded: dict[str, Any], names: tuple[str, ...], place: str, lexicon: Lexicon
) -> Iterator[Decision]:
    """One decision a use; the label says that it is approved, not since when."""
    numbers: tuple[str, ...] = tuple(coded.get("application_number") or ())
    base = Decision(
        regulator=AUTHORITY,
        jurisdiction=JURISDICTION,
        decision_kind="marketing",
        status="approved",
        regimen=tuple(map(str.lower, names)),
        product=tuple(coded.get("brand_name") or ()),
        application=number_of(numbers[0])[0] if len(numbers) == 1 and _NUMBER.fullmatch(numbers[0]) else None,
        applicant=next(iter(coded.get("manufacturer_name") or ()), None),
    )
    for at, text in enumerate(entry.get("indications_and_usage") or ()):
        where = f"{place}/indications_and_usage/{at}"
        told = replace(base, evidence=(Evidence(slot="status", path=where),))
        yield from (one for one in cells.decisions(told, text, where, lexicon) if one.condition)
