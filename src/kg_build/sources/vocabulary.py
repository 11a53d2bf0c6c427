"""What the sources of names share: one record an entry, which enters a graph only where the graph speaks of what it names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from kg_build.facts import Agent, Condition, Document, Record


def record(
    source: str,
    key: str,
    *,
    license: str | None,
    publisher: str | None,
    content: Iterable[str],
    agent: Agent | None = None,
    condition: Condition | None = None,
    known_at: str | None = None,
    ignored: Mapping[str, int] | None = None,
    note: str | None = None,
) -> Record:
    """The record of one entry; `content` are its cells as printed, `ignored` what no fact is made of, with counts."""
    fact = agent or condition
    return Record(
        source=source,
        id=key,
        document=Document(
            title=f"{fact.name if fact else key} ({key})",
            publisher=publisher,
            license=license,
            note=note,
            sha256=hashlib.sha256("\x1f".join(content).encode()).hexdigest(),
        ),
        known_at=known_at,
        agents=(agent,) if agent else (),
        conditions=(condition,) if condition else (),
        vocabulary=True,
        ignored={name: count for name, count in (ignored or {}).items() if count},
    )


def distinct(names: Iterable[str], but: str = "") -> tuple[str, ...]:
    """Names in their order, each once whatever its case, empty ones and `but` left out.

    >>> distinct(["Cetuximab", "C225", "", "cetuximab"], but="cetuximab")
    ('C225',)
    """
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.strip().casefold(), name.strip())
    found.pop("", None)
    found.pop(but.casefold(), None)
    return tuple(found.values())
