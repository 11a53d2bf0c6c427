"""What is known around some things, as a networkx graph whose every relation carries the sentence or registry field behind it.

Statements (decisions, outcomes, recommendations...) are nodes; plumbing (evidence, selectors, assertions, records, arms) is not:
it becomes what the relations say. Nearest and most telling first; `graph["total"]` says how many cards there would be.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

import networkx as nx

from kg_build import terms
from kg_build.network import wording
from kg_build.network.outcomes import (
    DOSES,
    ESTIMATES,
    ESTIMATES_AT,
    MOST_FIGURES,
    RATES,
    RATES_OF,
    Folded,
    fold_doses,
    fold_estimates,
    fold_rates,
    references_of,
)

Ask = Callable[[str, dict[str, str]], Iterable[Mapping[str, str]]]
"""A query and its IRI bindings (columns of the query) -> rows of plain strings; unbound columns are absent."""

CARDS: dict[str, float] = {
    "ClinicalTrial": 0.05, "RealWorldStudy": 0.05, "Study": 0.1, "AgentClass": 0.2, "Agent": 0.0, "Regimen": 0.0,
    "Target": 0.1, "Mechanism": 0.15, "Indication": 0.15, "Condition": 0.2, "Regulator": 0.2, "GuidelineBody": 0.2,
    "Organization": 0.3, "Product": 0.5, "Decision": 0.1, "Recommendation": 0.15, "Estimate": 0.2, "AdverseEventRate": 0.35,
    "Conflict": 0.3, "DoseSchedule": 0.6,
}  # fmt: skip
"""Classes shown as cards, the more specific first; a smaller weight is more telling.

Dossiers, submissions and jurisdictions are told in the details of decisions, and are cards only where they are asked for.
"""
STATEMENTS = {"Decision", "Recommendation", "Conflict"}
_FOLDED: dict[str, tuple[str, Callable[..., list[Folded]], str, str]] = {
    "Estimate": (ESTIMATES, fold_estimates, "estimateOf", "endpoint"),
    "AdverseEventRate": (RATES, fold_rates, "ofStudy", "adverseEvent"),
    "DoseSchedule": (DOSES, fold_doses, "ofStudy", "agent"),
}
"""Statements shown as one card a study and subject: their query, what folds them, and how a card is joined to its study and subject."""
_STUDY = {"ClinicalTrial", "RealWorldStudy", "Study"}
_STARTS = 40
_RANK = 0.06  # each further sibling of one class counts as this much farther: hubs take turns
_CURATED = {"hasTarget", "hasMechanism", "memberOf", "developedBy", "broader", "hasJurisdiction"}  # from a text they have an assertion
_BY_DEFINITION = {"hasAgent", "condition"}
_SUPER = {"supportedBy": {"pivotalStudy", "bridgedBy", "confirmatoryStudy"}, "ofStudy": {"estimateOf"}}

_IMPLIED = {"intervention": ("usesRegimen", "hasAgent")}
"""A relation that is not drawn where two others, both shown, say the same by a third card."""

_KINDS = ", ".join(f"kg:{kind}" for kind in CARDS if kind not in _FOLDED)
# The class stands in an OPTIONAL so that the engine begins at ?x (0.5 to 13 ms a card on 1.7 M triples, else 30 to 475).
_OUT = f"""SELECT ?x ?p ?y ?kind ?label ?date ?brand ?event WHERE {{
  ?x ?p ?y OPTIONAL {{ ?y a ?kind }} FILTER(?kind IN ({_KINDS}))
  OPTIONAL {{ ?y rdfs:label ?label }} OPTIONAL {{ ?y kg:decisionDate ?date }} OPTIONAL {{ ?y a kg:Product ; kg:brandName ?brand }}
  OPTIONAL {{ ?y a kg:Decision ; kg:reports ?event }} }}"""
_IN = _OUT.replace("?x ?p ?y OPT", "?y ?p ?x OPT")
_ARMS = """SELECT ?study ?regimen ?kind ?studyLabel ?regimenLabel ?role ?s WHERE {
  ?s kg:armOf ?study ; kg:usesRegimen ?regimen . OPTIONAL { ?study a ?kind }
  OPTIONAL { ?study rdfs:label ?studyLabel } OPTIONAL { ?regimen rdfs:label ?regimenLabel } OPTIONAL { ?s kg:armRole ?role } }"""
_SELF = """SELECT ?x ?kind ?label ?brand ?event WHERE { ?x a ?kind OPTIONAL { ?x rdfs:label ?label }
  OPTIONAL { ?x a kg:Product ; kg:brandName ?brand }
  OPTIONAL { ?x a kg:Decision ; kg:reports ?event } }"""
_SAME_ACT = "SELECT ?x ?y WHERE { ?x kg:reports ?event . ?y kg:reports ?event }"
_SAID = "SELECT ?x ?p ?v WHERE { ?x ?p ?v . FILTER(isLiteral(?v)) }"
_STATED = """SELECT ?x ?s ?sentence ?path ?record ?title ?url WHERE { ?x kg:statedIn ?record . BIND(?x AS ?s)
  OPTIONAL { ?x kg:sentence ?sentence } OPTIONAL { ?x kg:sourcePath ?path } OPTIONAL { ?record dcterms:title ?title }
  OPTIONAL { ?record schema:url ?url } }"""
_ASSERTED = """SELECT ?x ?p ?y ?s ?sentence ?path ?record ?title ?url WHERE { ?s rdf:subject ?x ; rdf:predicate ?p ; rdf:object ?y .
  FILTER(isIRI(?y)) OPTIONAL { ?s kg:sentence ?sentence } OPTIONAL { ?s kg:sourcePath ?path }
  OPTIONAL { ?s kg:statedIn ?record OPTIONAL { ?record dcterms:title ?title } OPTIONAL { ?record schema:url ?url } } }"""
_DESCRIBED = """SELECT ?x ?record ?title ?url WHERE { ?x kg:describedBy ?record . FILTER NOT EXISTS { ?record a kg:Document }
  OPTIONAL { ?record dcterms:title ?title } OPTIONAL { ?record schema:url ?url } }"""
_LARGEST = (
    f"""SELECT ?x (COUNT(?s) AS ?n) WHERE {{ ?s kg:forRegimen ?r . ?r kg:hasAgent ?x }} GROUP BY ?x ORDER BY DESC(?n) ?x LIMIT {_STARTS}"""
)
_STUDIES = f"SELECT ?x WHERE {{ ?x a kg:Study }} ORDER BY ?x LIMIT {_STARTS}"


def neighbourhood(ask: Ask, entities: Sequence[str], hops: int = 2, limit: int = 150) -> nx.MultiDiGraph:
    """Cards within some hops of the entities (IRIs; none: the agents with most decisions), at most `limit`, the most telling ones.

    A statement and the things it joins are one hop. Nodes carry id, kind, label, details, sources and focus; edges relation, label,
    sentence, path, record, url and statement. `graph["total"]` counts the cards met; it is a lower bound where not `graph["complete"]`.
    """
    walk = _Walk(_prefixed(ask), hops)
    asked = list(dict.fromkeys(entities)) or walk.start()
    chosen = walk.choose(asked, limit)
    graph = nx.MultiDiGraph(total=len(walk.found), complete=walk.complete, hops=hops)
    focus = walk.asked if entities else set()
    for iri in chosen:
        graph.add_node(iri, id=iri, focus=iri in focus, **walk.card(iri))
    for (subject, name, target), edge in walk.edges(chosen).items():
        graph.add_edge(subject, target, relation=name, **edge)
    return graph


def _prefixed(ask: Ask) -> Ask:
    names = ("kg", "rdf", "rdfs", "dcterms", "schema")
    head = "".join(f"PREFIX {name}: <{terms.prefixes()[name]}>\n" for name in names)
    return lambda query, bindings: ask(head + query, bindings)


Key = tuple[str, str, str]
"""Of a relation: subject, local name of the property, object."""


class _Found:
    """A card met on the way: what it is, how far, and how telling."""

    def __init__(self, kind: str, label: str, depth: float, priority: float) -> None:
        self.kind, self.label, self.depth, self.priority = kind, label, depth, priority


class _Near:
    """A neighbour with all that joins it: relations, classes, and what orders it among its like."""

    def __init__(self, iri: str, label: str, date: str) -> None:
        self.iri, self.label, self.date = iri, label, date
        self.kinds: set[str] = set()
        self.names: dict[str, str] = {}  # relation -> who states it

    def order(self) -> tuple[tuple[int, ...], str, str]:
        """Dated first, the latest first; then by label."""
        return tuple(-ord(sign) for sign in self.date) or (1,), self.label, self.iri


class _Walk:
    """A best-first walk: the nearest and most telling card is taken next, and opened where the hops allow it."""

    def __init__(self, ask: Ask, hops: int) -> None:
        self.ask, self.hops = ask, hops
        self.found: dict[str, _Found] = {}
        self.folded: dict[str, Folded] = {}
        self.card_of: dict[str, str] = {}  # folded statement -> its card
        self.links: dict[Key, dict[str, str]] = {}
        self.first: dict[str, str] = {}  # brand, or regulatory event -> its card
        self.alike: dict[str, dict[str, None]] = {}  # such a card -> the products or decisions it stands for
        self.asked: set[str] = set()
        self.opened: set[str] = set()
        self.stated: dict[str, list[dict[str, str]]] = {}
        self.complete = True

    def start(self) -> list[str]:
        """Where a look at the whole graph begins: the agents with most decisions and some studies."""
        starts = [[row["x"] for row in self.ask(query, {})] for query in (_LARGEST, _STUDIES)]
        self.complete = all(len(found) < _STARTS for found in starts)
        return [iri for found in starts for iri in found]

    # ---- walking -------------------------------------------------------------------------------------------------------------

    def choose(self, asked: Sequence[str], limit: int) -> list[str]:
        """The cards to show, in the order they were taken."""
        queue: list[tuple[float, int, str]] = []
        order: dict[str, None] = {}
        ticket, budget = count(), 2 * limit + 50
        for iri in asked:
            card = self._ask_for(iri)
            self.asked.add(card)
            heapq.heappush(queue, (0.0, next(ticket), card))
        while queue:
            priority, _, iri = heapq.heappop(queue)
            if iri in order or priority > self.found[iri].priority:
                continue
            order[iri] = None
            if len(self.opened) >= budget:
                self.complete = False
            elif self._opens(iri):
                for near in self._open(iri):
                    heapq.heappush(queue, (self.found[near].priority, next(ticket), near))
        return list(order)[:limit]

    def _ask_for(self, iri: str) -> str:
        """A card that was asked for; one figure is shown on the card of its study and endpoint."""
        rows = sorted(self.ask(_SELF, {"x": iri}), key=lambda row: row["kind"])
        kind = _most_specific([_local(row["kind"]) for row in rows])
        if kind in _FOLDED:
            for row in list(self.ask(_FOLDED[kind][0], {"s": iri}))[:1]:
                self._results(row["study"], 0.0)
            if iri in self.card_of:
                self.found[self.card_of[iri]].priority = 0.0
                return self.card_of[iri]
        for row in rows[:1]:
            iri = self._one({**row, "y": iri})
        self.found[iri] = _Found(kind, rows[0].get("label", iri) if rows else iri, 0.0, 0.0)
        return iri

    def _opens(self, iri: str) -> bool:
        card = self.found[iri]
        return card.depth < self.hops or card.kind in _STUDY or card.kind == "Indication"

    def _open(self, iri: str) -> list[str]:
        """Meets everything around a card and gives what is new or nearer."""
        self.opened.add(iri)
        card = self.found[iri]
        if card.kind == "Decision":
            self.alike.setdefault(iri, {iri: None}).update(dict.fromkeys(sorted(row["y"] for row in self.ask(_SAME_ACT, {"x": iri}))))
        members = list(self.alike.get(iri, [iri]))
        new = [
            near for one in members for way in (_OUT, _IN) for near in self._meet(iri, one, list(self.ask(way, {"x": one})), way is _OUT)
        ]
        if card.kind in _STUDY:
            new += self._arms(iri, "study", "regimen") + self._results(iri, card.depth)
        elif card.kind == "Regimen":
            new += self._arms(iri, "regimen", "study")
        elif card.kind == "Endpoint":
            new += self._fold(fold_estimates(self.ask(ESTIMATES_AT, {"endpoint": iri})), card.depth)
        elif card.kind == "AdverseEvent":
            new += self._fold(fold_rates(self.ask(RATES_OF, {"endpoint": iri})), card.depth)
        return new

    def _results(self, study: str, depth: float) -> list[str]:
        """The outcomes, adverse events and doses of a study."""
        estimates = list(self.ask(ESTIMATES, {"study": study}))
        seconds = references_of(estimates)
        rates, doses = (list(self.ask(query, {"study": study})) for query in (RATES, DOSES))
        cards = (fold_estimates(estimates), fold_rates(rates, seconds), fold_doses(doses, seconds))
        return [new for some in cards for new in self._fold(some, depth)]

    def _meet(self, iri: str, member: str, rows: Iterable[Mapping[str, str]], out: bool) -> list[str]:
        """Neighbours of a card, or of one of the statements or products that it stands for."""
        near: dict[str, _Near] = {}
        for row in sorted(rows, key=lambda row: (row["y"], row["p"], row["kind"])):
            other = near.setdefault(one := self._one(row), _Near(one, row.get("brand") or row.get("label", one), row.get("date", "")))
            other.kinds.add(_local(row["kind"]))
            other.names.setdefault(_local(row["p"]), member if out else row["y"])
        ranks: dict[str, int] = {}
        return [other.iri for other in sorted(near.values(), key=_Near.order) if self._join(iri, other, out, ranks)]

    def _one(self, row: Mapping[str, str]) -> str:
        """The card of a thing: itself; of the forms of one brand, and of the statements of one act, the first that was met."""
        alike = row.get("event") or row.get("brand", "").casefold()
        if not alike:
            return row["y"]
        one = self.first.setdefault(alike, row["y"])
        self.alike.setdefault(one, {})[row["y"]] = None
        return one

    def _join(self, iri: str, other: _Near, out: bool, ranks: dict[str, int]) -> bool:
        kind = _most_specific(other.kinds)
        for name, subject in other.names.items():
            key = (iri, name, other.iri) if out else (other.iri, name, iri)
            said = {"statement": subject} if (self.found[iri].kind if out else kind) == "Decision" else {}
            self.links.setdefault(key, said)
        ranks[kind] = ranks.get(kind, -1) + 1
        depth = self._depth(iri, kind, set(other.names))
        return depth is not None and self._note(other.iri, kind, other.label, depth, ranks[kind])

    def _depth(self, iri: str, kind: str, names: set[str]) -> float | None:
        """How far a neighbour is; None beyond the hops. A statement is half way; an indication's condition is part of it."""
        card = self.found[iri]
        if kind in STATEMENTS:
            return card.depth + 0.5 if card.depth < self.hops else None
        step = 0.5 if card.kind in STATEMENTS | set(_FOLDED) else 0.0 if names == {"condition"} and card.kind == "Indication" else 1.0
        return card.depth + step if card.depth + step <= self.hops else None

    def _note(self, iri: str, kind: str, label: str, depth: float, rank: int) -> bool:
        priority = depth + CARDS.get(kind, 0.5) + _RANK * rank
        known = self.found.get(iri)
        if known and priority >= known.priority:
            return False
        self.found[iri] = _Found(kind, label, min(depth, known.depth) if known else depth, priority)
        return iri not in self.opened

    def _arms(self, iri: str, here: str, there: str) -> list[str]:
        """Studies and regimens are joined by the study's arms: the arm's role is what the relation says, its evidence the source."""
        rows = sorted(self.ask(_ARMS, {here: iri}), key=lambda row: (row[there], row["s"], row.get("kind", "")))
        kinds: dict[str, set[str]] = {}
        for row in rows:
            kinds.setdefault(row[there], set()).add("Regimen" if there == "regimen" else _local(row.get("kind", "")))
            said = {"label": wording.relation("usesRegimen", row.get("role", "")), "statement": row["s"]}
            self.links.setdefault((row["study"], "usesRegimen", row["regimen"]), said)
        labels = {row[there]: row.get(f"{there}Label", row[there]) for row in rows}
        depth = self.found[iri].depth + 1
        return [
            other
            for rank, other in enumerate(sorted(kinds, key=lambda other: (labels[other], other)))
            if depth <= self.hops and self._note(other, _most_specific(kinds[other]), labels[other], depth, rank)
        ]

    def _fold(self, cards: list[Folded], depth: float) -> list[str]:
        new = []
        for rank, card in enumerate(cards):
            self.folded[card.id] = card
            self.card_of.update(dict.fromkeys(card.members, card.id))
            *_, of, about = _FOLDED[card.kind]
            self.links[card.id, of, card.study] = self.links[card.id, about, card.about] = {}
            if self._note(card.id, card.kind, card.label, depth + 0.5, rank):
                new.append(card.id)
        return new

    # ---- what is shown -------------------------------------------------------------------------------------------------------

    def card(self, iri: str) -> dict[str, Any]:
        """Attributes of a node."""
        card = self.found[iri]
        if folded := self.folded.get(iri):
            return {"kind": folded.kind, "label": folded.label, "details": folded.details, "sources": self._sources_of(folded.members)}
        members = list(self.alike.get(iri, [iri]))
        values = {one: self._said(one) for one in members}
        head = min(members, key=lambda one: (-len("".join(values[one].get("decisionDate", ()))), one))
        label = wording.label(card.kind, values[head], card.label)
        merged = {
            name: sorted({value for one in members for value in values[one].get(name, ())}) for one in members for name in values[one]
        }
        sources = self._sources_of(members) if card.kind in STATEMENTS else []
        return {"kind": card.kind, "label": label, "details": wording.details(merged, label), "sources": sources}

    def _said(self, iri: str) -> dict[str, list[str]]:
        """Literals of a thing: CURIE, or local name of ours -> values."""
        values: dict[str, list[str]] = {}
        for name, value in sorted((row["p"], row["v"]) for row in self.ask(_SAID, {"x": iri})):
            values.setdefault(terms.contract(name).removeprefix("kg:"), []).append(value)
        return values

    def _sources_of(self, statements: Sequence[str]) -> list[dict[str, str]]:
        """The different sentences, or the fields, that a card stands on."""
        found = [source for one in statements[:MOST_FIGURES] for source in self._stated(one)]
        found.sort(key=lambda source: "sentence" not in source)
        different = {(source.get("sentence") or source.get("path"), source.get("record")): source for source in reversed(found)}
        return list(different.values())[:-7:-1]

    def _stated(self, iri: str) -> list[dict[str, str]]:
        if iri not in self.stated:
            rows = sorted(self.ask(_STATED, {"x": iri}), key=lambda row: sorted(row.items()))
            self.stated[iri] = [_source(row) for row in rows[:1]]
        return self.stated[iri]

    def edges(self, chosen: Sequence[str]) -> dict[Key, dict[str, str]]:
        """Relations among the chosen cards, each with its words and its source; those between two cards at the rim included."""
        shown = set(chosen)
        for iri in chosen:
            if iri not in self.opened and iri not in self.folded:
                for row in self.ask(_OUT, {"x": iri}):
                    self.links.setdefault((iri, _local(row["p"]), self._one(row)), {})
        kept = {key: dict(said) for key, said in self.links.items() if key[0] in shown and key[2] in shown and key[0] != key[2]}
        between: dict[tuple[str, str], set[str]] = {}
        for subject, name, target in kept:
            between.setdefault((subject, target), set()).add(name)
        kept = {key: said for key, said in kept.items() if not _SUPER.get(key[1], set()) & between[key[0], key[2]]}
        kept = {key: said for key, said in kept.items() if not _implied(key, set(kept))}
        for subject in {key[0] for key in kept}:
            self._sources(subject, kept)
        return {key: {"label": wording.relation(key[1]), **kept[key]} for key in sorted(kept)}

    def _sources(self, subject: str, kept: dict[Key, dict[str, str]]) -> None:
        """The sentence or field behind each relation of a subject: its own statement, an assertion, or the record that describes it."""
        kind = self.found[subject].kind
        if kind in _FOLDED or kind in STATEMENTS:
            default = next(iter(self._stated(subject)), {})
        else:
            default = self._described(subject)
        asserted = {(_local(row["p"]), row["y"]): _source(row) for row in self._asserted(subject)}
        for key, said in kept.items():
            if key[0] == subject and "statement" in said:
                said.update(next(iter(self._stated(said["statement"])), {}))
            elif key[0] == subject:
                curated = {"record": "curated table of names"} if key[1] in _CURATED else {}
                said.update(asserted.get((key[1], key[2])) or curated or ({} if key[1] in _BY_DEFINITION else default))

    def _described(self, subject: str) -> dict[str, str]:
        rows = sorted(self.ask(_DESCRIBED, {"x": subject}), key=lambda row: sorted(row.items()))
        return _source(rows[0]) if rows else {}

    def _asserted(self, subject: str) -> list[Mapping[str, str]]:
        """Assertions of a subject; those with a sentence come last, and win."""
        return sorted(self.ask(_ASSERTED, {"x": subject}), key=lambda row: (bool(row.get("sentence")), sorted(row.items())))


def _most_specific(kinds: Iterable[str]) -> str:
    """The first of a thing's classes in the order of CARDS; else the first by name that is no general class."""
    names = set(kinds)
    rest = sorted(names - {"Statement", "Study", "Record"}) or sorted(names)
    return next((kind for kind in CARDS if kind in names), rest[0] if rest else "Thing")


def _source(row: Mapping[str, str]) -> dict[str, str]:
    """Where a statement stands, as the attributes an edge or a card carries: sentence or path, record, url, statement."""
    names = {"sentence": "sentence", "path": "path", "title": "record", "url": "url", "s": "statement"}
    found = {name: row[key] for key, name in names.items() if row.get(key)}
    return found if "record" in found or not row.get("record") else {**found, "record": row["record"].rpartition("/record/")[2]}


def _implied(key: Key, kept: set[Key]) -> bool:
    first, second = _IMPLIED.get(key[1], ("", ""))
    steps = {target for subject, name, target in kept if (subject, name) == (key[0], first)} if first else set()
    return any((middle, second, key[2]) in kept for middle in steps)


def _local(iri: str) -> str:
    """Local name of a class or property: what follows the last #, / or :."""
    return re.split("[#/:]", iri)[-1]
