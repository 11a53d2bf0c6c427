"""Knowledge graphs in KGX: nodes and edges as tables or JSON lines, one record a node with the edges that leave it.

Nodes that are drugs become agents, diseases become conditions; of the edges, kinds of diseases and mechanisms with a stated action are
read. That a drug interacts with a protein, or treats a disease, says neither how it acts nor who approved it, and is counted as ignored.
Source: https://github.com/biolink/kgx (the licence is that of the graph).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.facts import Agent, Concept, Condition, Evidence, Record, Rejected
from kg_build.sources import archives, vocabulary
from kg_build.sources.archives import Files

NAME = "kgx"
AGENTS = frozenset({"Drug", "SmallMolecule", "ChemicalEntity", "MolecularMixture"})
CONDITIONS = frozenset({"Disease"})
"""Categories of the Biolink model; nodes of others are named by edges only."""
SCHEMES = {"chembl.compound": "chembl"}
"""Prefix of an identifier -> scheme, where it is not the prefix itself."""
LISTS = frozenset({"category", "xref", "same_as", "synonym", "provided_by"})
IGNORED = frozenset({"description", "iri", "in_taxon", "in_taxon_label", "full_name", "symbol", "type", "deprecated"})
READ = frozenset({"id", "name"}) | LISTS
BROADER, ACTION = "subclass_of", "causal_mechanism_qualifier"

_FILE = re.compile(r"(?:.*[._-])?(nodes|edges)\.(tsv|jsonl)(?:\.gz)?")
_NODES = re.compile(rb'^(?:id\tcategory\t|id\tname\tcategory\t|\{"id"\s*:\s*"[^"]+"\s*,[^\n]*"category"\s*:\s*\[\s*"biolink:)')
_EDGES = re.compile(rb'^(?:[^\n]*\t)?subject\tpredicate\tobject(?:\t|\r?\n)|^\{[^\n]*"predicate"\s*:\s*"biolink:')

Row = dict[str, object]


class _Names:
    """File names that nodes and edges may have."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _FILE.fullmatch(name) is not None


FILES = _Names()


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are nodes or edges."""
    return bool(_NODES.match(head) or _EDGES.match(head))


def holds_tables(names: Iterable[str]) -> bool:
    """Whether these names hold the nodes and the edges of just one graph."""
    kinds = Counter(match[1] for name in names if (match := _FILE.fullmatch(name.rsplit("/", 1)[-1])))
    return kinds == {"nodes": 1, "edges": 1}


def _rows(lines: Iterable[bytes], kind: str, file: str) -> Iterator[tuple[str, Row] | Rejected]:
    """Place and values of each line; lists are lists in both forms."""
    header: list[str] = []
    for number, line in enumerate(lines, start=1):
        text = line.decode("utf-8", "replace").strip("\r\n")
        place = f"{kind}#L{number}"
        if text.startswith("{") and not header:
            try:
                yield place, json.loads(text)
            except ValueError as error:
                yield _rejected(file, number, f"no JSON: {error}", line)
        elif not header:
            header = text.split("\t")
        elif len(cells := text.split("\t")) != len(header):
            yield _rejected(file, number, f"{len(cells)} cells instead of {len(header)}", line)
        else:
            row = dict(zip(header, cells, strict=True))
            yield place, {name: cell.split("|") if name in LISTS else cell for name, cell in row.items() if cell}


def _rejected(file: str, number: int, reason: str, line: bytes) -> Rejected:
    return Rejected(source=NAME, where=f"{file}#L{number}", reason=reason, sha256=hashlib.sha256(line).hexdigest())


def _texts(row: Row, name: str) -> list[str]:
    found = row.get(name) or []
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def _text(row: Row, name: str) -> str:
    return next(iter(_texts(row, name)), "").strip()


def _curie(printed: str) -> str:
    prefix, _, value = printed.strip().partition(":")
    return f"{SCHEMES.get(prefix.lower(), prefix.lower())}:{value}"


def _identifiers(row: Row) -> tuple[str, ...]:
    """The node's own identifier, and those references that are the only ones of their scheme."""
    others = [_curie(one) for name in ("same_as", "xref") for one in _texts(row, name) if ":" in one]
    counts = Counter(one.partition(":")[0] for one in dict.fromkeys(others))
    own = _curie(_text(row, "id"))
    single = [one for one in dict.fromkeys(others) if counts[one.partition(":")[0]] == 1]
    return (own, *(one for one in single if one.partition(":")[0] != own.partition(":")[0]))


def _categories(row: Row) -> set[str]:
    return {one.removeprefix("biolink:") for one in _texts(row, "category")}


class Graph:
    """The nodes by id, with their places, and the edges by the node that they leave."""

    def __init__(self, nodes: Iterable[tuple[str, Row] | Rejected], edges: Iterable[tuple[str, Row] | Rejected]) -> None:
        self.nodes: dict[str, tuple[str, Row]] = {}
        self.edges: dict[str, list[tuple[str, Row]]] = {}
        self.rejected: list[Rejected] = []
        for one in nodes:
            if isinstance(one, Rejected):
                self.rejected.append(one)
            elif not _text(one[1], "id") or _text(one[1], "id") in self.nodes:
                self.rejected.append(self._refused(one, "a node without an id of its own"))
            else:
                self.nodes[_text(one[1], "id")] = one
        for one in edges:
            if isinstance(one, Rejected):
                self.rejected.append(one)
            elif _text(one[1], "subject") not in self.nodes:
                self.rejected.append(self._refused(one, "an edge that leaves no node"))
            else:
                self.edges.setdefault(_text(one[1], "subject"), []).append(one)

    @staticmethod
    def _refused(one: tuple[str, Row], reason: str) -> Rejected:
        content = json.dumps(one[1], sort_keys=True).encode()
        return Rejected(source=NAME, where=one[0], reason=reason, sha256=hashlib.sha256(content).hexdigest())

    def name(self, identifier: str) -> str:
        """What a node is called; its id where it is not among the nodes."""
        return (_text(self.nodes[identifier][1], "name") if identifier in self.nodes else "") or identifier

    def record(self, identifier: str) -> Record:
        """The record of one node."""
        place, row = self.nodes[identifier]
        edges = self.edges.get(identifier, [])
        kinds, name = _categories(row), _text(row, "name")
        agent = self._agent(name, place, row, edges) if kinds & AGENTS and name else None
        condition = self._condition(name, place, row, edges) if kinds & CONDITIONS and name and not agent else None
        used = [edge for edge in edges if (agent and _text(edge[1], ACTION)) or (condition and self._is_broader(edge[1]))]
        ignored = Counter(f"edge {_text(edge, 'predicate')}" for _, edge in edges if all(edge is not one for _, one in used))
        ignored.update(f"column {column}" for column in row if column not in READ | IGNORED)
        return vocabulary.record(
            NAME,
            identifier,
            license=None,
            publisher=_text(row, "provided_by") or None,
            content=[json.dumps(one, sort_keys=True) for _, one in [(place, row), *edges]],
            agent=agent,
            condition=condition,
            ignored=ignored,
            note=None if agent or condition else f"no agent and no disease: {', '.join(sorted(kinds)) or 'no category'}",
        )

    def _agent(self, name: str, place: str, row: Row, edges: list[tuple[str, Row]]) -> Agent:
        acts = [(self.name(_text(edge, "object")), _text(edge, ACTION), where) for where, edge in edges if _text(edge, ACTION)]
        return Agent(
            name=name,
            other_names=vocabulary.distinct(_texts(row, "synonym"), name),
            identifiers=_identifiers(row),
            targets=tuple(dict.fromkeys(target for target, _, _ in acts)),
            mechanism_text="; ".join(dict.fromkeys(f"{target} {action}" for target, action, _ in acts)) or None,
            evidence=(Evidence(slot="name", path=place), *(Evidence(slot="targets", path=where) for _, _, where in acts)),
        )

    def _is_broader(self, edge: Row) -> bool:
        return _text(edge, "predicate") == f"biolink:{BROADER}" and _text(edge, "object") in self.nodes

    def _condition(self, name: str, place: str, row: Row, edges: list[tuple[str, Row]]) -> Condition:
        above = [self.nodes[_text(edge, "object")][1] for _, edge in edges if self._is_broader(edge)]
        return Condition(
            name=name,
            other_names=vocabulary.distinct(_texts(row, "synonym"), name),
            identifiers=_identifiers(row),
            broader=tuple(Concept(name=self.name(_text(one, "id")), identifiers=_identifiers(one)) for one in above),
            evidence=(Evidence(slot="name", path=place),),
        )


def _graph(path: Path) -> Graph:
    if path.is_dir() or archives.is_zip(path):
        with Files(path) as files:
            nodes, edges = (next(name for name in files if _FILE.fullmatch(name) and f"{kind}." in name) for kind in ("nodes", "edges"))
            return Graph(_rows(files.lines(nodes), "nodes", nodes), _rows(files.lines(edges), "edges", edges))
    if _EDGES.match(archives.head(path)):
        raise SourceError(f"{path}: edges without their nodes; give the folder or zip that holds both")
    with archives.open_bytes(path) as stream:
        return Graph(_rows(stream, "nodes", path.name), ())


def read(path: Path) -> Iterator[Record | Rejected]:
    """The nodes of a graph, in their order; a file of nodes alone is read without edges. KGX names no date."""
    graph = _graph(path)
    yield from graph.rejected
    for identifier in graph.nodes:
        yield graph.record(identifier)
