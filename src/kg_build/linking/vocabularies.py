"""Entries of vocabularies -> things: by identifier first, then by their whole name; what the two would tell apart is a doubt.

Two agreements (a name and an identifier, or two identifiers) outweigh a cross-reference that differs; one alone does not.
A whole name, because forms that serve mentions do harm here: "stage III lung cancer" is a concept of its own and must not lend its
code to lung cancer, nor a salt its identifier to the substance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg_build.facts import Record
from kg_build.lexicon import Lexicon, Table
from kg_build.lexicon.table import SCHEMES, E, local_id
from kg_build.linking.names import provisional
from kg_build.terms import fold


class Entry(NamedTuple):
    """What one entry of a vocabulary is of; one that means no row is of a thing of its own name."""

    members: tuple[str, ...]  # its key; several for a combination
    rule: str = ""  # that linked it; none for what no row is
    rivals: tuple[str, ...] = ()  # rows that its name or one of its identifiers also means: the entry stays apart from them

    @property
    def known(self) -> bool:
        """Whether it is of rows of the tables."""
        return bool(self.rule)


_AND = re.compile(r"\s*[/+,]\s*|\s+and\s+")


def agent(name: str, identifiers: tuple[str, ...], lexicon: Lexicon) -> Entry:
    """What an entry for an agent is of; the identifiers of a combination are those of no member."""
    if right := lexicon.judgements.same("agent", name):
        return Entry(tuple(sorted(right.split("+"))), "judgement")
    named = lexicon.agents.exact(name)
    if named is None and (members := _combination(name, lexicon)):
        return Entry(members, "combination")
    return _refusable("agent", name, _entry(lexicon.agents, named, name, identifiers), lexicon)


def condition(name: str, identifiers: tuple[str, ...], lexicon: Lexicon) -> Entry:
    """What an entry for a disease is of."""
    if right := lexicon.judgements.same("condition", name):
        return Entry((right,), "judgement")
    return _refusable("condition", name, _entry(lexicon.conditions, lexicon.conditions.exact(name), name, identifiers), lexicon)


def _refusable(kind: str, name: str, found: Entry, lexicon: Lexicon) -> Entry:
    """The entry, on its own where its link was judged different or not sure."""
    if found.known and lexicon.judgements.refused(kind, name, found.members[0]):
        return Entry((provisional(name),), rivals=found.members)
    return found


def _entry(table: Table[E], named: E | None, name: str, identifiers: tuple[str, ...]) -> Entry:
    printed = _by_scheme(identifiers)
    rows = [row for scheme, values in printed.items() for value in values if (row := table.identified(scheme, value))]
    meant = {row.key: row for row in (*rows, *([named] if named else []))}
    if not meant:
        return Entry((provisional(name),))
    key, row = next(iter(meant.items()))
    if len(meant) > 1 or (_agreeing(row, printed) + bool(named) < 2 and _contradicts(row, printed)):
        return Entry((provisional(" ".join((name, *identifiers[:1]))),), rivals=tuple(sorted(meant)))
    return Entry((key,), "identifier" if rows else row.how(fold(name)))


def _by_scheme(identifiers: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for curie in identifiers:
        scheme, _, value = curie.partition(":")
        if scheme in SCHEMES:
            found.setdefault(scheme, set()).add(local_id(value))
    return found


def _contradicts(row: object, printed: dict[str, set[str]]) -> bool:
    """Whether a row carries another identifier of a scheme than those printed."""
    return any((own := getattr(row, scheme, None)) is not None and local_id(own) not in values for scheme, values in printed.items())


def _agreeing(row: object, printed: dict[str, set[str]]) -> int:
    """In how many schemes a row carries an identifier that is printed."""
    return sum((own := getattr(row, scheme, None)) is not None and local_id(own) in values for scheme, values in printed.items())


def _combination(name: str, lexicon: Lexicon) -> tuple[str, ...]:
    if row := lexicon.combinations.exact(name):
        return row.members
    if not _AND.search(name):
        return ()
    parts = [lexicon.agents.exact(part) for part in _AND.split(name)]
    found = {part.key for part in parts if part and not part.is_aid}
    return tuple(sorted(found)) if len(found) > 1 and None not in parts else ()


def keys(record: Record, lexicon: Lexicon) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an entry points to (its broader conditions) and what it describes, each as kind:key, sorted.

    An entry kept apart from rows that it may be of also counts as describing those: where they are spoken of, the doubt is shown.
    """
    pointed = {f"condition:{key}" for _, entry in above(record, lexicon) for key in entry.members}
    described: set[str] = set()
    for table, _, entry in entries(record, lexicon):
        kind = "agent" if table == "agents" else "condition"
        kind, own = ("regimen", ("+".join(entry.members),)) if len(entry.members) > 1 else (kind, (*entry.members, *entry.rivals))
        described |= {f"{kind}:{key}" for key in own}
    return tuple(sorted(pointed)), tuple(sorted(described))


def entries(record: Record, lexicon: Lexicon) -> Iterator[tuple[str, str, Entry]]:
    """Table, name and what it is of, for each thing that a record of a vocabulary describes."""
    for fact in record.agents:
        yield "agents", fact.name, agent(fact.name, fact.identifiers, lexicon)
    for one in record.conditions:
        yield "conditions", one.name, condition(one.name, one.identifiers, lexicon)


def above(record: Record, lexicon: Lexicon) -> Iterator[tuple[str, Entry]]:
    """Name and thing of the broader conditions that a record of a vocabulary points to."""
    for fact in record.conditions:
        for parent in fact.broader:
            yield parent.name, condition(parent.name, parent.identifiers, lexicon)
