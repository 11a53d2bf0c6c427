"""OncoTree: cancer types as a tree of codes, one record a code.

The top of the tree are organs; their NCIt codes are anatomy and are no identifiers of a disease. A name that several codes share (the
same tumor of another organ) is told apart by its organ. Source: https://oncotree.mskcc.org (CC BY 4.0).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kg_build.errors import SourceError
from kg_build.facts import Concept, Condition, Evidence, Record, Rejected
from kg_build.sources import archives, vocabulary

NAME = "oncotree"
PUBLISHER, LICENSE = "Memorial Sloan Kettering Cancer Center", "CC BY 4.0"
EXPECT = (600, 2_000)
"""Codes of a whole tree."""
IGNORED = frozenset({"color", "mainType", "level", "history", "revocations", "precursors", "UMLS"})
"""Fields that no fact is made of: drawing, a grouping beside the tree, earlier codes, another thesaurus."""
ORGANS = 1
"""Depth below the root of the codes that are organs."""

_HEAD = re.compile(rb'^\s*\{\s*"TISSUE"\s*:\s*\{\s*"[a-zA-Z]+"\s*:')
_MOST = 200_000_000


class Node(msgspec.Struct):
    """One code and those below it."""

    code: str
    name: str
    children: dict[str, Node] = {}
    tissue: str | None = None
    references: dict[str, list[str]] = msgspec.field(name="externalReferences", default_factory=dict)


class Placed(msgspec.Struct):
    """A code in its tree: how deep it stands, its pointer, and the codes on the way."""

    node: Node
    depth: int
    place: str
    parent: Placed | None = None


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are the tree."""
    return bool(_HEAD.match(head))


def _walk(placed: Placed) -> Iterator[Placed]:
    yield placed
    for code, child in placed.node.children.items():
        yield from _walk(Placed(child, placed.depth + 1, f"{placed.place}/children/{code}", placed))


def _concept(placed: Placed, shared: Counter[str]) -> Concept:
    """What a code is called, uniquely, and its identifiers."""
    node = placed.node
    name = node.name if shared[node.name.casefold()] == 1 else f"{node.name} ({node.tissue or node.code})"
    if shared[name.casefold()] > 1 or (name != node.name and shared[f"{node.name}\x1f{node.tissue}".casefold()] > 1):
        name = f"{node.name} ({node.code})"
    codes = node.references.get("NCI", []) if placed.depth > ORGANS else []
    return Concept(name=name, identifiers=(f"oncotree:{node.code}", *(f"ncit:{code}" for code in codes if len(codes) == 1)))


def _record(placed: Placed, shared: Counter[str]) -> Record:
    node, told = placed.node, _concept(placed, shared)
    condition = Condition(
        name=told.name,
        other_names=(node.name,) if node.name != told.name else (),
        identifiers=told.identifiers,
        broader=(_concept(placed.parent, shared),) if placed.parent and placed.parent.depth else (),
        evidence=(Evidence(slot="name", path=f"{placed.place}/name"),),
    )
    parent = placed.parent.node.code if placed.parent else ""
    content = (node.code, node.name, parent, *(code for codes in node.references.values() for code in codes))
    ignored = {"several NCI": 1} if len(node.references.get("NCI", ())) > 1 else {}
    return vocabulary.record(
        NAME,
        node.code,
        license=LICENSE,
        publisher=PUBLISHER,
        content=content,
        condition=condition if placed.depth else None,
        ignored=ignored,
    )


def read(path: Path) -> Iterator[Record | Rejected]:
    """The codes of the tree, from its root; the root names no disease. The tree names no date."""
    data = archives.read_bytes(path, _MOST)
    try:
        roots = msgspec.json.decode(data, type=dict[str, Node])
    except msgspec.MsgspecError as error:
        raise SourceError(f"{path}: not a tree of codes: {error}") from None
    all_codes = [placed for code, node in roots.items() for placed in _walk(Placed(node, 0, f"/{code}"))]
    shared = Counter(name.casefold() for p in all_codes for name in (p.node.name, f"{p.node.name}\x1f{p.node.tissue}"))
    met: set[str] = set()
    for placed in all_codes:
        if placed.node.code in met:
            digest = hashlib.sha256(placed.place.encode()).hexdigest()
            yield Rejected(source=NAME, where=f"{path.name}#{placed.place}", reason=f"{placed.node.code} again", sha256=digest)
            continue
        met.add(placed.node.code)
        yield _record(placed, shared)
