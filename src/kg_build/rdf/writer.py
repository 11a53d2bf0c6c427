"""N-Quads text: literals, the quad writer, and how evidence hangs on a node."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import count
from json.encoder import encode_basestring

from kg_build import terms
from kg_build.facts import Evidence, Fact, Record, doubtful

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

STATEMENTS = ("Decision", "Submission", "Estimate", "AdverseEventRate", "Recommendation", "DoseSchedule", "Assertion")
SUPER: dict[str, tuple[str, ...]] = {
    "ClinicalTrial": ("Study",),
    "RealWorldStudy": ("Study",),
    "Document": ("Record",),
    **dict.fromkeys(
        ("Decision", "Submission", "Estimate", "AdverseEventRate", "Recommendation", "DoseSchedule", "Assertion"), ("Statement",)
    ),
    "pivotalStudy": ("supportedBy",),
    "bridgedBy": ("supportedBy",),
    "confirmatoryStudy": ("supportedBy",),
    "estimateOf": ("ofStudy",),
}
"""Super-classes and super-properties, written out because the store does not infer; kg.ttl says the same."""

_ENDS = '.!?:;"”)]0123456789'  # what a sentence ends with, footnote marks too; a headline ends with none of them
_CONTEXT = 32  # characters of prefix and suffix beside a quote


@cache
def prop(name: str) -> str:
    """N-Quads term of a property or class: local name of kg:, or a CURIE."""
    return f"<{terms.expand(name) if ':' in name else terms.KG + name}>"


def text(value: str) -> str:
    r"""Plain literal.

    >>> text('5" <i>')
    '"5\\" <i>"'
    """
    literal: str = encode_basestring(value)
    return literal.replace("\x7f", "\\u007F")


def typed(value: str, datatype: str) -> str:
    """Literal with an XSD datatype."""
    return f'"{value}"^^<{XSD}{datatype}>'


def integer(value: int) -> str:
    """xsd:integer literal."""
    return typed(str(value), "integer")


def decimal(value: float | str) -> str:
    """xsd:decimal literal, never in scientific notation.

    >>> decimal(1e-05)
    '"0.00001"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    return typed(format(Decimal(repr(value) if isinstance(value, float) else value), "f"), "decimal")


def boolean(value: bool) -> str:
    """xsd:boolean literal."""
    return typed("true" if value else "false", "boolean")


_DATES = {10: ("date", re.compile(r"\d{4}-\d\d-\d\d")), 7: ("gYearMonth", re.compile(r"\d{4}-\d\d")), 4: ("gYear", re.compile(r"\d{4}"))}


def date(value: str) -> str:
    """Date literal typed by its precision; what is no date stays a plain string for `kg check` to find."""
    datatype, pattern = _DATES.get(len(value), ("", None))
    return typed(value, datatype) if pattern and pattern.fullmatch(value) else text(value)


_P = re.compile(r"\s*(<=|>=|<|>|=|≤|≥)?\s*(\d*\.?\d+(?:[eE]-?\d+)?)\s*")


def p_value(printed: str) -> tuple[str, Decimal] | None:
    """Comparator and number of a printed P value.

    >>> p_value("< .0001")
    ('<', Decimal('0.0001'))
    """
    match = _P.fullmatch(printed)
    if not match:
        return None
    try:
        return (match[1] or "=").replace("≤", "<=").replace("≥", ">="), Decimal(match[2])
    except InvalidOperation:  # pragma: no cover  (the pattern admits only numbers)
        return None


def _widest(spans: Iterable[Evidence]) -> list[str]:
    """The quotes of cells that no other quote holds, in order."""
    quoted = sorted({(s.path or "", s.start, -(s.end or 0), s.quote) for s in spans if s.start is not None and s.quote})
    found: list[str] = []
    last = ("", 0)
    for path, _, end, quote in quoted:
        if path != last[0] or -end > last[1]:
            found.append(" ".join(quote.split()))
            last = (path, -end)
    return found


class Writer:
    """Collects the quads of one record; `lines` are N-Quads without line ends. A superseded version was said until `until`."""

    def __init__(self, record: Record, superseded: bool = False, until: str | None = None) -> None:
        self.record, self.until = record, until
        self.suffix = terms.version(record.known_at, record.document.sha256) if superseded else ""
        self.iri = terms.record(record.source, record.id + self.suffix)
        self.graph = f"<{self.iri}>"
        self.home = self.graph  # where things stand, also those that only a doubtful fact mentions
        self.lines: list[str] = []
        self.keys: set[tuple[str, str]] = set()
        self.repeats: Counter[tuple[str, str]] = Counter()  # how often a key was asked for: its free number need not be sought from 1

    @contextmanager
    def among_candidates(self, fact: Fact) -> Iterator[None]:
        """Writes a doubtful, negated or hypothetical fact where a plain query does not see it."""
        graph = self.graph
        if doubtful(fact):
            self.graph = f"<{self.iri}{terms.DOUBTFUL}>"
        yield
        self.graph = graph

    def add(self, subject: str, predicate: str, obj: str, graph: str | None = None) -> None:
        """One quad; the predicate is a kg: local name or a CURIE; super-properties are written out."""
        graph = graph or self.graph
        self.lines.append(f"<{subject}> {prop(predicate)} {obj} {graph} .")
        for parent in SUPER.get(predicate, ()):
            self.lines.append(f"<{subject}> {prop(parent)} {obj} {graph} .")

    def link(self, subject: str, predicate: str, target: str, graph: str | None = None) -> None:
        """One quad whose object is an IRI."""
        self.add(subject, predicate, f"<{target}>", graph)

    def say(self, subject: str, predicate: str, value: str | None, graph: str | None = None) -> None:
        """One quad with a string, if there is one."""
        if value:
            self.add(subject, predicate, text(value), graph)

    def type(self, subject: str, name: str, graph: str | None = None) -> None:
        """Class of a node, with its super-classes."""
        graph = graph or self.graph
        for one in (name, *SUPER.get(name, ())):
            self.lines.append(f"<{subject}> {RDF_TYPE} {prop(one)} {graph} .")

    def mint(self, kind: str, key: str) -> str:
        """IRI of a statement or local part of this record; repeats of a key get -2, -3... in order."""
        free = next(name for n in count(self.repeats[kind, key] + 1) if (kind, name := key if n == 1 else f"{key}-{n}") not in self.keys)
        self.repeats[kind, key] += 1
        self.keys.add((kind, free))
        return self.local(kind, free)

    def local(self, kind: str, key: str) -> str:
        """IRI of a part of this record under a key that the record itself keeps unique."""
        return terms.statement(kind, self.record.source, self.record.id, key + self.suffix)

    # ---- evidence ------------------------------------------------------------------------------------------------------------

    def evidence(self, node: str, spans: Iterable[Evidence]) -> None:
        """Where a node stands in its source: selectors and sentences for texts, paths for registries."""
        spans = list(spans)
        for number, span in enumerate((s for s in spans if s.start is not None), 1):
            self._span(node, number, span)
        for path in dict.fromkeys(s.path for s in spans if s.path):
            self.say(node, "sourcePath", path)
        self.say(node, "sentence", self.sentence(spans))

    def _span(self, node: str, number: int, span: Evidence) -> None:
        start, end = span.start or 0, span.end or 0
        place = f"{node}/evidence/{number}"
        cell = f"{terms.digest([span.path])}." if span.path else ""
        selector = self.local("selector", f"{cell}{start}-{end}")
        self.link(node, "evidence", place)
        self.link(place, "rdf:type", terms.expand("oa:SpecificResource"))
        self.say(place, "slot", span.slot)
        self.say(place, "sourcePath", span.path)
        self.link(place, "oa:hasSource", self.iri)
        if span.page is not None:
            self.add(place, "page", integer(span.page))
        self.link(place, "oa:hasSelector", selector)
        for name in ("oa:TextPositionSelector", "oa:TextQuoteSelector"):
            self.link(selector, "rdf:type", terms.expand(name))
        self.add(selector, "oa:start", integer(start))
        self.add(selector, "oa:end", integer(end))
        self.say(selector, "oa:exact", span.quote)
        if self.record.text is not None:
            self.say(selector, "oa:prefix", self.record.text[max(0, start - _CONTEXT) : start])
            self.say(selector, "oa:suffix", self.record.text[end : end + _CONTEXT])

    def sentence(self, spans: Iterable[Evidence]) -> str | None:
        """The sentences that hold the spans, in order; gaps marked by an ellipsis. Of cells the widest quotes."""
        whole = self.record.text
        if whole is None:
            return " … ".join(_widest(spans)) or None
        starts = [span.start for span in spans if span.start is not None]
        found = [i for i, (a, b) in enumerate(self.record.sentences) if any(a <= start < b for start in starts)]
        parts: list[str] = []
        for previous, i in zip([None, *found], found, strict=False):
            a, b = self.record.sentences[i]
            follows = previous is not None and previous == i - 1 and parts[-1][-1:] in _ENDS
            parts.append(("" if previous is None else " " if follows else " … ") + " ".join(whole[a:b].split()))
        return "".join(parts) or None

    # ---- statements ----------------------------------------------------------------------------------------------------------

    def statement(self, kind: str, name: str, key: str, fact: Fact, spans: Iterable[Evidence] | None = None) -> str:
        """Mint a statement and write what every statement carries."""
        node = self.mint(kind, key)
        self.type(node, name)
        self.link(node, "statedIn", self.iri)
        self.add(node, "confidence", decimal(fact.confidence))
        self.say(node, "assertion", fact.assertion)
        if self.record.known_at:
            self.add(node, "knownFrom", date(self.record.known_at))
        if self.until:
            self.add(node, "knownUntil", date(self.until))
        self.evidence(node, fact.evidence if spans is None else spans)
        return node
