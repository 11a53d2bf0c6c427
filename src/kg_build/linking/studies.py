"""Trial names and numbers -> studies. A number links; an acronym links only together with an agent that both sides share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from kg_build.facts import Decision, Record, Trial
from kg_build.lexicon import Lexicon
from kg_build.linking.agents import treatment
from kg_build.terms import digest, fold, slug

_IDS = [
    ("nct", re.compile(r"\bNCT\s?(\d{8})\b", re.I), "NCT{}"),
    ("euct", re.compile(r"\b(20\d\d-5\d{5}-\d\d)(?:-\d\d)?\b"), "{}"),
    ("eudract", re.compile(r"\b(20\d\d-\d{6}-\d\d)\b"), "{}"),
    ("isrctn", re.compile(r"\bISRCTN\s?(\d{5,8})\b", re.I), "ISRCTN{}"),
    ("ctr", re.compile(r"\bCTR\s?(20\d{6})\b"), "CTR{}"),
    ("chictr", re.compile(r"\bChiCTR-?((?:[A-Z]+-)?\d{8,10})\b", re.I), "ChiCTR{}"),
    ("jrct", re.compile(r"\bjRCT\s?(s?\d{9,10})\b", re.I), "jRCT{}"),
    ("japic", re.compile(r"\bJapicCTI-?(\d{6})\b", re.I), "JapicCTI-{}"),
    ("umin", re.compile(r"\bUMIN\s?(\d{9})\b", re.I), "UMIN{}"),
    ("actrn", re.compile(r"\bACTRN\s?(\d{14})\b", re.I), "ACTRN{}"),
    ("ctri", re.compile(r"\b(CTRI/\d{4}/\d\d/\d{6})\b", re.I), "{}"),
    ("drks", re.compile(r"\bDRKS\s?(\d{8})\b", re.I), "DRKS{}"),
]
"""Registries in the order in which their numbers name a study: pattern of a number, and how it is written."""


_ACRONYM = re.compile(r"\S*[A-Z]\S*[A-Z0-9]\S*(?: \d+)?")  # texts call a study by its acronym; anything longer is a description


class StudyHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What the first pass keeps of one study as one record describes it."""

    key: str
    registry_ids: tuple[str, ...] = ()
    former: tuple[str, ...] = ()  # numbers that the registry gave up for the key
    acronym: str | None = None
    agents: tuple[str, ...] = ()


class Found(NamedTuple):
    """A study key, and whether the index stands behind it."""

    key: str
    linked: bool
    rule: str = ""


def canonical_id(text: str) -> str | None:
    """A registry number as its registry writes it, None where the text is none.

    >>> canonical_id("NCT 02990338"), canonical_id("EudraCT 2016-003097-41"), canonical_id("ICARIA-MM")
    ('NCT02990338', '2016-003097-41', None)
    """
    for _, pattern, form in _IDS:
        if match := pattern.search(text):
            return form.format(match[1])
    return None


def _rank(number: str) -> int:
    return next((rank for rank, (_, pattern, _form) in enumerate(_IDS) if pattern.search(number)), len(_IDS))


def numbers(trial: Trial) -> tuple[str, ...]:
    """Registry numbers of a trial, the one that names it first; numbers of no known registry come last, as they stand."""
    found = [canonical_id(text) or fold(text) for text in trial.registry_ids]
    found += [number for number in (canonical_id(trial.name),) if number]
    return tuple(sorted(dict.fromkeys(found), key=_rank))


def acronym_key(name: str) -> str:
    """Comparable form of an acronym.

    >>> acronym_key("the ICARIA MM trial") == acronym_key("ICARIA-MM")
    True
    """
    folded = re.sub(r"^the\s+|\s+(?:trial|study|clinical trial|phase \d\w? (?:trial|study))$", "", fold(name))
    return re.sub(r"[\s\-_]+", "", folded)


class StudyIndex:
    """All studies that the records describe, by number and by acronym; read-only once made, the same for any order of headers."""

    def __init__(self, headers: Iterable[StudyHeader] = ()) -> None:
        self.labels: dict[str, str] = {}
        numbers: dict[str, set[str]] = {}
        acronyms: dict[str, dict[str, set[str]]] = {}
        ordered = sorted(set(headers), key=lambda h: (_rank(h.key), h.key, h.acronym or "", h.registry_ids))
        for header in ordered:
            for number in header.registry_ids:
                numbers.setdefault(number, set()).add(header.key)
            if header.acronym:
                acronyms.setdefault(acronym_key(header.acronym), {}).setdefault(header.key, set()).update(header.agents)
        for header in sorted(ordered, key=lambda h: h.acronym is None):
            self.labels.setdefault(header.key, header.acronym or header.key)
        own = {header.key for header in ordered}
        self._numbers = {number: frozenset([number] if number in own and _rank(number) == 0 else keys) for number, keys in numbers.items()}
        self._renamed = _renamed(ordered)
        self._acronyms = {name: {key: frozenset(agents) for key, agents in keys.items()} for name, keys in acronyms.items()}

    def by_number(self, number: str) -> str | None:
        """Key of the one study that carries a number; an NCT number outranks the numbers of other registries."""
        number = self._renamed.get(number, number)
        keys = self._numbers.get(number, frozenset())
        registered = sorted(key for key in keys if _rank(key) == 0) or sorted(keys)
        return registered[0] if len(registered) == 1 else None

    def by_acronym(self, name: str, agents: Iterable[str]) -> tuple[str, ...]:
        """Keys of the registered studies of this acronym that share an agent; one is a link, several are doubt."""
        wanted = set(agents)
        candidates = self._acronyms.get(acronym_key(name), {})
        return tuple(sorted(key for key, theirs in candidates.items() if not key.startswith("x-") and theirs & wanted))


def _renamed(headers: Iterable[StudyHeader]) -> dict[str, str]:
    """Former number -> the number the study has now, where records agree on it and that one was not given up as well."""
    now: dict[str, set[str]] = {}
    for header in headers:
        for old in header.former:
            now.setdefault(old, set()).add(header.key)
    return {old: next(iter(keys)) for old, keys in now.items() if len(keys) == 1 and not keys & now.keys()}


def study_headers(record: Record, lexicon: Lexicon) -> Iterator[StudyHeader]:
    """Headers of the studies one record describes, for the index of the first pass."""
    for trial in record.trials:
        ids = numbers(trial)
        if ids:
            acronym = trial.acronym or (trial.name if _ACRONYM.fullmatch(trial.name) and canonical_id(trial.name) is None else None)
            former = tuple(canonical_id(old) or fold(old) for old in trial.former_ids)
            yield StudyHeader(key=ids[0], registry_ids=ids, former=former, acronym=acronym, agents=telling_agents(record, trial, lexicon))


def study_of(record: Record, trial: Trial, index: StudyIndex, lexicon: Lexicon) -> Found:
    """Key of one trial of a record: by number, else by acronym and shared agent, else a key of its own."""
    if right := lexicon.judgements.same("study", trial.name):
        return Found(right, True, "judgement")
    ids = numbers(trial)
    for number in ids:
        if key := index.by_number(number):
            return Found(key, True, "identifier")
    if ids:
        return Found(ids[0], True, "identifier")
    agents = telling_agents(record, trial, lexicon)
    keys = {key for name in (trial.name, trial.acronym) if name for key in index.by_acronym(name, agents)}
    keys = {key for key in keys if not lexicon.judgements.refused("study", trial.name, key)}
    if len(keys) == 1:
        return Found(keys.pop(), True, "acronym and agent")
    return Found(_own_key(record, trial, agents, doubtful=bool(keys)), False)


def _own_key(record: Record, trial: Trial, agents: tuple[str, ...], doubtful: bool) -> str:
    """x-<acronym>+<lead agent>; salted with the record where the name does not tell the study."""
    name = slug(re.sub(r"^the\s+|\s+(?:trial|study)$", "", fold(trial.acronym or trial.name)))
    if doubtful or not agents or fold(trial.name).startswith("unnamed"):
        return f"x-{name[:40].rstrip('-')}-{digest([record.source, record.id, trial.name])}"
    return f"x-{name}+{agents[0]}"


def telling_agents(record: Record, trial: Trial, lexicon: Lexicon) -> tuple[str, ...]:
    """Agents that tell a trial from others, lead first: those not all of its arms give, then the rest; supportive ones left out.

    Where the trial names none, those of the decisions it supports, then those of the whole record.
    """
    sources = (
        _by_arm(trial, lexicon) + _keys(trial.interventions, lexicon),
        [key for decision in record.decisions if _supports(decision, trial) for key in _keys(decision.regimen, lexicon)],
        _keys((dose.agent for dose in record.dosing if dose.trial == trial.name), lexicon),
        [key for decision in record.decisions for key in _keys(decision.regimen, lexicon)]
        + _keys((a.name for a in record.agents), lexicon),
    )
    return next((tuple(dict.fromkeys(keys)) for keys in sources if keys), ())


def _supports(decision: Decision, trial: Trial) -> bool:
    return not {trial.name, trial.acronym, *trial.registry_ids}.isdisjoint(decision.supported_by)


def _by_arm(trial: Trial, lexicon: Lexicon) -> list[str]:
    arms = [_keys(arm.regimen, lexicon) for arm in trial.arms if arm.regimen]
    given = [key for arm in arms for key in arm]
    return sorted(given, key=lambda key: len(arms) > 1 and all(key in arm for arm in arms))


_SUPPORTIVE = frozenset({"corticosteroid"})


def _keys(names: Iterable[str], lexicon: Lexicon) -> list[str]:
    """Agent keys of names in their order, without classes and without the steroids that half of all regimens hold."""
    keys = [key for name in names for key in treatment(name, lexicon).members if not key.startswith("class:")]
    rows = {key: lexicon.agents.row(key) for key in keys}
    return [key for key in keys if not ((row := rows[key]) and _SUPPORTIVE & set(row.classes))]
