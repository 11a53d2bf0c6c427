"""The rows of the tables: one frozen struct a table, its fields the columns of the TSV file."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from kg_build.terms import fold

_SHORT = re.compile(r"[A-Za-z0-9/&+-]{2,7}")


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every row has: its key for good, the name to show, other names, and where the row comes from."""

    key: str
    label: str
    names: tuple[str, ...] = ()
    source: str

    def spoken(self) -> tuple[str, ...]:
        """Every name that finds this row."""
        return (self.label, *self.names)

    def how(self, folded: str) -> str:
        """By which rule one of its folded names finds it."""
        return "exact"

    def short(self) -> tuple[str, ...]:
        """Those of its names that are abbreviations, told from words by their capitals."""
        return tuple(name for name in self.spoken() if _SHORT.fullmatch(name) and sum(map(str.isupper, name)) >= 2)


class AgentEntry(Entry, frozen=True, kw_only=True):
    """An active substance, or a formulation aid (`agent_type` says which)."""

    agent_type: str | None = None
    targets: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    unii: str | None = None
    chembl: str | None = None
    drugbank: str | None = None
    classes: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()

    def spoken(self) -> tuple[str, ...]:
        """Names, brands and code names."""
        return (self.label, *self.names, *self.brands, *self.codes)

    def how(self, folded: str) -> str:
        """By its brand, a code name, or a name."""
        lists = (("brand", self.brands), ("code", self.codes))
        return next((rule for rule, names in lists if folded in map(fold, names)), "exact")

    @property
    def is_aid(self) -> bool:
        """Formulation aids enter no regimen."""
        return self.agent_type == "formulation aid"


class ClassEntry(Entry, frozen=True, kw_only=True):
    """A class of agents that texts use as a partner of a regimen or as a prior therapy."""

    broader: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()


class CombinationEntry(Entry, frozen=True, kw_only=True):
    """One name for several agents: a co-formulated product or a regimen acronym. It has no identifiers to lend to its members."""

    brands: tuple[str, ...] = ()
    members: tuple[str, ...]  # agent keys, or class:<key>

    def spoken(self) -> tuple[str, ...]:
        """Names and brands."""
        return (self.label, *self.names, *self.brands)


class TargetEntry(Entry, frozen=True, kw_only=True):
    """A molecular target, named as the field names it."""


class MechanismEntry(Entry, frozen=True, kw_only=True):
    """What an agent does."""

    targets: tuple[str, ...] = ()


class ConditionEntry(Entry, frozen=True, kw_only=True):
    """A disease; `broader` are the keys one step up."""

    broader: tuple[str, ...] = ()
    doid: str | None = None
    ncit: str | None = None
    oncotree: str | None = None
    abbreviations: tuple[str, ...] = ()

    def spoken(self) -> tuple[str, ...]:
        """Names and abbreviations."""
        return (self.label, *self.names, *self.abbreviations)


class JurisdictionEntry(Entry, frozen=True, kw_only=True):
    """A country, a part of one, or a union of them; `demonyms` and `seats` mean it only beside words of authority."""

    demonyms: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    iso: str | None = None


class RegulatorEntry(Entry, frozen=True, kw_only=True):
    """Who decides or advises on medicines for a jurisdiction."""

    abbreviation: str | None = None
    jurisdiction: str | None = None
    kind: Literal["regulator", "hta", "committee"] = "regulator"

    def spoken(self) -> tuple[str, ...]:
        """Names and abbreviation."""
        return (self.label, *self.names, *([self.abbreviation] if self.abbreviation else []))


class BodyEntry(Entry, frozen=True, kw_only=True):
    """Who issues guidelines."""

    abbreviation: str | None = None
    jurisdiction: str | None = None

    def spoken(self) -> tuple[str, ...]:
        """Names and abbreviation."""
        return (self.label, *self.names, *([self.abbreviation] if self.abbreviation else []))


class EndpointEntry(Entry, frozen=True, kw_only=True):
    """What a study measures."""

    abbreviation: str | None = None
    kind: Literal["time-to-event", "response", "safety", "patient-reported", "pharmacology", "biomarker", "other"] = "other"

    def spoken(self) -> tuple[str, ...]:
        """Names and abbreviation."""
        return (self.label, *self.names, *([self.abbreviation] if self.abbreviation else []))


class EventEntry(Entry, frozen=True, kw_only=True):
    """An adverse event by its usual name; codes of licensed terminologies are left out."""

    organ_class: str | None = None


class OrganizationEntry(Entry, frozen=True, kw_only=True):
    """A company or another organisation that develops medicines."""


class SettingEntry(Entry, frozen=True, kw_only=True):
    """One coded phrase of an indication: stage, line or population."""

    slot: Literal["setting", "population", "line"]
