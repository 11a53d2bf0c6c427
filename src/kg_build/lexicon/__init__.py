"""What things are called: tables of agents, diseases, regulators and so on, one TSV file each beside this code.

A name is one row of a table; every row names its source. Look-ups are exact up to case, dashes, blanks and the few forms
a table allows (the FDA's four-letter suffix, salts); a name that two rows share finds neither.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.lexicon.entries import (
    AgentEntry,
    BodyEntry,
    ClassEntry,
    CombinationEntry,
    ConditionEntry,
    EndpointEntry,
    Entry,
    EventEntry,
    JurisdictionEntry,
    MechanismEntry,
    OrganizationEntry,
    RegulatorEntry,
    SettingEntry,
    TargetEntry,
)
from kg_build.lexicon.judgements import Judgement, Judgements, read_judgements
from kg_build.lexicon.substances import FILE, PREFIX, Substances
from kg_build.lexicon.table import E, Table, local_id, mixed_script, read_rows
from kg_build.terms import fold

__all__ = [
    "TABLES",
    "AgentEntry",
    "AgentTable",
    "BodyEntry",
    "ClassEntry",
    "CombinationEntry",
    "ConditionEntry",
    "EndpointEntry",
    "Entry",
    "EventEntry",
    "Judgement",
    "Judgements",
    "JurisdictionEntry",
    "Lexicon",
    "MechanismEntry",
    "OrganizationEntry",
    "RegulatorEntry",
    "SettingEntry",
    "Table",
    "TargetEntry",
    "load",
]

FOLDER = Path(__file__).parent

TABLES: dict[str, type[Entry]] = {
    "agents": AgentEntry,
    "classes": ClassEntry,
    "combinations": CombinationEntry,
    "targets": TargetEntry,
    "mechanisms": MechanismEntry,
    "conditions": ConditionEntry,
    "regulators": RegulatorEntry,
    "jurisdictions": JurisdictionEntry,
    "bodies": BodyEntry,
    "endpoints": EndpointEntry,
    "events": EventEntry,
    "organizations": OrganizationEntry,
    "settings": SettingEntry,
}
"""Table (and file) name -> its rows."""

JUDGEMENTS = "judgements.tsv"

SALTS = (
    "hydrochloride", "dihydrochloride", "isethionate", "mesylate", "dimesylate", "tosylate", "ditosylate", "phosphate", "sodium phosphate",
    "sodium", "disodium", "potassium", "calcium", "acetate", "citrate", "maleate", "dimaleate", "fumarate", "hemifumarate", "malate",
    "succinate", "tartrate", "bitartrate", "sulfate", "sulphate", "besylate", "besilate", "mesilate", "tosilate", "camsylate", "lactate",
    "gluconate", "pamoate", "embonate", "hydrobromide", "bromide", "nitrate", "monohydrate", "hemihydrate", "dihydrate", "trihydrate",
    "anhydrous", "hcl", "dimeglumine", "meglumine", "etexilate", "s-malate", "adipate", "hydrate", "esylate", "napsylate", "xinafoate",
)  # fmt: skip
"""Words after an agent's name that leave the active substance the same."""

_SUFFIX = re.compile(r"(?P<stem>.+[a-z])-[a-z]{4}")
_SALT = re.compile(rf"(?P<stem>.+?)(?:[ -](?:{'|'.join(map(re.escape, sorted(SALTS, key=len, reverse=True)))}))+")


def agent_forms(folded: str) -> Iterator[tuple[str, str]]:
    """Rules and forms under which an agent may be listed: without the FDA's four-letter suffix, without its salt.

    >>> list(agent_forms("isatuximab-irfc")), list(agent_forms("palbociclib isethionate"))
    ([('suffix', 'isatuximab')], [('salt', 'palbociclib')])
    """
    for rule, pattern in (("suffix", _SUFFIX), ("salt", _SALT)):
        if match := pattern.fullmatch(folded):
            yield rule, match["stem"]


class AgentTable(Table[AgentEntry]):
    """The curated agents, and behind them the substances that only UNII names."""

    def __init__(self, rows: Iterable[AgentEntry], substances: Substances) -> None:
        super().__init__(rows, agent_forms)
        self.substances = substances

    def _match(self, name: str) -> tuple[AgentEntry, str] | None:
        """The curated come first."""
        found = super()._match(name)
        folded = fold(name)
        if found is not None or folded in self.ambiguous:
            return found
        if row := self.substances.find(folded):
            return row, ""
        forms = ((self.substances.find(form), rule) for rule, form in agent_forms(folded))
        return next(((row, rule) for row, rule in forms if row is not None), None)

    def exact(self, name: str) -> AgentEntry | None:
        """The one row that has this very name; the curated come first."""
        row, folded = super().exact(name), fold(name)
        return row if row is not None or folded in self.ambiguous or mixed_script(name) else self.substances.find(folded)

    def identified(self, scheme: str, value: str) -> AgentEntry | None:
        """The one row that carries an identifier; keys of substances are their UNIIs."""
        row = super().identified(scheme, value)
        return row if row is not None or scheme != "unii" else self.substances.row(PREFIX + local_id(value).lower())

    def row(self, key: str) -> AgentEntry | None:
        """The row of a key."""
        return self.by_key.get(key) or self.substances.row(key)


class Lexicon:
    """All tables, read-only, and the sha256 of what they were read from."""

    def __init__(self, folder: Path) -> None:
        def table(name: str, kind: type[E]) -> Table[E]:
            return Table(read_rows(_file(folder, name), kind))

        self.agents = AgentTable(read_rows(_file(folder, "agents"), AgentEntry), Substances(folder / FILE))
        self.classes = table("classes", ClassEntry)
        self.combinations = table("combinations", CombinationEntry)
        self.targets = table("targets", TargetEntry)
        self.mechanisms = table("mechanisms", MechanismEntry)
        self.conditions = table("conditions", ConditionEntry)
        self.regulators = table("regulators", RegulatorEntry)
        self.jurisdictions = table("jurisdictions", JurisdictionEntry)
        self.bodies = table("bodies", BodyEntry)
        self.endpoints = table("endpoints", EndpointEntry)
        self.events = table("events", EventEntry)
        self.organizations = table("organizations", OrganizationEntry)
        self.settings = table("settings", SettingEntry)
        self.judgements = Judgements(read_judgements(folder / JUDGEMENTS))
        self.version = _version(folder)


def _file(folder: Path, name: str) -> Path:
    path = folder / f"{name}.tsv"
    if not path.is_file():
        raise SourceError(f"{path}: no such table; a lexicon folder holds {', '.join(f'{table}.tsv' for table in TABLES)}")
    return path


def _version(folder: Path) -> str:
    parts = hashlib.sha256()
    files = [*(f"{name}.tsv" for name in sorted(TABLES)), FILE, JUDGEMENTS]
    for name in files:
        if (folder / name).is_file():
            parts.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    return parts.hexdigest()


@cache
def load(folder: Path = FOLDER) -> Lexicon:
    """The tables that come with the package, or those of another folder; read once."""
    return Lexicon(folder)
