"""A graph opened for questions from Python: `import kg_build as kg; g = kg.open("kg"); g.ask("approvals", agent="isatuximab")`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg_build import network, past, questions
from kg_build.errors import ReleaseError
from kg_build.release import STORE, open_release
from kg_build.store import SECONDS, Answer, Store

if TYPE_CHECKING:
    import networkx as nx
    import rdflib


class Graph:
    """One release, opened read-only, or what was known of it on a day (`as_of`: YYYY, YYYY-MM or YYYY-MM-DD).

    A context manager; all answers stem from the release that was current when it was opened. `then` tells how many records a day knows.
    """

    def __init__(self, folder: Path, seconds: float = SECONDS, as_of: str | None = None) -> None:
        self.release = open_release(folder)
        self.then = past.as_of(self.release, as_of) if as_of is not None else None
        self.store = Store(self.then.store if self.then else self.release / STORE, seconds)

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the query worker."""
        self.store.close()

    def ask(self, question: str, evidence: bool = False, **parameters: str) -> list[dict[str, str]]:
        """Rows of a question of the library, as plain strings."""
        return questions.ask(self.store, question, parameters, evidence).values()

    def sparql(self, query: str) -> list[dict[str, str]] | list[str] | bool:
        """Any read-only query: rows, N-Triples lines, or a truth value."""
        result = self.store.run(questions.with_prefixes(query))
        return result.values() if isinstance(result, Answer) else result

    def find(self, name: str) -> str:
        """IRI of the one thing that a label, synonym or id means."""
        return questions.find(self.store, name)

    def to_networkx(self, *entities: str, hops: int = 2, limit: int = 150) -> nx.MultiDiGraph:
        """The neighbourhood of some things, each relation with the sentence behind it."""
        return neighbourhood(self.store, [self.find(name) for name in entities], hops, limit)

    def dataset(self) -> rdflib.Dataset:
        """An rdflib Dataset over the store: your own code's queries run in your own process, without gate or time limit."""
        import pyoxigraph
        import rdflib
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(store=OxigraphStore(store=pyoxigraph.Store.read_only(str(self.store.folder))))


def neighbourhood(store: Store, iris: Sequence[str], hops: int, limit: int) -> nx.MultiDiGraph:
    """`network.neighbourhood` over the store of a release."""

    def ask(query: str, bindings: dict[str, str]) -> list[dict[str, str]]:
        return store.select(questions.with_prefixes(query), {name: f"<{iri}>" for name, iri in bindings.items()}).values()

    return network.neighbourhood(ask, iris, hops=hops, limit=limit)


def open(folder: str | Path = "kg", seconds: float = SECONDS, as_of: str | None = None) -> Graph:
    """The graph in a folder, or what was known of it on a day; where the default one does not exist, the sample of the package."""
    path = Path(folder)
    if folder == "kg" and not path.exists():
        path = sample()
    return Graph(path, seconds, as_of)


def sample() -> Path:
    """Folder of the graph of the shipped sample, built on first use in the user's cache."""
    import os

    from kg_build import __version__, terms
    from kg_build.build import build
    from kg_build.lexicon import load

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kg-build" / f"sample-{__version__}-{load().version[:12]}"
    try:
        open_release(cache)
    except ReleaseError:
        build([terms.resource("sample")], cache)
    return cache
