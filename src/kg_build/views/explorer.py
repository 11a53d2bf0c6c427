"""The explorer: a neighbourhood as cards in semantic columns, the sentence behind every relation, in one file that loads nothing.

pyvis holds the network and brings vis-network (Apache-2.0 or MIT; its licence header stays in the page); the page is our own:
pyvis's template asks a CDN and writes labels as HTML.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from pyvis.network import Network

from kg_build.views.columns import COLUMNS, arrange, kind_of, kinds

if TYPE_CHECKING:
    import networkx as nx

_ROOM = Path(__file__).parent / "templates"
_VIS = "lib/vis-9.1.2/vis-network.min.js"
_OPTIONS = {
    "autoResize": False,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"dragNodes": False, "hover": False, "selectable": False, "keyboard": False},
}
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_EDGE = ("relation", "label", "sentence", "record", "url", "statement", "path")


def draw_explorer(graph: nx.MultiDiGraph, title: str) -> str:
    """One self-contained HTML page of a graph from `network.neighbourhood`: no request, strict CSP, labels always text."""
    page = Explorer(graph.nodes[title].get("label", title) if title in graph else title, graph.graph)
    classes = {node: _plain(data.get("kind", "")) for node, data in graph.nodes(data=True)}
    place = arrange(classes, graph.edges())
    for node, data in graph.nodes(data=True):
        column, row = place[node]
        page.add_node(node, shape="custom", column=column, row=row, **_card(data, node))
    for source, target, data in graph.edges(data=True):
        page.add_edge(source, target, **{key: _plain(data[key]) for key in _EDGE if data.get(key)} | _link(data.get("url")))
    return page.generate_html()


class Explorer(Network):  # type: ignore[misc]  # pyvis is untyped
    """A pyvis network drawn with our own page."""

    def __init__(self, title: str, about: dict[str, Any]) -> None:
        super().__init__(directed=True, heading=title, cdn_resources="in_line")
        self.about = about
        self.set_options(json.dumps(_OPTIONS))

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:
        """The page as a string; the parameters are pyvis's and change nothing here."""
        nodes, edges, heading, _, _, options = self.get_network_data()
        shown = {node["kind"] for node in nodes}
        data = {
            "title": _plain(heading),
            "total": self.about.get("total", len(nodes)),
            "complete": bool(self.about.get("complete", True)),
            "columns": [{"key": key, "title": text} for key, text in COLUMNS.items()],
            "kinds": {kind: kind_of(kind)._asdict() for kind in sorted(shown, key=_rank)},
            "nodes": nodes,
            "edges": edges,
            "options": json.loads(options),
        }
        return _render(data)


def _render(data: dict[str, Any]) -> str:
    environment = Environment(loader=FileSystemLoader(_ROOM), autoescape=True)
    scripts = [_vis(), _text("layout.js"), _text("model.js"), _text("explorer.js")]
    style = _text("explorer.css")
    policy = (
        f"default-src 'none'; script-src {' '.join(map(_hash, scripts))}; style-src {_hash(style)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    ours = {"style": Markup(style), "scripts": [Markup(script) for script in scripts]}  # noqa: S704  # our own files
    return environment.get_template("explorer.html.j2").render(title=data["title"], policy=policy, data=_json(data), **ours)


def _card(data: dict[str, Any], node: str) -> dict[str, Any]:
    """What the page shows of a node; sources are the sentences or registry fields a statement stands on."""
    details = {_plain(key): _plain(value) for key, value in (data.get("details") or {}).items()}
    sources = [
        {key: _plain(source[key]) for key in _EDGE if source.get(key)} | _link(source.get("url")) for source in data.get("sources") or ()
    ]
    label = _plain(data.get("label") or node)
    return {"kind": _plain(data.get("kind", "")), "label": label, "details": details, "sources": sources, "focus": bool(data.get("focus"))}


def _plain(value: object) -> str:
    """Text as it may be shown: control and direction-changing characters, which could forge what is read, made visible."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", str(value))


def _link(url: object) -> dict[str, str]:
    parts = urlsplit(str(url or "")) if not _UNSEEN.search(str(url or "")) else urlsplit("")
    return {"url": parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else ""}


def _rank(kind: str) -> tuple[int, str]:
    names = list(kinds())
    return (names.index(kind) if kind in names else len(names), kind)


def _json(data: object) -> Markup:
    """JSON that cannot end its script element, whatever stands in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # escaped just above


def _text(name: str) -> str:
    return (_ROOM / name).read_text("utf-8")


@cache
def _vis() -> str:
    text = (resources.files("pyvis") / _VIS).read_text("utf-8")
    return text[: text.rfind("//# sourceMappingURL")].replace("\r\n", "\n")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
