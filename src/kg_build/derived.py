"""What follows from several records: the CONSTRUCT queries of queries/derive, asked of a whole store.

Each query sees what records state and where it meets, none what another query derived: their order does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg_build import terms
from kg_build.questions import with_prefixes


def derive(folder: Path) -> Iterator[str]:
    """Add to a store what follows from it; the same as N-Quads lines of graph/derived, in the order of the queries."""
    import pyoxigraph as ox

    store = ox.Store(str(folder))
    found = {name: answer(store, query) for name, query in rules().items()}
    for triples in found.values():
        store.bulk_extend(ox.Quad(*triple) for triple in triples)
    store.flush()
    del store
    return (f"{triple} <{terms.DERIVED}> .\n" for triples in found.values() for triple in triples)


def rules() -> dict[str, str]:
    """The queries, by name."""
    paths = sorted((terms.resource("queries") / "derive").glob("*.rq"))
    return {path.stem: with_prefixes(path.read_text("utf-8")) for path in paths}


def answer(store: Any, query: str) -> list[Any]:
    """The triples of one query, each once."""
    return list(dict.fromkeys(store.query(query)))
