"""Reported groups: the FG/BG/OG/EG groups of all result sections -> groups of the study, with their sizes and arms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from kg_build import terms
from kg_build.facts import Arm, Evidence, Group
from kg_build.sources.ctgov import layout
from kg_build.sources.ctgov.matching import UNMATCHED, Match, Matcher
from kg_build.sources.ctgov.values import Ids, count, plain

FLOW = "/resultsSection/participantFlowModule"
BASELINE = "/resultsSection/baselineCharacteristicsModule"
OUTCOMES = "/resultsSection/outcomeMeasuresModule/outcomeMeasures"
EVENTS = "/resultsSection/adverseEventsModule"


class Size(NamedTuple):
    """A number of participants as printed, and where it stands."""

    printed: str
    path: str


class Mention(NamedTuple):
    """One group as one section lists it, with the size that this section gives it."""

    section: str
    local_id: str
    title: str
    description: str | None
    path: str
    size: Size | None


class Groups:
    """The groups of one study, and how to find each from a section and its local id there."""

    def __init__(self, results: layout.Results, planned: layout.ArmsInterventions, arms: tuple[Arm, ...]) -> None:
        self.ids: dict[tuple[str, str], str] = {}
        mentions = list(_mentions(results))
        merged = _merge(mentions)
        matches = _matches(merged, Counter(m.section for m in mentions), Matcher(planned, arms))
        ids, groups = Ids(), []
        for same, match in zip(merged, matches, strict=True):
            group_id = ids.new(same[0].title)
            self.ids.update({(m.section, m.local_id): group_id for m in same})
            groups.append(_group(group_id, same, match))
        self.all = tuple(groups)
        roles = {arm.id: arm.role for arm in arms}
        self.roles = {group.id: roles.get(group.arms[0]) for group in groups if len(group.arms) == 1}
        self.parts = _parts(mentions, {group.id: group for group in groups}, self.ids)

    def find(self, section: str, local_id: str | None) -> str | None:
        """The group that a section calls OG000 or the like."""
        return self.ids.get((section, local_id or ""))

    def oriented(self, sides: tuple[str, ...]) -> tuple[str, ...]:
        """Two groups as arm and reference: the registry lists them in either order, an experimental arm is never the reference."""
        if len(sides) != 2:
            return sides
        first, second = ((self.roles.get(side) or "").casefold() for side in sides)
        return sides[::-1] if second == "experimental" and first and first != "experimental" else sides

    def part(self, section: str, local_id: str | None) -> str | None:
        """Title of a group that is one of several that its section makes of one arm: its figures are not the whole arm's."""
        return self.parts.get((section, local_id or ""))


def _matches(merged: list[list[Mention]], crowd: Counter[str], matcher: Matcher) -> list[Match]:
    """The arms of each group; a title that some description explains keeps its arms where another description does not."""
    found = [
        matcher(same[0].title, plain(same[0].description), crowd["flow"] == 1 and all(crowd[m.section] == 1 for m in same))
        for same in merged
    ]
    titles = [terms.fold(same[0].title) for same in merged]
    told: dict[str, set[Match]] = {}
    for title, match in zip(titles, found, strict=True):
        told.setdefault(title, set()).add(match)
    agreed = {title: (matches - {UNMATCHED}) for title, matches in told.items()}
    return [
        next(iter(agreed[title])) if match == UNMATCHED and len(agreed[title]) == 1 else match
        for title, match in zip(titles, found, strict=True)
    ]


def _parts(mentions: list[Mention], groups: dict[str, Group], ids: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Titles of the groups that share their one arm with another group of the same section."""
    seen: dict[tuple[str, str], set[str]] = {}
    owners = [(m, groups[ids[m.section, m.local_id]]) for m in mentions]
    for mention, group in owners:
        if group.match == "matched":
            seen.setdefault((mention.section, group.arms[0]), set()).add(group.id)
    return {
        (mention.section, mention.local_id): group.label
        for mention, group in owners
        if group.match == "matched" and len(seen[mention.section, group.arms[0]]) > 1
    }


def _group(group_id: str, same: list[Mention], match: Match) -> Group:
    size = _size(same)
    evidence = [Evidence(slot="label", path=m.path) for m in same[:1]]
    if size:
        evidence.append(Evidence(slot="n", path=size.path))
    return Group(
        id=group_id,
        label=same[0].title,
        arms=match.arms,
        match=match.kind,
        n=count(size.printed) if size else None,
        description=plain(same[0].description),
        evidence=tuple(evidence),
        printed={"n": size.printed} if size else {},
    )


def _size(same: list[Mention]) -> Size | None:
    """Size of a group: those who started; else the one number on which all its other sections agree."""
    for kind in ("flow", ""):
        sizes = {m.size.printed: m.size for m in same if m.size and m.section.startswith(kind)}
        if len(sizes) == 1:
            size = next(iter(sizes.values()))
            return size if count(size.printed) is not None else None
    return None


def _merge(mentions: list[Mention]) -> list[list[Mention]]:
    """Mentions of the same title and description are one group; order of first mention."""
    found: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        found.setdefault((terms.fold(mention.title), terms.fold(mention.description or "")), []).append(mention)
    return list(found.values())


# ---- the four kinds of section ----------------------------------------------------------------------------------------------------


def _mentions(results: layout.Results) -> Iterator[Mention]:
    yield from _flow(results.participant_flow_module)
    yield from _baseline(results.baseline_characteristics_module)
    for number, outcome in enumerate(results.outcome_measures_module.outcome_measures):
        yield from _outcome(number, outcome)
    yield from _events(results.adverse_events_module)


def _flow(flow: layout.Flow) -> Iterator[Mention]:
    started = _started(flow)
    for place, group in enumerate(flow.groups):
        size = started.get(group.id)
        yield Mention("flow", group.id or "", group.title or group.id or "x", group.description, f"{FLOW}/groups/{place}", size)


def _started(flow: layout.Flow) -> dict[str | None, Size]:
    """Participants who started the first period, per group."""
    found: dict[str | None, Size] = {}
    for period in flow.periods[:1]:
        for m, milestone in enumerate(period.milestones):
            if milestone.type != "STARTED":
                continue
            for a, achievement in enumerate(milestone.achievements):
                if achievement.num_subjects:
                    path = f"{FLOW}/periods/0/milestones/{m}/achievements/{a}/numSubjects"
                    found[achievement.group_id] = Size(achievement.num_subjects, path)
    return found


def _baseline(baseline: layout.Baseline) -> Iterator[Mention]:
    sizes = participants(baseline.denoms, BASELINE)
    for place, group in enumerate(baseline.groups):
        title = group.title or group.id or "x"
        yield Mention("baseline", group.id or "", title, group.description, f"{BASELINE}/groups/{place}", sizes.get(group.id))


def participants(denoms: tuple[layout.Denominator, ...], path: str) -> dict[str | None, Size]:
    """Participants per group of one denominators list; other units (eyes, lesions) are not participants."""
    found: dict[str | None, Size] = {}
    for d, denominator in enumerate(denoms):
        if (denominator.units or "Participants") == "Participants":
            for c, one in enumerate(denominator.counts):
                if one.value:
                    found[one.group_id] = Size(one.value, f"{path}/denoms/{d}/counts/{c}/value")
    return found


def _outcome(number: int, outcome: layout.Outcome) -> Iterator[Mention]:
    path = f"{OUTCOMES}/{number}"
    sizes = participants(outcome.denoms, path)
    for place, group in enumerate(outcome.groups):
        title = group.title or group.id or "x"
        yield Mention(f"outcome/{number}", group.id or "", title, group.description, f"{path}/groups/{place}", sizes.get(group.id))


def _events(events: layout.AdverseEvents) -> Iterator[Mention]:
    for place, group in enumerate(events.event_groups):
        path = f"{EVENTS}/eventGroups/{place}"
        at_risk = {group.serious_num_at_risk, group.other_num_at_risk, group.deaths_num_at_risk} - {None}
        size = (
            Size(str(group.serious_num_at_risk), f"{path}/seriousNumAtRisk")
            if len(at_risk) == 1 and group.serious_num_at_risk is not None
            else None
        )
        yield Mention("events", group.id or "", group.title or group.id or "x", group.description, path, size)
