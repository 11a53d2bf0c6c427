"""Regulatory events: which decisions tell of one act, and what the event is called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from kg_build import terms
from kg_build.meetings.acts import day_of, recent, related, verdict
from kg_build.meetings.quads import Pair, Quad, cliques, conflict, link, ordered, quad
from kg_build.rdf import writer
from kg_build.rdf.keys import EventKey


class Events:
    """Gathers decisions block by block, then puts together those that tell of one act."""

    def __init__(self) -> None:
        self.keys: dict[str, EventKey] = {}
        self.firm: dict[Pair, int] = {}
        self.twins: dict[Pair, int] = {}
        self.maybe: dict[str, dict[str, int]] = defaultdict(dict)  # statement without a day -> those with one that it may mean
        self.problems: dict[Pair, str] = {}

    def add(self, block: Sequence[EventKey]) -> None:
        """Decisions on one agent by one body: those that meet are noted."""
        self.keys.update((key.statement, key) for key in block)
        for a, b in _to_compare(block):
            if found := verdict(a, b):
                self._note(a, b, found.firmness, found.rank)
                if found.problem:
                    self.problems[ordered(a.statement, b.statement)] = found.problem

    def _note(self, a: EventKey, b: EventKey, firmness: str, rank: int) -> None:
        if firmness == "maybe":
            undated, dated = (b, a) if day_of(a) else (a, b)
            self.maybe[undated.statement][dated.statement] = rank
        else:
            (self.firm if firmness == "firm" else self.twins)[ordered(a.statement, b.statement)] = rank

    def quads(self) -> Iterator[Quad]:
        """All events, their disagreements, and which act followed which."""
        groups = self.groups()
        for group, guests in zip(groups, self.guests(groups), strict=True):
            members = [self.keys[name] for name in group]
            event = terms.thing("regulatory-event", _name(members))
            yield from _event(event, members, guests)
            for a, b in combinations(group, 2):
                if problem := self.problems.get(ordered(a, b)):
                    yield from conflict(event, a, b, problem)
        yield from _sequences(self.keys.values())

    def groups(self) -> list[list[str]]:
        """Statements by the act they tell of: dated ones first, then those that fit one act alone, then what is left among itself."""
        dated = [name for name, key in self.keys.items() if day_of(key)]
        groups = cliques(dated, self.firm)
        home = {name: group for group in groups for name in group}
        left = []
        for name in sorted(self.keys.keys() - set(dated)):
            group = self._only_act(name, home)
            if group is None or any(self._strange(name, other) for other in group):
                left.append(name)
            else:
                group.append(name)
        rest = set(left)
        groups += cliques(left, {pair: rank for pair, rank in self.twins.items() if rest.issuperset(pair)})
        return sorted(sorted(group) for group in groups)

    def guests(self, groups: list[list[str]]) -> Iterator[list[str]]:
        """For each act on a use: acts on the medicine as such that meet all who tell of it, though they stand with another use.

        A first approval covers all uses of its day; each use is an event of its own.
        """
        on_medicine: dict[str, list[str]] = defaultdict(list)
        for a, b in self.firm:
            for name, other in ((a, b), (b, a)):
                if self.keys[name].condition is None and self.keys[other].condition is not None:
                    on_medicine[other].append(name)
        for group in groups:
            of_use = all(self.keys[name].condition for name in group)
            dated = next((name for name in group if day_of(self.keys[name])), "")
            meeting = sorted(set(on_medicine.get(dated, ()))) if of_use else []
            yield [name for name in meeting if all(ordered(name, other) in self.firm or not day_of(self.keys[other]) for other in group)]

    def _only_act(self, name: str, home: dict[str, list[str]]) -> list[str] | None:
        """The one act that a statement without a day may mean; None where several fit."""
        open_ = self.maybe.get(name, {})
        groups = {id(home[other]): home[other] for other in open_}
        fitting = [g for g in groups.values() if all(other in open_ for other in g if day_of(self.keys[other]))]
        if not fitting:
            return None
        ranks = [max(self._likeness(name, other) for other in g if other in open_) for g in fitting]
        best = [g for g, rank in zip(fitting, ranks, strict=True) if rank == max(ranks)]
        return best[0] if len(best) == 1 else None

    def _likeness(self, name: str, other: str) -> tuple[bool, bool, bool]:
        """What tells the act that is meant among several that fit: it is told as of the same use, as recent news, in the same terms."""
        key, act = self.keys[name], self.keys[other]
        same = key.condition is not None and key.condition == act.condition
        return same, recent(key, act), key.status == act.status

    def _strange(self, name: str, other: str) -> bool:
        """Whether two statements cannot stand in one group, though both fit the act: of one record, or never compared as alike."""
        if other in self.maybe.get(name, {}):
            return False
        return self.keys[name].record == self.keys[other].record or not related(self.keys[name], self.keys[other])


def _to_compare(block: Sequence[EventKey]) -> Iterator[tuple[EventKey, EventKey]]:
    """Pairs worth a look: numbered ones meet each other only where their numbers are the same."""
    loose = [key for key in block if key.submission is None]
    numbered = [key for key in block if key.submission is not None]
    yield from combinations(loose, 2)
    yield from ((a, b) for a in loose for b in numbered)
    same: dict[tuple[str | None, str | None], list[EventKey]] = defaultdict(list)
    for key in numbered:
        same[key.application, key.submission].append(key)
    for group in same.values():
        yield from combinations(group, 2)


# ---- what an event is called -----------------------------------------------------------------------------------------------------


def _name(members: list[EventKey]) -> str:
    """Application and submission number if any member has them, else the smallest member's own key."""
    numbered = sorted(f"{m.regulator}.{m.application}/{m.submission}" for m in members if m.application and m.submission)
    return numbered[0] if numbered else min(m.statement for m in members).removeprefix(terms.BASE + "id/")


def _event(event: str, members: list[EventKey], guests: list[str]) -> Iterator[Quad]:
    first, regulator = members[0], _regulator(members)
    yield link(event, "rdf:type", "kg:RegulatoryEvent")
    yield quad(event, "eventFamily", writer.text(first.family))
    for name, kind in (("regulator", regulator), ("jurisdiction", first.jurisdiction)):
        if kind:
            yield quad(event, name, f"<{terms.thing(name, kind)}>")
    best = max(members, key=_detail)
    for name, iri in (("forRegimen", best.regimen), ("indication", best.indication)):
        if iri:
            yield quad(event, name, f"<{iri}>")
    yield quad(event, "statusText", writer.text(min((m.status for m in members), key=_precedence)))
    dated = sorted((day for m in members if (day := m.date)), key=lambda day: (-len(day), day))
    announced = sorted(day for m in members if (day := m.announced))
    for name, days in (("eventDate", dated), ("announcedDate", announced)):
        if days:
            yield quad(event, name, writer.date(days[0]))
    who = (regulator or first.jurisdiction or "?").upper()
    what = "+".join(best.agents)
    yield quad(event, "rdfs:label", writer.text(f"{who} {first.family}: {what}{f' ({dated[0]})' if dated else ''}"))
    yield quad(event, "statementCount", writer.integer(len(members) + len(guests)))
    for statement in (*(member.statement for member in members), *guests):
        yield quad(statement, "reports", f"<{event}>")


def _regulator(members: list[EventKey]) -> str | None:
    """Who acted: of several bodies of one place the Commission, which decides what its agency advises, else the one most named."""
    named = Counter(m.regulator for m in members if m.regulator)
    return min(named, key=lambda who: (who != "ec", -named[who], who), default=None)


def _detail(key: EventKey) -> tuple[bool, int, int, str]:
    """How much a statement says: the event is told in the words of the one that says most."""
    slots = (key.prior_lines, key.settings or None, key.biomarkers or None, key.date)
    return key.condition is not None, len(key.agents), sum(slot is not None for slot in slots), key.statement


_FIRST = ("accelerated-approval", "conditional-approval", "emergency-authorization", "label-expansion", "priority-review")


def _precedence(status: str) -> tuple[int, str]:
    return (_FIRST.index(status) if status in _FIRST else len(_FIRST)), status


# ---- which act followed which -----------------------------------------------------------------------------------------------------


def _sequences(keys: Iterable[EventKey]) -> Iterator[Quad]:
    """Which earlier act a decision follows, converts or withdraws: same place, agents and condition, the latest before it."""
    chains: dict[tuple[str | None, tuple[str, ...]], list[EventKey]] = {}
    for key in keys:
        if key.submission is None and key.agents:
            chains.setdefault((key.jurisdiction, key.agents), []).append(key)
    for _, chain in sorted(chains.items(), key=lambda item: (item[0][0] or "", item[0][1])):
        chain.sort(key=lambda key: (_when(key), key.statement))
        for i, key in enumerate(chain):
            for predicate, wanted in _backward(key):
                dated = key.date or key.announced or key.family == "withdrawal"  # publication day does not date a retold act
                earlier = [k for k in chain[:i] if dated and wanted(k) and related(k, key) and _when(k) < _when(key)]
                retold = [k for k in chain if predicate == "follows" and wanted(k) and _retold_before(k, key)]
                for k in [*earlier[-1:], *(k for k in retold if k not in earlier[-1:])]:
                    yield quad(key.statement, predicate, f"<{k.statement}>")


def _retold_before(review: EventKey, grant: EventKey) -> bool:
    """Whether an undated review is told by the record of the decision that ended it: "had been under priority review"."""
    return review.record == grant.record and not (review.date or review.announced) and related(review, grant)


def _when(key: EventKey) -> str:
    return key.date or key.announced or key.known or ""


def _backward(key: EventKey) -> list[tuple[str, Callable[[EventKey], bool]]]:
    """Relations to look for before a decision, with what the earlier one must be."""
    wanted: list[tuple[str, Callable[[EventKey], bool]]] = []
    if key.family == "grant":
        wanted += [("follows", lambda k: k.family == "review"), ("follows", lambda k: k.family == "opinion")]
    if key.family in {"refusal", "opinion"}:
        wanted.append(("follows", lambda k: k.family == "review" and k.regulator in (None, key.regulator)))  # another's is to come
    if key.change == "conversion":
        wanted.append(("converts", lambda k: k.status in {"accelerated-approval", "conditional-approval"}))
    if key.family == "withdrawal":
        wanted.append(("withdraws", lambda k: k.family == "grant"))
    return wanted
