"""kg-build: drugs, trials and approvals as one knowledge graph, each answer with the sentence or registry field it came from.

>>> import kg_build as kg
>>> with kg.open("kg") as graph:  # doctest: +SKIP
...     graph.ask("approvals", agent="isatuximab")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg_build.graph import Graph as Graph
    from kg_build.graph import open as open

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`kg.open` and `kg.Graph` on first use: importing the package stays cheap."""
    if name in {"open", "Graph"}:
        return getattr(import_module("kg_build.graph"), name)
    raise AttributeError(f"module 'kg_build' has no attribute '{name}'")
