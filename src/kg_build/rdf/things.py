"""Shared things as quads: what the lexicon knows of them, or the printed name where it knows nothing.

A thing of the lexicon is described in the graph `record/lexicon/<table>`, by every record that mentions it; repeats are one when
the quads are sorted. So the function stays pure, and the graph holds just the things its records speak of.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg_build import terms
from kg_build.lexicon import Entry, Lexicon
from kg_build.lexicon.table import local_id
from kg_build.linking import Indication, Links
from kg_build.rdf import writer
from kg_build.rdf.slots import JOINT
from kg_build.rdf.writer import Writer

CLASSES = {
    "agents": ("agent", "Agent"),
    "classes": ("class", "AgentClass"),
    "targets": ("target", "Target"),
    "mechanisms": ("mechanism", "Mechanism"),
    "conditions": ("condition", "Condition"),
    "regulators": ("regulator", "Regulator"),
    "jurisdictions": ("jurisdiction", "Jurisdiction"),
    "bodies": ("body", "GuidelineBody"),
    "endpoints": ("endpoint", "Endpoint"),
    "events": ("event", "AdverseEvent"),
    "organizations": ("organization", "Organization"),
}
"""Lexicon table -> kind in IRIs, class."""

_IDS = {"unii": "UNII", "chembl": "CHEMBL", "drugbank": "DRUGBANK", "doid": "DOID", "ncit": "NCIT"}
_ID_PROPERTIES = {"unii": "unii", "chembl": "chemblId", "drugbank": "drugbankId", "doid": "doid", "ncit": "ncit", "oncotree": "oncotree"}
_LISTS = {"brands": "brandName", "codes": "codeName"}


class Things:
    """Writes the things that one record mentions, each once."""

    def __init__(self, out: Writer, links: Links, lexicon: Lexicon) -> None:
        self.out, self.links, self.lexicon = out, links, lexicon
        self.done: set[str] = set()

    # ---- by table ----------------------------------------------------------------------------------------------------------

    def of(self, table: str, key: str, printed: str | None = None) -> str:
        """IRI of a thing by its key; described on first use."""
        kind, name = CLASSES[table]
        iri = terms.thing(kind, key)
        if iri not in self.done:
            self.done.add(iri)
            entry = getattr(self.lexicon, table).row(key)
            if entry is None:
                self._provisional(iri, name, printed or key)
            else:
                self._described(iri, name, table, entry)
        return iri

    def named(self, table: str, printed: str) -> str | None:
        """IRI of the thing that a printed name was linked to; None where it was linked to nothing."""
        key = getattr(self.links, table).get(printed)
        if key is None:
            return None
        if key.startswith("class:"):
            return self.of("classes", key.removeprefix("class:"), printed)
        return self.of(table, key, printed)

    def _provisional(self, iri: str, name: str, printed: str) -> None:
        self.out.type(iri, name, self.out.home)
        self._label(iri, printed, self.out.home)
        self.out.add(iri, "provisional", writer.boolean(True), self.out.home)

    def _label(self, iri: str, label: str, graph: str | None) -> None:
        self.out.say(iri, "skos:prefLabel", label, graph)
        self.out.say(iri, "rdfs:label", label, graph)

    def _described(self, iri: str, name: str, table: str, entry: Entry) -> None:
        graph = f"<{terms.record('lexicon', table)}>"
        self.out.type(iri, name, graph)
        shown = getattr(entry, "abbreviation", None) or entry.label
        self._label(iri, shown, graph)
        for other in dict.fromkeys([entry.label, *entry.names, *getattr(entry, "abbreviations", ())]):
            if other == shown:
                continue
            self.out.say(iri, "skos:altLabel", other, graph)
        for field, predicate in _LISTS.items():
            for value in getattr(entry, field, ()):
                self.out.say(iri, predicate, value, graph)
        for field in _ID_PROPERTIES:
            if value := getattr(entry, field, None):
                self.identified(iri, field, value, graph)
        self._relations(iri, table, entry, graph)

    def identified(self, iri: str, scheme: str, value: str, graph: str | None = None) -> None:
        """What a thing is called in another scheme, where we know the scheme."""
        value = f"DOID:{local_id(value)}" if scheme == "doid" else value
        if predicate := _ID_PROPERTIES.get(scheme):
            self.out.say(iri, predicate, value, graph)
        if scheme in _IDS:
            self.out.link(iri, "skos:exactMatch", terms.expand(f"{_IDS[scheme]}:{value.rpartition(':')[2]}"), graph)

    def _relations(self, iri: str, table: str, entry: Entry, graph: str) -> None:
        def to(predicate: str, target_table: str, keys: Iterable[str]) -> None:
            for key in keys:
                self.out.link(iri, predicate, self.of(target_table, key), graph)

        to("hasTarget", "targets", getattr(entry, "targets", ()))
        to("hasMechanism", "mechanisms", getattr(entry, "mechanisms", ()))
        to("memberOf", "classes", getattr(entry, "classes", ()))
        to("developedBy", "organizations", getattr(entry, "companies", ()))
        if table in {"conditions", "jurisdictions"}:
            to("skos:broader", table, getattr(entry, "broader", ()))
        if jurisdiction := getattr(entry, "jurisdiction", None):
            to("hasJurisdiction", "jurisdictions", [jurisdiction])
        self.out.say(iri, "agentType", getattr(entry, "agent_type", None), graph)

    # ---- composed things ---------------------------------------------------------------------------------------------------

    def regimen(self, names: Iterable[str], one_of: Iterable[str] = ()) -> str | None:
        """IRI of the set of agents given together; alternatives are one member of its key."""
        keys = self.links.regimen_keys(names)
        either = self.links.regimen_keys(one_of)
        parts = sorted([*(key for key in keys if key not in either), *([f"({'|'.join(sorted(either))})"] if either else [])])
        if not parts:
            return None
        iri = terms.thing("regimen", "+".join(parts))
        if iri not in self.done:
            self.done.add(iri)
            members = [self.member(one) for key in keys for one in _alternatives(key)]
            self.out.type(iri, "Regimen", self.out.home)
            self._label(iri, JOINT.join(sorted(" or ".join(map(self._name, _alternatives(key))) for key in keys)), self.out.home)
            for member in members:
                self.out.link(iri, "hasAgent", member, self.out.home)
        return iri

    def members(self, printed: str) -> list[str]:
        """IRIs of the agents that an intervention's name means: several for a combination, none for a placebo."""
        return [self.member(one) for key in self.links.members.get(printed, ()) for one in _alternatives(key)]

    def member(self, key: str) -> str:
        """IRI of an agent or agent class by its key."""
        printed = self.links.printed_agent(key)
        return self.of("classes", key.removeprefix("class:"), printed) if key.startswith("class:") else self.of("agents", key, printed)

    def _name(self, key: str) -> str:
        table = self.lexicon.classes if key.startswith("class:") else self.lexicon.agents
        entry = table.row(key.removeprefix("class:"))
        return entry.label if entry else self.links.printed_agent(key) or key

    def indication(self, found: Indication | None, condition_text: str | None) -> str | None:
        """IRI of condition + who may get it, from its coded slots."""
        if found is None:
            return None
        iri = terms.thing("indication", found.key)
        if iri in self.done:
            return iri
        self.done.add(iri)
        out = self.out
        out.type(iri, "Indication", out.home)
        condition = self.of("conditions", found.condition, condition_text)
        out.link(iri, "condition", condition, out.home)
        out.add(iri, "coded", writer.boolean(found.coded), out.home)
        if found.min_prior_lines is not None:
            out.add(iri, "minPriorLines", writer.integer(found.min_prior_lines), out.home)
        for predicate, values in (("setting", found.settings), ("population", found.populations), ("biomarker", found.biomarkers)):
            for value in values:
                out.say(iri, predicate, value, out.home)
        for key in found.prior_therapies:
            out.link(iri, "priorTherapy", self.member(key), out.home)
        entry = self.lexicon.conditions.by_key.get(found.condition)
        details = ", ".join(
            [*found.settings, *([f"≥{found.min_prior_lines} prior lines"] if found.min_prior_lines else []), *found.populations]
        )
        name = entry.label if entry else condition_text or found.condition
        self._label(iri, f"{name} ({details})" if details else name, out.home)
        return iri

    def study(self, printed: str) -> str | None:
        """IRI of the study that a printed name or id was linked to; its kind is said by who describes it."""
        key = self.links.studies.get(printed)
        if key is None:
            return None
        iri = terms.thing("study", key)
        if iri not in self.done:
            self.done.add(iri)
            self.out.type(iri, "Study", self.out.home)
            self._label(iri, self.links.study_labels.get(key, printed), self.out.home)
        return iri

    def application(self, authority: str, number: str) -> str:
        """IRI of a dossier: authority and number."""
        return terms.thing("application", f"{terms.slug(authority)}.{number}")


def _alternatives(key: str) -> list[str]:
    """Members of an either/or partner "(a|b)"; a plain key is its own."""
    return key[1:-1].split("|") if key.startswith("(") else [key]
