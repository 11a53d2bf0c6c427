"""Which planned arms a reported group is: one (matched), several (pooled), or none that could be told (unmatched).

Rules speak in order; each answers with arms, with doubt (which ends the matter), or not at all. Titles are compared as words and
numbers, so "300mg" is "300 mg". What a group was given counts where its title names interventions; no rule guesses by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from kg_build import terms
from kg_build.facts import Arm
from kg_build.sources.ctgov import layout
from kg_build.sources.ctgov.protocol import of_arm
from kg_build.sources.ctgov.values import plain

Words = tuple[str, ...]


class Match(NamedTuple):
    """Arms of a group, and how sure that is."""

    arms: tuple[str, ...]
    kind: Literal["matched", "pooled", "unmatched"]


UNMATCHED = Match((), "unmatched")

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_SAME = {
    "μg": "mcg",
    "ug": "mcg",
    "microgram": "mcg",
    "micrograms": "mcg",
    "milligram": "mg",
    "milligrams": "mg",
    "vs": "versus",
    "plus": "+",
}
_IDLE = {
    "arm",
    "group",
    "arms",
    "groups",
    "the",
    "of",
    "with",
    "and",
    "+",
    "in",
    "treatment",
    "therapy",
    "participants",
    "patients",
    "subjects",
}
_ORDER = {"then", "followed", "to", "crossover", "switch", "switched", "until", "till", "versus", "extension", "cohorts", "arms", "groups"}
"""Words that change what a title with arms in it means: a sequence, a comparison, or others beside those named."""
_ABSENCE = {"non", "no", "not", "without"}
_EVERYBODY = re.compile(
    r"(?:total|overall|entire|combined|pooled|all|any)(?: (?:enrolled|treated|randomi[sz]ed|study|evaluable|dosed|screened))*"
    r"(?: (?:participants|patients|subjects|arms|groups|cohorts|doses|dose levels|population|study population|total))?"
    r"(?: (?:combined|pooled|total|overall|enrolled|treated|randomi[sz]ed|enrolled and randomi[sz]ed|with (?:\w+ )?data))?"
    r"|(?:all )?(?:intent(?:ion)? to treat|itt|safety|full analysis|per protocol|study)(?: itt)?(?: analysis)? (?:population|set)"
)
_DESIGNATOR = re.compile(r"\b(arm|group|cohort|part|stage|sequence|sub-?study|dose level|level) ?#?(\d{1,2}[a-z]?|[a-z]|[ivx]{1,4})\b")
_DOSE = re.compile(r"\bq(?:\d+)?[wdhm]\b|(?<![q.\d])\d+(?:\.\d+)?")


def tokens(text: str) -> Words:
    """Words and numbers of a name; "300mg" and "300 mg" are alike.

    >>> tokens("Drug-A 300μg")
    ('drug', 'a', '300', 'mcg')
    """
    return tuple(_SAME.get(token, token) for token in _TOKEN.findall(terms.fold(text)))


class Planned(NamedTuple):
    """An arm as the rules see it."""

    id: str
    forms: tuple[Words, ...]  # its label: whole, without parentheses, by its abbreviation
    given: frozenset[int]  # its interventions, by their number in the protocol
    description: Words
    designators: frozenset[tuple[str, str]]
    doses: frozenset[str]


class Matcher:
    """Matches reported groups with the planned arms of one study."""

    def __init__(self, module: layout.ArmsInterventions, arms: tuple[Arm, ...]) -> None:
        self.aliases = [tuple(_aliases(one)) for one in module.interventions]
        self.placebos = frozenset(n for n, one in enumerate(module.interventions) if "placebo" in terms.fold(one.name or ""))
        self.arms = [_planned(module, group, arm) for group, arm in zip(module.arm_groups, arms, strict=True)]
        self.everyone = tuple(arm.id for arm in self.arms)
        self.shared = frozenset.intersection(*(arm.given for arm in self.arms)) if self.arms else frozenset()

    def __call__(self, title: str, description: str | None, alone: bool) -> Match:
        """Arms of a group; `alone` says that its section reports no other group."""
        words = tokens(title)
        if not self.arms or not words:
            return UNMATCHED
        arms = [arm for arm in self.arms if _compatible(_designators(title), arm.designators)]
        rules: tuple[Callable[[], Match | None], ...] = (
            lambda: _equal(self.arms, words),
            lambda: self._everybody(words),
            lambda: _everybody_of(self.arms, title),
            lambda: _title_in_label(arms, words),
            lambda: self._labels_in_title(arms, words),
            lambda: _designated(arms, title),
            lambda: self._given(arms, words, title),
            lambda: self._described(arms, words, description or ""),
            lambda: _one(self.arms) if alone else None,
        )
        return next((found for rule in rules if (found := rule()) is not None), UNMATCHED)

    def _everybody(self, words: Words) -> Match | None:
        """Every arm, for a title such as "Total" or "All Participants"."""
        if not _EVERYBODY.fullmatch(" ".join(words)):
            return None
        return Match(self.everyone, "matched" if len(self.everyone) == 1 else "pooled")

    def _labels_in_title(self, arms: list[Planned], words: Words) -> Match | None:
        """Labels that stand in the title; a label within a longer one that stands there too does not count."""
        standing = {arm.id: [form for form in arm.forms if _specific(form) and _within(form, words)] for arm in arms}
        found = {arm: max(forms, key=len) for arm, forms in standing.items() if forms}
        found = {arm: label for arm, label in found.items() if not any(label != one and _within(label, one) for one in found.values())}
        if not found:
            return None
        rest = set(words) - {word for label in found.values() for word in label}
        absent = any(_run((word, label[0]), words) for word in _ABSENCE for label in found.values())
        foreign = self._named(words) - frozenset[int]().union(*(arm.given for arm in arms if arm.id in found))
        if len(set(found.values())) < len(found) or rest & _ORDER or absent or foreign:
            return UNMATCHED
        return Match(tuple(found), "matched" if len(found) == 1 else "pooled")

    def _named(self, words: Words) -> frozenset[int]:
        """Interventions that words name."""
        return frozenset(n for n, aliases in enumerate(self.aliases) if any(_run(alias, words) for alias in aliases))

    def _given(self, arms: list[Planned], words: Words, title: str) -> Match | None:
        """The title names interventions: the arm that is given these, placebo aside; several when it says nothing else."""
        named = self._named(words)
        if not named or (_ORDER | _ABSENCE) & set(words):
            return None
        for leave in (frozenset[int](), self.shared, self.shared | self.placebos):
            hits = [arm for arm in arms if named - leave and arm.given - leave == named - leave]
            if len(hits) == 1:
                return _one(hits)
            if hits:
                return self._dosed(hits, title, named) or self._nothing_else(hits, words, named)
        return self._nothing_else(arms, words, named) if named <= self.shared and len(arms) > 1 else None

    def _dosed(self, hits: list[Planned], title: str, named: frozenset[int]) -> Match | None:
        """The one arm, of several with the same interventions, whose text has all doses of the title."""
        wanted = _doses(title) - self._name_words(named)
        return _one([arm for arm in hits if wanted and wanted <= arm.doses])

    def _nothing_else(self, hits: list[Planned], words: Words, named: frozenset[int]) -> Match | None:
        rest = set(words) - _IDLE - self._name_words(named)
        return None if rest else Match(tuple(arm.id for arm in hits), "pooled")

    def _name_words(self, named: frozenset[int]) -> set[str]:
        return {word for number in named for alias in self.aliases[number] for word in alias}

    def _described(self, arms: list[Planned], title: Words, description: str) -> Match | None:
        """The description is an arm's own, lists an arm's interventions ("X: ..."), or names one label alone."""
        if _ORDER & set(title):
            return None
        words, listed = tokens(description), self._listed(description)
        same = [arm for arm in arms if len(arm.description) > 4 and _run(arm.description, words)]
        by_list = [arm for arm in arms if listed and arm.given == listed]
        labelled = [arm for arm in arms if any(len(label) > 2 and _specific(label) and _run(label, words) for label in arm.forms)]
        return _one(same) or _one(by_list) or _one(labelled)

    def _listed(self, description: str) -> frozenset[int]:
        """Interventions that the description explains under their name, as the registry copies them: "X: 5 mg daily"."""
        heads = {tokens(line.partition(":")[0]) for line in description.splitlines() if ":" in line}
        return frozenset(n for n, aliases in enumerate(self.aliases) if heads & set(aliases))


# ---- rules that need the arms alone -------------------------------------------------------------------------------------------------


def _one(hits: list[Planned]) -> Match | None:
    return Match((hits[0].id,), "matched") if len(hits) == 1 else None


def _equal(arms: list[Planned], words: Words) -> Match | None:
    """The title is a label: as it stands, or with idle words aside and in any order."""
    forms: tuple[Callable[[Words], Words], ...] = (_as_is, _sorted, _essence)
    for form in forms:
        hits = [arm for arm in arms if form(words) and any(form(label) == form(words) for label in arm.forms)]
        if hits:
            return _one(hits)
    return None


def _everybody_of(arms: list[Planned], title: str) -> Match | None:
    """The arms whose labels begin as the title does before its "All Participants": "Phase 1: Dose Escalation: All Participants"."""
    part, _, rest = title.rpartition(":")
    if not part or not _EVERYBODY.fullmatch(" ".join(tokens(rest))):
        return None
    begin = tokens(part)
    hits = [arm.id for arm in arms if _specific(begin) and any(form[: len(begin)] == begin for form in arm.forms)]
    return Match(tuple(hits), "pooled") if len(hits) > 1 else None


def _designated(arms: list[Planned], title: str) -> Match | None:
    """The one arm that bears all designators of the title: "Cohort F: ..."."""
    wanted = _designators(title)
    return _one([arm for arm in arms if wanted and wanted <= arm.designators])


def _title_in_label(arms: list[Planned], words: Words) -> Match | None:
    """A title whose words stand, in order, in one label alone, and which leaves out no step of a sequence."""
    if not _specific(words):
        return None
    hits = [(arm, label) for arm in arms for label in arm.forms if _within(words, label)]
    found = _one(list({arm.id: arm for arm, _ in hits}.values()))
    left = {word for _, label in hits for word in set(label) - set(words)} - _IDLE
    return None if left & _ORDER and left - _ORDER else found


def _compatible(title: frozenset[tuple[str, str]], arm: frozenset[tuple[str, str]]) -> bool:
    """Whether no designator speaks against: "Part 1" is never an arm of part 2."""
    return all(any(kind == other for other, _ in arm) <= ((kind, name) in arm) for kind, name in title)


# ---- words ------------------------------------------------------------------------------------------------------------------------


def _planned(module: layout.ArmsInterventions, group: layout.ArmGroup, arm: Arm) -> Planned:
    label = group.label or ""
    given = list(of_arm(module, group))
    return Planned(
        id=arm.id,
        forms=tuple(dict.fromkeys(form for form in map(tokens, _forms(label)) if form)),
        given=frozenset(n for n, one in enumerate(module.interventions) if one in given),
        description=tokens(plain(group.description) or ""),
        designators=_designators(label),
        doses=_doses(f"{label} {group.description or ''}"),
    )


def _forms(label: str) -> Iterator[str]:
    """A label: whole, without what stands in parentheses, and with an abbreviation in place of what it abbreviates."""
    yield label
    if match := re.fullmatch(r"([^()]*)\(([^()]*)\)([^()]*)", label):
        before, inside, after = match.groups()
        if before.strip():
            yield before + after
        if re.fullmatch(r"[A-Z][A-Za-z]*[A-Z]\w*", inside):
            yield inside + after


def _aliases(intervention: layout.Intervention) -> Iterator[Words]:
    """Names of an intervention: its own, the parts around a slash or parentheses, and its other names."""
    for name in (intervention.name or "", *intervention.other_names):
        for part in (name, *re.split(r"\s/\s|[()]", name)):
            if _specific(words := tokens(part)):
                yield words


def _designators(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((kind.replace("-", ""), name) for kind, name in _DESIGNATOR.findall(terms.fold(text)))


def _doses(text: str) -> frozenset[str]:
    """Doses and intervals of a text: "300", "q2w"."""
    return frozenset(_DOSE.findall(terms.fold(text)))


def _as_is(words: Words) -> Words:
    return words


def _sorted(words: Words) -> Words:
    return tuple(sorted(words))


def _essence(words: Words) -> Words:
    return tuple(sorted(set(words) - _IDLE))


def _specific(words: Words) -> bool:
    """Whether words name something: one of three signs or more that is not idle, and not numbers alone."""
    return any(len(word) > 2 and word not in _IDLE for word in words) and any(word.isalpha() for word in words)


def _within(inner: Words, outer: Words) -> bool:
    """Whether words stand within others, in order; three and more perhaps with some between."""
    if len(inner) < 3:
        return _run(inner, outer)
    rest = iter(outer)
    return all(word in rest for word in inner)


def _run(inner: Words, outer: Words) -> bool:
    """Whether words stand within others without any between."""
    return bool(inner) and any(outer[i : i + len(inner)] == inner for i in range(len(outer) - len(inner) + 1))
