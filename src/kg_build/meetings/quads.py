"""What the meeting places write: quads of graph/derived, conflicts, and the groups that they are written of."""

from __future__ import annotations

from collections.abc import Iterable

from kg_build import terms
from kg_build.rdf import writer

Quad = str
Pair = tuple[str, str]


def ordered(a: str, b: str) -> Pair:
    """A pair under one name, whichever came first."""
    return (a, b) if a < b else (b, a)


def cliques(names: Iterable[str], ranked: dict[Pair, int]) -> list[list[str]]:
    """Groups in which all meet all; the best pairs are joined first, and two groups only where every member meets every other.

    >>> cliques("abc", {("a", "b"): 1, ("b", "c"): 2})
    [['a'], ['b', 'c']]
    """
    home: dict[str, list[str]] = {name: [name] for name in sorted(names)}
    for a, b in sorted(ranked, key=lambda pair: (-ranked[pair], pair)):
        first, second = home[a], home[b]
        if first is not second and all(ordered(x, y) in ranked for x in first for y in second):
            joined = sorted(first + second)
            home.update(dict.fromkeys(joined, joined))
    return list({id(group): group for group in home.values()}.values())


def conflict(about: str, a: str, b: str, problem: str) -> Iterable[Quad]:
    """Two statements that contradict each other on one thing; `problem` says on what, and what each has."""
    first, second = sorted((a, b))
    node = terms.thing("conflict", terms.digest([first, second, problem.partition(":")[0]]))
    yield link(node, "rdf:type", "kg:Conflict")
    yield quad(node, "about", f"<{about}>")
    yield quad(node, "between", f"<{first}>")
    yield quad(node, "between", f"<{second}>")
    yield quad(node, "conflictKind", writer.text(problem.partition(":")[0]))
    yield quad(node, "explanation", writer.text(problem))
    yield quad(node, "rdfs:label", writer.text(f"Conflict on {problem}"))


def link(subject: str, predicate: str, curie: str) -> Quad:
    """A quad to a term of the vocabulary."""
    return quad(subject, predicate, f"<{terms.expand(curie)}>")


def quad(subject: str, predicate: str, obj: str) -> Quad:
    """A quad of graph/derived; `obj` is a term as N-Quads writes it."""
    return f"<{subject}> {writer.prop(predicate)} {obj} <{terms.DERIVED}> ."
