"""A graph as of a day: a store of what was known then, made from a release in one pass and kept beside it.

A record counts as of the last day of what dates it (2021-06 as of 2021-06-30). Of its versions the newest that was known stands under
the plain address. Events, findings and what follows from them are worked out anew, so that nothing known later shows in them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from calendar import monthrange
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kg_build import release, shards, terms
from kg_build.derived import derive
from kg_build.errors import UsageError
from kg_build.meetings import meet
from kg_build.rdf.things import CLASSES
from kg_build.rdf.writer import prop

KEPT = 3  # days that stay on disk
_OLDER = re.compile(rf"{terms.VERSION}$")

Line = str


class View(NamedTuple):
    """A store of what was known on a day, and the records behind it, and those left out: known later, or without a date."""

    store: Path
    known: int
    later: int
    undated: int


class Then(NamedTuple):
    """Graphs of the versions that were known on a day -> their graphs on that day, and how many records have which fate."""

    graphs: dict[str, str]
    known: int
    later: int
    undated: int


def as_of(folder: Path, day: str) -> View:
    """The store of a release as of a day (YYYY-MM-DD; a month or year is its last day), made unless it is there."""
    day = last_day(a_date(day))
    then = known_then(release.versions(folder), day)
    home = _home(folder)
    made = home / f"{folder.name}-{day}"
    if not made.exists():
        with release.workspace(home) as making:
            release.load_store(making / release.STORE, quads_then(folder, then))
            for _ in derive(making / release.STORE):
                pass
            _keep(home, made.name)
            (making / release.STORE).rename(made)
    return View(made, then.known, then.later, then.undated)


def a_date(text: str) -> str:
    """A day, month or year that somebody typed, as it is; UsageError for what is none."""
    if _counts_from(text) is None:
        raise UsageError(f"'{text}' is no date; write 2021-06-30, 2021-06 or 2021")
    return text


def last_day(text: str) -> str:
    """The last day of a day, month or year.

    >>> last_day("2024"), last_day("2024-02"), last_day("2024-02-03")
    ('2024-12-31', '2024-02-29', '2024-02-03')
    """
    if not re.fullmatch(r"\d{4}(?:-\d\d){0,2}", text):
        raise ValueError(text)
    year, month, day = [*map(int, text.split("-")), 0, 0][:3]
    month = month or (12 if len(text) == 4 else 0)
    return date(year, month, day if len(text) == 10 else monthrange(year, month)[1]).isoformat()


def known_then(versions: Iterable[release.Version], day: str) -> Then:
    """Which versions were known on a day: the newest of each record as what is current then, older ones as history."""
    graphs: dict[str, str] = {}
    records = known = undated = 0
    for one in versions:
        records += one.state == "current"
        since, until = _counts_from(one.known_at), _counts_from(one.known_until)
        if since is None:
            undated += one.state == "current"
        elif since <= day:
            current = until is None or until > day
            graphs[one.graph] = _OLDER.sub("", one.graph) if current else one.graph
            known += current
    return Then(graphs, known, records - known - undated, undated)


def _counts_from(text: str) -> str | None:
    """The day from which something counts as known; None for what is no date."""
    with suppress(ValueError):
        return last_day(text)
    return None


def _home(folder: Path) -> Path:
    """Where stores of days are kept: beside the releases, or in the user's cache where nothing can be written there."""
    beside = folder.parent.parent / release.AS_OF
    if folder.parent.name == "releases" and os.access(folder.parent.parent, os.W_OK):
        return beside
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kg-build" / release.AS_OF


def _keep(home: Path, name: str) -> None:
    """Make room for one more day."""
    others = sorted((p for p in home.iterdir() if not p.name.startswith(".") and p.name != name), key=lambda p: p.stat().st_mtime)
    for old in others[: -KEPT + 1]:
        shutil.rmtree(old, ignore_errors=True)


# ---- what was known ----------------------------------------------------------------------------------------------------------------

_THING = re.compile(rf"<{re.escape(terms.BASE)}id/(?:{'|'.join(kind for kind, _ in CLASSES.values())})/")
_LEXICON = terms.record("lexicon", "")


def quads_then(folder: Path, then: Then) -> Iterator[Line]:
    """Quads of a release as they were: of the versions known then, of the things they speak of, and where they met."""
    lexicon: dict[str, list[Line]] = {}
    spoken_of: set[str] = set()
    for line in release.quads(folder):
        if kept := _then(line, then.graphs, lexicon):
            spoken_of.update(_things(kept))
            yield kept
    yield from _described(lexicon, spoken_of)
    yield from (quad + "\n" for quad in meet(shards.decoded(_keys(folder, then.graphs))))


def _then(line: Line, graphs: dict[str, str], lexicon: dict[str, list[Line]]) -> Line | None:
    """A quad as it was; None where it was not known. What the lexicon says waits until it is clear who speaks of it."""
    graph = line[line.rindex(" <") + 2 : -4]
    if graph.startswith(_LEXICON):
        lexicon.setdefault(line[: line.index(" ")], []).append(line)
        return None
    home = line[1 : line.index(">")] if graph == terms.META else graph.removesuffix(terms.DOUBTFUL)
    now = graphs.get(home)
    if now is None or now == home:
        return line if now else None
    return None if f" {prop('knownUntil')} " in line else line.replace(home[len(now) :], "")


def _things(line: Line) -> Iterator[str]:
    """Things of the lexicon that a quad speaks of."""
    subject, _, rest = line.split(" ", 2)
    for term in (subject, rest.partition(" ")[0]):
        if _THING.match(term):
            yield term


def _described(lexicon: dict[str, list[Line]], spoken_of: set[str]) -> Iterator[Line]:
    """What the lexicon says of things that are spoken of, and of those that it then speaks of itself."""
    waiting = sorted(spoken_of)
    while waiting:
        for line in lexicon.pop(waiting.pop(), ()):
            waiting.extend(_things(line))
            yield line


_RECORD = re.compile(r'"record":("(?:[^"\\]|\\.)*")')


def _keys(folder: Path, graphs: dict[str, str]) -> Iterator[Line]:
    """Key lines of the versions that were current then."""
    for line in release.lines_of(folder / release.KEYS):
        if found := _RECORD.search(line):
            source, _, key = json.loads(found[1]).partition("/")
            graph = terms.record(source, key)
            now, older = graphs.get(graph), _OLDER.search(key)
            if now and (now != graph or not older):
                yield line.replace(older[0], "") if older else line
