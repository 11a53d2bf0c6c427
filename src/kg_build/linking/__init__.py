"""Mentions -> things: what a record names, linked by the tables and the index of studies; doubt stays visible as `Unlinked`.

`link_record` is a pure function of one record and read-only tables. The index of studies comes from a first pass over all records:
`StudyIndex(header for record in records for header in study_headers(record, lexicon))`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kg_build.facts import Record, Trial
from kg_build.lexicon import Lexicon, Table
from kg_build.lexicon.table import E
from kg_build.linking import names, vocabularies
from kg_build.linking.agents import treatment
from kg_build.linking.conditions import ancestors, diagnosis
from kg_build.linking.indications import indication
from kg_build.linking.links import Indication, Link, Links, Unlinked, regimen_key
from kg_build.linking.mentions import mentions, study_names
from kg_build.linking.studies import StudyHeader, StudyIndex, study_headers, study_of

__all__ = [
    "KINDS",
    "Indication",
    "Link",
    "Links",
    "StudyHeader",
    "StudyIndex",
    "Unlinked",
    "link_record",
    "regimen_key",
    "spoken_of",
    "study_headers",
]

KINDS = {
    "agents": "agent",
    "targets": "target",
    "mechanisms": "mechanism",
    "conditions": "condition",
    "endpoints": "endpoint",
    "events": "event",
    "organizations": "organization",
    "bodies": "body",
    "regulators": "regulator",
    "jurisdictions": "jurisdiction",
}
"""Table of the lexicon -> kind of the things it names."""


def link_record(record: Record, lexicon: Lexicon, studies: StudyIndex) -> Links:
    """Keys of everything one record mentions."""
    mentioned: dict[str, dict[str, None]] = {table: {} for table in KINDS}
    for table, name in mentions(record):
        if not (record.vocabulary and table in _ENTRIES):
            mentioned[table].setdefault(name)
    unlinked: set[Unlinked] = set()
    made: set[Link] = set()
    found = {table: _link(table, list(mentioned[table]), lexicon, unlinked, made) for table in KINDS if table != "agents"}
    agents, members, printed = _agents(list(mentioned["agents"]), lexicon, unlinked, made)
    if record.vocabulary:
        members, printed, found["conditions"] = _entries(record, lexicon, unlinked, made)
        agents = {name: keys[0] for name, keys in members.items() if len(keys) == 1}
    keys = _studies(record, lexicon, studies, unlinked, made)
    place = f"{record.source}.{record.id}"
    return Links(
        agents=agents,
        members=members,
        printed=printed,
        **found,
        studies=keys,
        study_labels={key: studies.labels.get(key, name) for name, key in reversed(keys.items())},
        decision_indications=tuple(indication(fact, place, lexicon) for fact in record.decisions),
        recommendation_indications=tuple(indication(fact, place, lexicon) for fact in record.recommendations),
        made=tuple(sorted(made)),
        unlinked=tuple(sorted(unlinked)),
    )


def spoken_of(record: Record, lexicon: Lexicon) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a record mentions, and what it describes as an entry of a vocabulary: kind:key, sorted.

    A regimen is mentioned with its members, a condition with those above it.
    """
    if record.vocabulary:
        return vocabularies.keys(record, lexicon)
    names: dict[str, set[str]] = {table: set() for table in _ENTRIES}
    for table, name in mentions(record):
        if table in names:
            names[table].add(name)
    treatments = [treatment(name, lexicon).members for name in names["agents"]]
    found = {f"agent:{key}" for members in treatments for member in members for key in member.strip("()").split("|")}
    found |= {f"regimen:{'+'.join(sorted(members))}" for members in treatments if len(members) > 1}
    conditions = {diagnosis(name, lexicon).condition for name in names["conditions"]}
    found |= {f"condition:{key}" for condition in conditions for key in (condition, *ancestors(condition, lexicon))}
    return tuple(sorted(found)), ()


_ENTRIES = ("agents", "conditions")
"""Tables that vocabularies have entries of."""


def _entries(
    record: Record, lexicon: Lexicon, unlinked: set[Unlinked], made: set[Link]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str], dict[str, str]]:
    """Agents of a vocabulary and the printed names of those no table knows; its conditions. What is in doubt is unlinked."""
    members: dict[str, tuple[str, ...]] = {}
    printed: dict[str, str] = {}
    conditions = {name: entry.members[0] for name, entry in vocabularies.above(record, lexicon)}
    for table, name, entry in vocabularies.entries(record, lexicon):
        if entry.rivals:
            unlinked.add(Unlinked(KINDS[table], name))
        if entry.known:
            made.add(Link(KINDS[table], name, "+".join(entry.members), entry.rule))
        if table == "conditions":
            conditions[name] = entry.members[0]
            continue
        members[name] = entry.members
        if not entry.known:
            printed[entry.members[0]] = name
    return members, printed, conditions


def _row(table: Table[E], name: str) -> str:
    """Key of a plain look-up, with or without an abbreviation in brackets; "" where nothing is known."""
    row = table.find(name) or table.find(" ".join(re.sub(r"\([^()]*\)", " ", name).split()))
    return row.key if row else ""


def _condition(name: str, lexicon: Lexicon) -> str:
    return diagnosis(name, lexicon).condition


_LINKERS: dict[str, Callable[[str, Lexicon], str]] = {
    "targets": lambda name, lexicon: _row(lexicon.targets, name) or names.provisional(name),
    "mechanisms": lambda name, lexicon: _row(lexicon.mechanisms, name) or names.provisional(name),
    "conditions": _condition,
    "endpoints": names.endpoint,
    "events": names.event,
    "organizations": names.organization,
    "bodies": lambda name, lexicon: _row(lexicon.bodies, name) or names.provisional(name),
    "regulators": lambda name, lexicon: _row(lexicon.regulators, name),
    "jurisdictions": lambda name, lexicon: _row(lexicon.jurisdictions, name),
}
"""Table -> how a name of it is linked; "" where nothing is known and no node may be made up."""


_FORM_RULES = {"conditions": "phrase", "endpoints": "title", "events": "grade", "organizations": "legal form"}
"""Table -> what was taken off a name where it is no name of the row it was linked to; elsewhere what stands in brackets."""


def _link(table: str, mentioned: list[str], lexicon: Lexicon, unlinked: set[Unlinked], made: set[Link]) -> dict[str, str]:
    """Keys of names of one table; curated judgements win over what the rules say."""
    kind, found = KINDS[table], {}
    for name in mentioned:
        key, rule = _judged(kind, table, name, lexicon)
        if not key or key.startswith("x-"):
            unlinked.add(Unlinked(kind, name))
        else:
            made.add(Link(kind, name, key, rule))
        if key:
            found[name] = key
    return found


def _judged(kind: str, table: str, name: str, lexicon: Lexicon) -> tuple[str, str]:
    """Key and rule of one name."""
    if right := lexicon.judgements.same(kind, name):
        return right, "judgement"
    key = _LINKERS[table](name, lexicon)
    if lexicon.judgements.refused(kind, name, key):
        return ("" if table in _NEVER_MADE_UP else names.provisional(name)), ""
    match = getattr(lexicon, table).match(name)
    return key, match[1] if match and match[0].key == key else _FORM_RULES.get(table, "bracket")


_NEVER_MADE_UP = frozenset({"regulators", "jurisdictions"})


def _agents(
    mentioned: list[str], lexicon: Lexicon, unlinked: set[Unlinked], made: set[Link]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, str]]:
    """Mentions that mean one agent; the members of every mention; the printed names of provisional agents."""
    found = {name: treatment(name, lexicon) for name in mentioned}
    unlinked.update(Unlinked("agent", part) for meant in found.values() for _, part in meant.unknown)
    for name, meant in found.items():
        known = [key for key in meant.members if not key.startswith("x-")]
        if known:
            made.add(Link("agent", name, "+".join(known), meant.rule))
    agents = {name: meant.members[0] for name, meant in found.items() if len(meant.members) == 1}
    members = {name: meant.members for name, meant in found.items()}
    return agents, members, {key: part for meant in reversed(found.values()) for key, part in meant.unknown}


def _studies(record: Record, lexicon: Lexicon, index: StudyIndex, unlinked: set[Unlinked], made: set[Link]) -> dict[str, str]:
    """Study keys of all names that the facts of a record use; a name of none of its trials is a trial of which only the name is known."""
    keys: dict[str, str] = {}

    def key_of(trial: Trial) -> str:
        found = study_of(record, trial, index, lexicon)
        if found.linked:
            made.add(Link("study", trial.name, found.key, found.rule))
        else:
            unlinked.add(Unlinked("study", trial.name))
        return found.key

    for trial in record.trials:
        key = key_of(trial)
        for name in (trial.name, *trial.registry_ids, *([trial.acronym] if trial.acronym else [])):
            keys.setdefault(name, key)
    for name in study_names(record):
        if name not in keys:
            keys[name] = key_of(Trial(name=name))
    return keys
