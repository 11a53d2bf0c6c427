"""Names: prefixes, CURIE <-> IRI, the keys of things, and the minting of IRIs. The only place that builds an IRI.

id/<kind>/<key>                      a thing the world shares (agent, regimen, study...)
id/<kind>/<source>.<record>/<key>    a statement of one record, or a part local to it
record/<source>/<id>                 the record itself, and the graph its quads stand in
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from urllib.parse import quote

KG = "https://w3id.org/kg-build/ontology#"
BASE = "https://w3id.org/kg-build/"
CANDIDATES = BASE + "graph/candidates"
HISTORY = BASE + "graph/history"
META = BASE + "graph/meta"
DERIVED = BASE + "graph/derived"
DOUBTFUL = "#candidates"
"""What the name of a record's graph ends with where it holds the candidates of that record."""


def resource(name: str) -> Path:
    """Path of a folder that travels with the package (ontology, queries, sample): inside it, or in a checkout beside src."""
    inside = Path(str(resources.files("kg_build"))) / name
    return inside if inside.exists() else Path(__file__).resolve().parents[2] / name


@cache
def prefixes() -> dict[str, str]:
    """Every prefix, once: read from ontology/prefixes.ttl."""
    text = (resource("ontology") / "prefixes.ttl").read_text("utf-8")
    return dict(re.findall(r"@prefix\s+([\w-]*):\s*<([^>]+)>", text))


def expand(curie: str) -> str:
    """IRI of a CURIE.

    >>> expand("kg:Agent")
    'https://w3id.org/kg-build/ontology#Agent'
    """
    prefix, _, local = curie.partition(":")
    return prefixes()[prefix] + local


def contract(iri: str) -> str:
    """Shortest CURIE of an IRI, or the IRI itself where no prefix fits.

    >>> contract("https://w3id.org/kg-build/ontology#Agent")
    'kg:Agent'
    """
    best = max(((len(base), prefix, base) for prefix, base in prefixes().items() if iri.startswith(base)), default=None)
    if best is None or not re.fullmatch(r"[\w.-]*", iri[best[0] :]):
        return iri
    return f"{best[1]}:{iri[best[0] :]}"


# ---- keys ------------------------------------------------------------------------------------------------------------------------

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_IDLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff®™©†‡]")


@lru_cache(maxsize=100_000)  # names repeat; free text does not, and must not pile up
def fold(text: str) -> str:
    """The comparable form of a name: compatibility forms, case, accents of form, dashes and blanks made alike.

    >>> fold("Isatuximab\u2011IRFC ") == fold("isatuximab-irfc")
    True
    """
    text = unicodedata.normalize("NFKC", _IDLE.sub("", text))
    return " ".join(_DASHES.sub("-", text).casefold().replace("’", "'").split())


def slug(text: str) -> str:
    """A readable key: folded, letters and digits of any script kept, the rest hyphens.

    >>> slug("Relapsed/refractory multiple myeloma")
    'relapsed-refractory-multiple-myeloma'
    """
    return re.sub(r"[\W_]+", "-", fold(text)).strip("-") or "x"


def digest(parts: Iterable[object], length: int = 12) -> str:
    """Hex key of the identifying slots, as printed and folded; None, empty and order of a set do not matter to the caller's eye.

    >>> digest(["FDA", None]) == digest(["fda ", ""])
    True
    """
    text = "\x1f".join(fold("" if part is None else str(part)) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:length]


# ---- IRIs ------------------------------------------------------------------------------------------------------------------------

_SAFE = "-._~+/:(),=@"


def _segment(key: str) -> str:
    return quote(key, safe=_SAFE)


def thing(kind: str, key: str) -> str:
    """IRI of a shared thing: `thing("agent", "isatuximab")`."""
    return f"{BASE}id/{kind}/{_segment(key)}"


def statement(kind: str, source: str, record: str, key: str) -> str:
    """IRI of a statement of one record, or of a part local to it."""
    return f"{BASE}id/{kind}/{_segment(source)}.{_segment(record)}/{_segment(key)}"


def record(source: str, key: str) -> str:
    """IRI of a record, which is also the graph its quads stand in."""
    return f"{BASE}record/{_segment(source)}/{_segment(key)}"


VERSION = r"~(?:undated|[\d-]{4,10})\.[0-9a-f]{8}"
"""Pattern of what `version` gives."""


def version(known_at: str | None, sha256: str) -> str:
    """What the key of a superseded version ends with.

    >>> version("2021-01-01", "deadbeef00")
    '~2021-01-01.deadbeef'
    """
    return f"~{known_at or 'undated'}.{sha256[:8]}"
