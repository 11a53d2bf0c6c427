"""What linking answers: for every mention as printed, the key of the thing it means, or that it means nothing we know."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Unlinked(msgspec.Struct, frozen=True, order=True):
    """A mention that meets no row and no study: kept for the report, never dressed up as a match."""

    kind: str
    name: str


class Link(msgspec.Struct, frozen=True, order=True):
    """A mention that means a thing, and the rule that says so; the members of a combination are joined by "+"."""

    kind: str
    name: str
    key: str
    rule: str


class Indication(msgspec.Struct, frozen=True, kw_only=True):
    """A condition and who may get the regimen, in codes; `coded` is False where some of the text could not be coded."""

    key: str  # <condition>/<hex of the coded slots>
    condition: str
    min_prior_lines: int | None = None
    settings: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    biomarkers: tuple[str, ...] = ()
    prior_therapies: tuple[str, ...] = ()  # agent keys and class:<key>
    coded: bool = True


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """Mention as printed -> key, one mapping a table; provisional keys begin with "x-".

    `agents` holds mentions that mean one agent (a key, or class:<key>); `members` holds every agent mention: one key, several for a
    combination, "(a|b)" for alternatives, none for a placebo or a formulation aid.
    """

    agents: dict[str, str] = {}
    members: dict[str, tuple[str, ...]] = {}
    printed: dict[str, str] = {}  # provisional agent key -> the name it was made from
    targets: dict[str, str] = {}
    mechanisms: dict[str, str] = {}
    conditions: dict[str, str] = {}
    endpoints: dict[str, str] = {}
    events: dict[str, str] = {}
    organizations: dict[str, str] = {}
    bodies: dict[str, str] = {}
    regulators: dict[str, str] = {}
    jurisdictions: dict[str, str] = {}
    studies: dict[str, str] = {}
    study_labels: dict[str, str] = {}  # study key -> the name the index or the record has for it
    decision_indications: tuple[Indication | None, ...] = ()
    recommendation_indications: tuple[Indication | None, ...] = ()
    made: tuple[Link, ...] = ()
    unlinked: tuple[Unlinked, ...] = ()

    def regimen_keys(self, names: Iterable[str]) -> tuple[str, ...]:
        """Keys of the agents a regimen is made of, sorted, each once; placebo and formulation aids are none."""
        return tuple(sorted({key for name in names for key in self.members.get(name, ())}))

    def printed_agent(self, key: str) -> str | None:
        """The name a record printed for a provisional agent."""
        return self.printed.get(key)


def regimen_key(names: Iterable[str], links: Links) -> str:
    """Key of a regimen: its agents sorted and joined; empty where no name is an agent."""
    return "+".join(links.regimen_keys(names))
