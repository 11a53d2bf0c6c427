"""What follows from several records: the CONSTRUCT queries of queries/derive, asked of a whole store, and where approvals stand.

Each sees what records state and where it meets, none what another derived: their order does not matter. Where approvals stand is code,
as the engine takes minutes to compare each event with all others of its regimen, indication and jurisdiction.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kg_build import terms
from kg_build.questions import with_prefixes
from kg_build.rdf import writer


def derive(folder: Path) -> Iterator[str]:
    """Add to a store what follows from it; the same as N-Quads lines of graph/derived."""
    import pyoxigraph as ox

    store: Any = ox.Store(str(folder))
    found = [f"{triple} <{terms.DERIVED}> .\n" for query in rules().values() for triple in dict.fromkeys(store.query(query))]
    found += [f"{line} <{terms.DERIVED}> .\n" for line in standing(store)]
    store.bulk_load("".join(line.replace(f" <{terms.DERIVED}> .\n", " .\n") for line in found).encode(), format=ox.RdfFormat.N_TRIPLES)
    store.flush()
    del store
    return iter(found)


def rules() -> dict[str, str]:
    """The queries, by name."""
    paths = sorted((terms.resource("queries") / "derive").glob("*.rq"))
    return {path.stem: with_prefixes(path.read_text("utf-8")) for path in paths}


# ---- where approvals stand -------------------------------------------------------------------------------------------------------

_DATES = "OPTIONAL { ?event kg:eventDate ?decided } OPTIONAL { ?event kg:announcedDate ?told } BIND(COALESCE(?decided, ?told) AS ?day)"
_EVENTS = f"""SELECT ?event ?regimen ?indication ?jurisdiction ?family ?status ?day WHERE {{
  ?event kg:eventFamily ?family ; kg:statusText ?status .
  ?event kg:forRegimen ?regimen ; kg:indication ?indication ; kg:jurisdiction ?jurisdiction .
  FILTER(?family IN ("grant", "withdrawal", "refusal", "opinion", "review")) {_DATES} }}"""
_NEXT = f"""SELECT ?earlier ?relation ?status ?day WHERE {{
  VALUES ?relation {{ kg:withdraws kg:converts kg:follows }}
  ?later ?relation ?statement ; kg:reports ?event . ?statement kg:reports ?earlier . ?event kg:statusText ?status . {_DATES} }}"""
_WEIGHT = {"withdrawal": 2, "grant": 1}
LAST = "9999"  # an undated withdrawal is of what was granted before


class Event(NamedTuple):
    """An event as it counts for the status: granted or withdrawn before anything else, then the later."""

    decides: bool
    day: str
    weight: int
    event: str
    status: str


def standing(store: Any) -> Iterator[str]:
    """Triples that mark, for each regimen, indication and jurisdiction on record, the event that decides its status, and that status.

    Withdrawn or made regular after it was granted, else as granted last; where nothing was granted or withdrawn, the last refusal,
    opinion or review, unless a decision followed it in other words.
    """
    ended, followed = _what_came_next(store)
    latest: dict[tuple[str, ...], Event] = {}
    for event, regimen, indication, place, family, status, day in store.query(with_prefixes(_EVENTS)):
        weight = _WEIGHT.get(family.value, 0)
        if weight or event.value not in followed:
            when = day.value if day else LAST if family.value == "withdrawal" else ""
            one = Event(weight > 0, when, weight, event.value, status.value)
            key = (regimen.value, indication.value, place.value)
            latest[key] = max(one, latest.get(key, one))
    for one in sorted(latest.values()):
        since, status = ended.get(one.event, (one.day, one.status))
        yield f"<{one.event}> {writer.prop('currentStatus')} {writer.text(status)}"
        if since not in {"", LAST}:
            yield f"<{one.event}> {writer.prop('statusSince')} {writer.date(since)}"


def _what_came_next(store: Any) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """Event -> the day and status of the last event that withdrew it or made it regular; and the events that a decision followed."""
    ended: dict[str, tuple[str, str]] = {}
    followed: set[str] = set()
    for earlier, relation, status, day in store.query(with_prefixes(_NEXT)):
        if relation.value == terms.expand("kg:follows"):
            followed.add(earlier.value)
        else:
            one = (day.value if day else LAST, status.value)
            ended[earlier.value] = max(one, ended.get(earlier.value, one))
    return ended, followed
