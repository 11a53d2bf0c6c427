"""The Disease Ontology and its subsets in OBO format, one record a term, with what it is a kind of.

Records are named by subset and term: the subsets shorten the hierarchy each in its own way, so that none is a version of another.
Source: https://github.com/DiseaseOntology/HumanDiseaseOntology (CC0).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.facts import Concept, Condition, Evidence, Record, Rejected
from kg_build.sources import archives, texts, vocabulary

NAME = "doid"
PUBLISHER, LICENSE = "Disease Ontology", "CC0 1.0"
EXPECT = (500, 20_000)
"""Terms of a subset or of all."""
XREFS = {"MESH": "mesh", "NCI": "ncit"}
"""Prefix of a cross-reference -> scheme; only where a term has a single one of a scheme is it the term's own."""
IGNORED = frozenset(
    (
        "namespace", "alt_id", "def", "comment", "subset", "property_value", "created_by", "creation_date", "consider", "disjoint_from",
        "intersection_of", "relationship", "equivalent_to",
    )
)  # fmt: skip
READ = frozenset({"id", "name", "synonym", "xref", "is_a", "is_obsolete", "replaced_by"})

_RELEASE = re.compile(r"releases/(\d{4}-\d\d-\d\d)")
_SYNONYM = re.compile(r'"((?:[^"\\]|\\.)*)"\s+(\w+)')
_MOST = 500_000_000


@dataclass
class Term:
    """One stanza: its line, and its values by tag."""

    line: int
    tags: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def first(self, tag: str) -> str:
        """The first value of a tag, "" where there is none."""
        return next(iter(self.tags.get(tag, ())), "")


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are an OBO file of the Disease Ontology."""
    return head.startswith(b"format-version:") and b"ontology: doid" in head[:4_000]


def _stanzas(path: Path) -> tuple[dict[str, str], list[Term]]:
    try:
        text, _ = texts.decode(archives.read_bytes(path, _MOST))
    except texts.NotTextError as error:
        raise SourceError(f"{path}: {error}") from None
    header: dict[str, str] = {}
    terms: list[Term] = []
    current: Term | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            current = Term(number) if line.startswith("[Term]") else None
            terms += [current] if current else []
            continue
        tag, colon, value = line.partition(": ")
        if colon and current is not None:
            current.tags[tag].append(value)
        elif colon and not terms:
            header[tag] = value
    return header, terms


def _synonyms(term: Term) -> tuple[list[str], int]:
    """Exact synonyms, and how many others there are."""
    found = [match for printed in term.tags.get("synonym", ()) if (match := _SYNONYM.match(printed))]
    exact = [re.sub(r"\\(.)", r"\1", match[1]) for match in found if match[2] == "EXACT"]
    return exact, len(term.tags.get("synonym", ())) - len(exact)


def _identifiers(term: Term) -> tuple[tuple[str, ...], Counter[str]]:
    """The term's own identifiers, and the cross-references that are none by prefix."""
    by_prefix: dict[str, list[str]] = {}
    for printed in term.tags.get("xref", ()):
        prefix, _, value = printed.split(" ")[0].partition(":")
        by_prefix.setdefault(prefix, []).append(value)
    own = [f"{XREFS[prefix]}:{values[0]}" for prefix, values in sorted(by_prefix.items()) if prefix in XREFS and len(values) == 1]
    unread = Counter({f"xref {prefix}": len(v) for prefix, v in by_prefix.items() if prefix not in XREFS or len(v) > 1})
    return (f"doid:{_local(term.first('id'))}", *own), unread


def _local(identifier: str) -> str:
    return identifier.partition(" ")[0].partition(":")[2]


def _record(term: Term, subset: str, day: str | None, concepts: dict[str, Concept]) -> Record:
    identifier = term.first("id")
    synonyms, others = _synonyms(term)
    own, unread = _identifiers(term)
    unread.update({"synonym, not exact": others, **{tag: len(v) for tag, v in term.tags.items() if tag not in READ | IGNORED}})
    obsolete = term.first("is_obsolete") == "true"
    parents = [value.partition(" ")[0] for value in term.tags.get("is_a", ())]
    condition = Condition(
        name=term.first("name"),
        other_names=vocabulary.distinct(synonyms, term.first("name")),
        identifiers=own,
        broader=tuple(concepts[parent] for parent in parents if parent in concepts),
        evidence=(Evidence(slot="name", path=f"{NAME}#L{term.line}"),),
    )
    unread["is_a, not in the file"] = sum(parent not in concepts for parent in parents)
    replaced = f", replaced by {term.first('replaced_by')}" if term.first("replaced_by") else ""
    return vocabulary.record(
        NAME,
        f"{subset}.{identifier.replace(':', '_')}",
        license=LICENSE,
        publisher=PUBLISHER,
        content=(f"{tag}: {value}" for tag, values in term.tags.items() for value in values),
        condition=None if obsolete else condition,
        known_at=day,
        ignored=unread,
        note=f"obsolete{replaced}" if obsolete else None,
    )


def read(path: Path) -> Iterator[Record | Rejected]:
    """The terms of the file, in its order; known since its release. An obsolete term names nothing and says so in its note."""
    header, terms = _stanzas(path)
    subset = header.get("ontology", "doid").rpartition("/")[2]
    release = _RELEASE.search(header.get("data-version", ""))
    named = [term for term in terms if term.first("id").startswith("DOID:") and term.first("name")]
    concepts = {
        term.first("id"): Concept(name=term.first("name"), identifiers=_identifiers(term)[0])
        for term in named
        if term.first("is_obsolete") != "true"
    }
    for term in terms:
        if not (term.first("id").startswith("DOID:") and term.first("name")):
            digest = hashlib.sha256(repr(dict(term.tags)).encode()).hexdigest()
            yield Rejected(source=NAME, where=f"{path.name}#L{term.line}", reason="a term without DOID and name", sha256=digest)
            continue
        yield _record(term, subset, release[1] if release else None, concepts)
