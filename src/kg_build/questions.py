"""The question library: one .rq file a question; load, check parameters, bind them, ask.

A file begins with `#+` lines:

    #+ title: Approvals of an agent by regulator
    #+ description: One sentence for the reader of the answer.
    #+ parameter: agent Agent
    #+ example: agent=isatuximab            (has rows on the shipped sample)
    #+ example-registries: agent=imatinib   (has rows on the public registries; left out where only texts can answer)
    #+ columns: agentName, regulator, status, date
    #+ tags: decisions

A parameter is a variable of the query with the class of what it takes (or `text`); left out, it stays free. Columns not named in
`columns` are there for binding and evidence: `?statement` is what a row rests on, one IRI or several in a string.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec

from kg_build import terms
from kg_build.errors import AmbiguousError, UsageError
from kg_build.store import Answer, Store, bare, plain

_HEADER = re.compile(r"^#\+[ \t]*([\w-]+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
STATEMENT = "statement"
EXAMPLES = {"sample": "example", "registries": "example-registries"}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question as its file states it."""

    name: str
    topic: str
    title: str
    description: str
    parameters: dict[str, str]  # name -> class, or "text"
    columns: tuple[str, ...]
    examples: dict[str, dict[str, str]]  # "sample" | "registries" -> parameters
    tags: tuple[str, ...]
    query: str


# ---- the library ---------------------------------------------------------------------------------------------------------------


def parse_question(path: Path) -> Question:
    """A question file; UsageError names the file and what its header lacks."""
    text = path.read_text("utf-8")
    header: dict[str, list[str]] = {}
    for key, value in _HEADER.findall(text):
        header.setdefault(key, []).append(value)
    missing = [key for key in ("title", "description", "columns", "example") if key not in header]
    if missing:
        raise UsageError(f"{path}: the header lacks {', '.join(f'`#+ {key}:`' for key in missing)}")
    parameters = dict(line.split()[:2] for line in header.get("parameter", []))
    examples = {place: header[key][0] for place, key in EXAMPLES.items() if key in header}
    return Question(
        name=path.stem,
        topic=path.parent.name,
        title=header["title"][0],
        description=" ".join(header["description"]),
        parameters=parameters,
        columns=_list(header["columns"][0]),
        examples={place: parse_bindings(line.split("; ") if line else []) for place, line in examples.items()},
        tags=_list(header.get("tags", [""])[0]),
        query=text,
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def parse_bindings(words: list[str]) -> dict[str, str]:
    """`key=value` words as a dict; UsageError for anything else."""
    pairs = [word.partition("=") for word in words]
    for key, sign, value in pairs:
        if not (sign and key.strip() and value.strip()):
            raise UsageError(f"'{key}{sign}{value}' is no parameter; write key=value")
    names = [key.strip() for key, _, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"'{twice}' is given twice; ask once for each")
    return {key.strip(): value.strip() for key, _, value in pairs}


@cache
def library(folder: Path | None = None) -> Mapping[str, Question]:
    """All questions by name; checks and derivations are no questions."""
    root = folder or terms.resource("queries")
    paths = sorted(path for path in root.glob("*/*.rq") if path.parent.name not in {"checks", "derive"})
    return {path.stem: parse_question(path) for path in paths}


def question(name: str) -> Question:
    """The question of that name; UsageError with the nearest names."""
    known = library()
    if name not in known:
        near = difflib.get_close_matches(name, known, 3) or sorted(known)
        raise UsageError(f"no question named '{name}'; {'nearest' if near != sorted(known) else 'known'}: {', '.join(near)}")
    return known[name]


# ---- entities ------------------------------------------------------------------------------------------------------------------

_NAMES = "skos:prefLabel|skos:altLabel|rdfs:label|kg:brandName|kg:codeName|kg:acronym|kg:registryId|kg:applicationNumber"
_FIND = """SELECT DISTINCT ?thing ?kind ?label WHERE {{ VALUES ?name {{ {names} }} ?thing {properties} ?name ; a ?kind .
OPTIONAL {{ ?thing skos:prefLabel ?preferred }} OPTIONAL {{ ?thing rdfs:label ?any }} BIND(COALESCE(?preferred, ?any) AS ?label)
FILTER(?kind IN ({kinds})) }}"""
_SHOWN = 12  # candidates of a name that fits several things
THINGS = ("Agent", "AgentClass", "Study", "Regimen", "Condition", "Regulator", "GuidelineBody", "Target", "Mechanism", "Organization",
          "Jurisdiction", "Endpoint", "AdverseEvent", "Product", "Application", "Indication")  # fmt: skip


def with_prefixes(query: str) -> str:
    """The query with the prefixes that it uses but does not declare."""
    declared = set(re.findall(r"PREFIX\s+([\w-]*):", query, re.IGNORECASE))
    used = set(re.findall(r"(?<![\w:?$])([A-Za-z][\w-]*):(?=[\w-])", bare(query)))
    wanted = sorted((used - declared) & terms.prefixes().keys())
    return "".join(f"PREFIX {name}: <{terms.prefixes()[name]}>\n" for name in wanted) + query


def find(store: Store, name: str, kind: str | None = None) -> str:
    """IRI of the one thing a label, synonym, id or IRI means; UsageError with candidates or nearest names."""
    prefix, _, local = name.partition(":")
    if name.startswith(("http://", "https://")) or (local and prefix in terms.prefixes()):
        return _by_iri(store, name if name.startswith("http") else terms.expand(name), name)
    found = {row["thing"]: row for row in _candidates(store, name, kind)}
    for named_after in ("Product", "Regimen"):  # a product, and a regimen of one agent, may bear the agent's name
        bearers = {iri for iri, row in found.items() if row["kind"] == terms.expand(f"kg:{named_after}")}
        if bearers < set(found):
            found = {iri: row for iri, row in found.items() if iri not in bearers}
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise UsageError(f"nothing named '{name}'{f' that is a {kind}' if kind else ''}{_nearest(store, name, kind)}")
    several = [f"{row.get('label', iri)} ({terms.contract(row['kind']).removeprefix('kg:')}) {iri}" for iri, row in sorted(found.items())]
    shown = "; ".join(several[:_SHOWN]) + (f"; and {len(several) - _SHOWN:,} more" if len(several) > _SHOWN else "")
    raise AmbiguousError(f"'{name}' means several things, give one of their IRIs: {shown}")


_BY_IRI = "SELECT ?iri ?thing WHERE { { ?iri a ?kind BIND(?iri AS ?thing) } UNION { ?thing skos:exactMatch ?iri } } LIMIT 1"


def _by_iri(store: Store, iri: str, name: str) -> str:
    """The thing with that IRI, or the one that says it is the same."""
    found = store.select(with_prefixes(_BY_IRI), {"iri": f"<{iri}>"}).values()
    if not found:
        raise UsageError(f"nothing in the graph has the IRI '{name}'")
    return found[0]["thing"]


def _kinds(kind: str | None) -> list[str]:
    return [kind, *(["AgentClass"] if kind == "Agent" else [])] if kind else list(THINGS)


def _candidates(store: Store, name: str, kind: str | None) -> list[dict[str, str]]:
    from kg_build.rdf import writer

    variants = {name, name.lower(), name.upper(), name.capitalize(), name.title()}
    query = _FIND.format(
        names=" ".join(writer.text(v) for v in sorted(variants)), properties=_NAMES, kinds=", ".join(f"kg:{k}" for k in _kinds(kind))
    )
    return store.select(with_prefixes(query)).values()


def _nearest(store: Store, name: str, kind: str | None) -> str:
    values = " ".join(f"kg:{k}" for k in _kinds(kind))
    query = with_prefixes(f"SELECT DISTINCT ?label WHERE {{ VALUES ?kind {{ {values} }} ?thing a ?kind ; skos:prefLabel ?label }}")
    labels = {row["label"].casefold(): row["label"] for row in store.select(query).values()}
    near = [labels[key] for key in difflib.get_close_matches(name.casefold(), labels, 5, 0.6)]
    return f"; nearest: {', '.join(near)}" if near else ""


# ---- asking --------------------------------------------------------------------------------------------------------------------


def bind(store: Store, asked: Question, parameters: Mapping[str, str]) -> dict[str, str]:
    """Parameters as terms; UsageError for one that the question does not have."""
    unknown = [name for name in parameters if name not in asked.parameters]
    if unknown:
        takes = ", ".join(asked.parameters) or "no parameters"
        raise UsageError(f"question '{asked.name}' has no parameter '{unknown[0]}'; it takes {takes}")
    return {
        name: value if asked.parameters[name] == "text" else f"<{find(store, value, asked.parameters[name])}>"
        for name, value in parameters.items()
    }


def ask(store: Store, name: str, parameters: Mapping[str, str], evidence: bool = False) -> Answer:
    """Rows of a question, in its columns; `evidence` adds the sentence or registry pointer and the record behind each row."""
    asked = question(name)
    whole = store.select(with_prefixes(asked.query), bind(store, asked, parameters))
    wanted = [whole.columns.index(column) for column in asked.columns]
    rows = [[row[i] for i in wanted] for row in whole.rows]
    if not evidence:
        return Answer(asked.columns, _distinct(rows))
    if STATEMENT not in whole.columns:
        raise UsageError(f"question '{name}' counts or compares; its rows have no single statement behind them")
    at = whole.columns.index(STATEMENT)
    statements = [_statements(row[at]) for row in whole.rows]
    behind = evidence_of(store, {one for several in statements for one in several})
    nothing: list[str | None] = [None, None]
    joined = [[*row, *behind.get(one, nothing)] for row, several in zip(rows, statements, strict=True) for one in several or [""]]
    return Answer((*asked.columns, "evidence", "source"), _distinct(joined))


def _statements(term: str | None) -> list[str]:
    """Statements behind a row: one IRI, or several in one string where the question groups what they report."""
    if term is None or term.startswith("<"):
        return [term] if term else []
    return [f"<{iri}>" for iri in sorted(plain(term).split())]


def _distinct(rows: list[list[str | None]]) -> list[list[str | None]]:
    return [list(row) for row in dict.fromkeys(tuple(row) for row in rows)]


_EVIDENCE = """SELECT ?statement (COALESCE(?sentence, ?path, ?named, ?url, "the whole record") AS ?evidence)
(COALESCE(?title, STR(?record)) AS ?source) WHERE {{ VALUES ?statement {{ {statements} }}
?statement kg:statedIn|kg:describedBy ?record . OPTIONAL {{ ?record dcterms:title ?title }} OPTIONAL {{ ?record schema:url ?url }}
OPTIONAL {{ ?statement kg:sentence ?sentence }} OPTIONAL {{ ?statement kg:sourcePath ?path }}
OPTIONAL {{ ?said rdf:subject ?statement ; kg:slot "trials.name" ; kg:statedIn ?record ; kg:sentence ?named }} }}
ORDER BY ?statement ?evidence"""
_BATCH = 300  # statements a query, well below the gate


def evidence_of(store: Store, statements: set[str]) -> dict[str, list[str | None]]:
    """Statement -> [sentence or source path, record] as terms."""
    names = sorted(statements)
    found: dict[str, list[str | None]] = {}
    paths: dict[tuple[str, str | None], list[str]] = {}
    for start in range(0, len(names), _BATCH):
        query = with_prefixes(_EVIDENCE.format(statements=" ".join(names[start : start + _BATCH])))
        for statement, evidence, source in store.select(query).rows:
            paths.setdefault((statement or "", source), []).append(plain(evidence) if evidence else "")
    for (statement, source), places in paths.items():
        found.setdefault(statement, [json.dumps(_places(places), ensure_ascii=False), source])
    return found


def _places(places: list[str]) -> str:
    """Several places of a registry as one: what they share, then what each adds."""
    different = list(dict.fromkeys(places))
    shared = different[0].rpartition("/")[0]
    if len(different) > 1 and shared.startswith("/") and all(place.rpartition("/")[0] == shared for place in different):
        return f"{shared}: {', '.join(place.rpartition('/')[2] for place in different)}"
    return "; ".join(different)


class Check(msgspec.Struct, frozen=True):
    """A violation query and what it found; a warning is worth a look, an error is wrong."""

    name: str
    level: str
    found: Answer


def check(store: Store) -> Iterator[Check]:
    """Every violation query of the library with its rows; no rows = sound."""
    for path in sorted((terms.resource("queries") / "checks").glob("*-violation.rq")):
        query = path.read_text("utf-8")
        level = dict(_HEADER.findall(query)).get("level", "error")
        yield Check(path.stem.removesuffix("-violation"), level, store.select(with_prefixes(query)))


def text_of(term: str | None) -> str:
    """A cell for people: plain string, IRIs as CURIEs."""
    value = plain(term) if term is not None else ""
    return terms.contract(value) if term is not None and term.startswith("<") else value
