"""The second pass: where statements of different records meet, in regulatory events and in findings.

What a record says is never merged; statements point to what they report (`kg:reports`). The pass is one sort and group over key
lines, the same for any number of records; the order of arrival does not matter. Rules and tolerances: docs/identity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import combinations, groupby

from kg_build import terms
from kg_build.rdf import writer
from kg_build.rdf.keys import ArmKey, EventKey, FindingKey, Keys

DERIVED = terms.BASE + "graph/derived"
UNSAID = "NA"  # what a registry prints for a value it could not give
DECISION_DAYS, ANNOUNCED_DAYS, UNDATED_DAYS = 3, 14, 60

Quad = str


def meet(blocks: Iterable[tuple[str, Keys]]) -> Iterator[Quad]:
    """Quads of all events, findings and conflicts, from key lines sorted by block."""
    events: dict[str, EventKey] = {}
    pairs: dict[tuple[str, str], str | None] = {}
    for _, group in groupby(blocks, key=lambda pair: pair[0]):
        keys = sorted((key for _, key in group), key=lambda key: key.statement)
        findings = [key for key in keys if isinstance(key, FindingKey)]
        yield from _findings(findings)
        yield from _arms([key for key in keys if isinstance(key, ArmKey)])
        decisions = [key for key in keys if isinstance(key, EventKey)]
        events.update((key.statement, key) for key in decisions)
        pairs.update(_event_pairs(decisions))
    yield from _events(events, pairs)
    yield from _sequences(events.values())


# ---- events --------------------------------------------------------------------------------------------------------------------


def _event_pairs(keys: list[EventKey]) -> Iterator[tuple[tuple[str, str], str | None]]:
    """Statements of one block that meet, with the one contradiction they tolerate, if any."""
    loose = [key for key in keys if key.submission is None]
    numbered = [key for key in keys if key.submission is not None]  # two numbered ones are two acts by definition
    for a, b in [*combinations(loose, 2), *((a, b) for a in loose for b in numbered)]:
        if a.record != b.record and _same_opinion(a, b) and _same_regimen(a, b) and (verdict := _verdict(a, b, keys)) is not None:
            yield (min(a.statement, b.statement), max(a.statement, b.statement)), verdict or None


def _same_opinion(a: EventKey, b: EventKey) -> bool:
    """A positive and a negative opinion are never one act, whatever else agrees."""
    return a.family != "opinion" or a.status == b.status


def _same_regimen(a: EventKey, b: EventKey) -> bool:
    """Equal sets of agents, or one a product-level act on some of them."""
    if not a.agents or not b.agents:  # of unknown agents only the dossier tells
        return a.application is not None and a.application == b.application
    if a.agents == b.agents:
        return True
    return any(x.condition is None and set(x.agents) < set(y.agents) for x, y in ((a, b), (b, a)))


def _verdict(a: EventKey, b: EventKey, block: list[EventKey]) -> str | None:
    """Empty: they meet; a text: they meet with this contradiction; None: they stay apart."""
    found = [text for text in (_conditions(a, b), *_coded(a, b), _dates(a, b, block)) if text]
    if not found:
        return ""
    same_number = a.application is not None and a.application == b.application
    same_act = a.date is not None and a.condition is not None and (a.date, a.agents, a.condition) == (b.date, b.agents, b.condition)
    return found[0] if len(found) == 1 and (same_number or same_act) else None


def _conditions(a: EventKey, b: EventKey) -> str:
    if a.condition is None or b.condition is None or a.condition == b.condition:
        return ""
    return "" if a.condition in b.ancestors or b.condition in a.ancestors else f"condition: {a.condition} / {b.condition}"


def _coded(a: EventKey, b: EventKey) -> Iterator[str]:
    """Coded slots that contradict; a slot filled on one side only contradicts nothing."""
    if a.prior_lines is not None and b.prior_lines is not None and a.prior_lines != b.prior_lines:
        yield f"prior lines: {a.prior_lines} / {b.prior_lines}"
    sets = (
        ("biomarkers", set(a.biomarkers), set(b.biomarkers)),
        ("setting", _loose(a.settings), _loose(b.settings)),
        ("population", set(a.populations), set(b.populations)),
    )
    for name, first, second in sets:
        if first and second and not first & second:
            yield f"{name}: {', '.join(sorted(first))} / {', '.join(sorted(second))}"


def _loose(settings: tuple[str, ...]) -> set[str]:
    """Setting codes, "relapsed or refractory" as both."""
    return {part for code in settings for part in code.split("-or-")}


def _dates(a: EventKey, b: EventKey, block: list[EventKey]) -> str:
    if a.date and b.date:
        return "" if _near(a.date, b.date, DECISION_DAYS) else f"date: {a.date} / {b.date}"
    first, second = a.date or a.announced, b.date or b.announced
    if first and second:
        return "" if _near(first, second, ANNOUNCED_DAYS) else f"date: {first} / {second}"
    return "" if _only_candidate(a, b, block) else "date: unknown"


def _only_candidate(a: EventKey, b: EventKey, block: list[EventKey]) -> bool:
    """An undated act joins the one dated act of the 60 days before its publication, if there is exactly one."""
    undated, dated = (b, a) if a.date or a.announced else (a, b)
    published = _day(undated.known)
    if published is None or not (dated.date or dated.announced):
        return False
    window = [
        key
        for key in block
        if key.record != undated.record
        and _same_regimen(key, undated)
        and (day := _day(key.date or key.announced)) is not None
        and published - timedelta(days=UNDATED_DAYS) <= day <= published
    ]
    return [key.statement for key in window] == [dated.statement]


def _near(a: str, b: str, days: int) -> bool:
    """Within so many days at the coarser of the two precisions.

    >>> _near("2021-03", "2021-03-31", 3), _near("2021-03-28", "2021-04-01", 3)
    (True, False)
    """
    length = min(len(a), len(b))
    if length < 10:
        return a[:length] == b[:length]
    first, second = _day(a), _day(b)
    return first is not None and second is not None and abs((first - second).days) <= days


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and len(text) == 10 else None
    except ValueError:
        return None


def _cliques(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Groups in which all meet all: each statement joins the first group of which it meets every member."""
    meets: dict[str, set[str]] = {}
    for a, b in pairs:
        meets.setdefault(a, set()).add(b)
        meets.setdefault(b, set()).add(a)
    groups: list[list[str]] = []
    home: dict[str, list[str]] = {}
    for name in sorted(names):
        near = {id(home[other]): home[other] for other in sorted(meets.get(name, ())) if other in home}
        group = next((g for g in near.values() if meets[name] >= set(g)), None)
        if group is None:
            groups.append(group := [])
        group.append(name)
        home[name] = group
    return groups


def _events(keys: dict[str, EventKey], pairs: dict[tuple[str, str], str | None]) -> Iterator[Quad]:
    for group in _cliques(keys, pairs):
        members = [keys[name] for name in group]
        event = terms.thing("regulatory-event", _event_name(members))
        yield from _event(event, members)
        for a, b in combinations(group, 2):
            if problem := pairs.get((min(a, b), max(a, b))):
                yield from _conflict(event, a, b, problem)


def _event_name(members: list[EventKey]) -> str:
    """Application and submission number if any member has them, else the smallest member's own key."""
    numbered = sorted(f"{m.regulator}.{m.application}/{m.submission}" for m in members if m.application and m.submission)
    return numbered[0] if numbered else min(m.statement for m in members).removeprefix(terms.BASE + "id/")


def _event(event: str, members: list[EventKey]) -> Iterator[Quad]:
    first = members[0]
    yield _link(event, "rdf:type", "kg:RegulatoryEvent")
    yield _quad(event, "eventFamily", writer.text(first.family))
    for name, kind in (("regulator", first.regulator), ("jurisdiction", first.jurisdiction)):
        if kind:
            yield _quad(event, name, f"<{terms.thing(name, kind)}>")
    best = max(members, key=_detail)
    for name, iri in (("forRegimen", best.regimen), ("indication", best.indication)):
        if iri:
            yield _quad(event, name, f"<{iri}>")
    yield _quad(event, "statusText", writer.text(min((m.status for m in members), key=_precedence)))
    dated = sorted((day for m in members if (day := m.date)), key=lambda day: (-len(day), day))
    announced = sorted(day for m in members if (day := m.announced))
    for name, days in (("eventDate", dated), ("announcedDate", announced)):
        if days:
            yield _quad(event, name, writer.date(days[0]))
    who = (first.regulator or first.jurisdiction or "?").upper()
    what = "+".join(best.agents)
    yield _quad(event, "rdfs:label", writer.text(f"{who} {first.family}: {what}{f' ({dated[0]})' if dated else ''}"))
    yield _quad(event, "statementCount", writer.integer(len(members)))
    for member in members:
        yield _quad(member.statement, "reports", f"<{event}>")


def _detail(key: EventKey) -> tuple[bool, int, int, str]:
    """How much a statement says: the event is told in the words of the one that says most."""
    slots = (key.prior_lines, key.settings or None, key.biomarkers or None, key.date)
    return key.condition is not None, len(key.agents), sum(slot is not None for slot in slots), key.statement


_FIRST = ("accelerated-approval", "conditional-approval", "emergency-authorization", "label-expansion", "priority-review")


def _precedence(status: str) -> tuple[int, str]:
    return (_FIRST.index(status) if status in _FIRST else len(_FIRST)), status


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
                earlier = [k for k in chain[:i] if dated and wanted(k) and not _conditions(k, key) and _when(k) < _when(key)]
                retold = [k for k in chain if predicate == "follows" and wanted(k) and _retold_before(k, key)]
                for k in [*earlier[-1:], *(k for k in retold if k not in earlier[-1:])]:
                    yield _quad(key.statement, predicate, f"<{k.statement}>")


def _retold_before(review: EventKey, grant: EventKey) -> bool:
    """Whether an undated review is told by the record of the decision that ended it: "had been under priority review"."""
    return review.record == grant.record and not (review.date or review.announced) and not _conditions(review, grant)


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


# ---- findings ------------------------------------------------------------------------------------------------------------------


def _findings(keys: list[FindingKey]) -> Iterator[Quad]:
    by_name = {key.statement: key for key in keys}
    pairs = [
        (a.statement, b.statement) for a, b in combinations(keys, 2) if a.record != b.record and _same_figure(a, b)
    ] if len({key.record for key in keys}) > 1 else []  # fmt: skip
    for group in _cliques(by_name, pairs):
        members = [by_name[name] for name in group]
        finding = terms.thing("finding", min(group).removeprefix(terms.BASE + "id/"))
        yield from _finding(finding, members)
        for a, b in combinations(members, 2):
            yield from _compare(finding, a, b)


def _arms(keys: list[ArmKey]) -> Iterator[Quad]:
    """An arm of a text is the one registered arm of its study that has its regimen; two that fit are none."""
    for arm in keys:
        fitting = [key.statement for key in keys if key.registered and key.regimen == arm.regimen]
        if not arm.registered and len(fitting) == 1:
            yield _quad(arm.statement, "sameArm", f"<{fitting[0]}>")


def _same_figure(a: FindingKey, b: FindingKey) -> bool:
    """Each slot equal, or missing on one side; arms agent by agent."""
    slots = ((a.population, b.population), (a.assessor, b.assessor), (a.cut_off, b.cut_off), (a.unit, b.unit))
    if any(x and y and terms.fold(x) != terms.fold(y) for x, y in slots):
        return False
    return len(a.arms) == len(b.arms) and all(not x or not y or x == y for x, y in zip(a.arms, b.arms, strict=True))


def _finding(finding: str, members: list[FindingKey]) -> Iterator[Quad]:
    first = members[0]
    yield _link(finding, "rdf:type", "kg:Finding")
    yield _quad(finding, "rdfs:label", writer.text(first.label))
    yield _quad(finding, "ofStudy", f"<{terms.thing('study', first.study)}>")
    yield _quad(finding, "endpoint", f"<{terms.thing('endpoint', first.endpoint)}>")
    yield _quad(finding, "measure", writer.text(first.measure))
    yield _quad(finding, "statementCount", writer.integer(len(members)))
    for member in members:
        yield _quad(member.statement, "reports", f"<{finding}>")


def _compare(finding: str, a: FindingKey, b: FindingKey) -> Iterator[Quad]:
    """Two statements of one finding: corroborated, in conflict at the same cut-off, or noted as different."""
    if a.value is None or b.value is None or UNSAID in (a.value, b.value):
        return
    if equal_as_printed(a.value, b.value):
        yield _quad(a.statement, "corroborates", f"<{b.statement}>")
    elif a.cut_off and a.cut_off == b.cut_off:
        yield from _conflict(finding, a.statement, b.statement, f"value: {a.value} / {b.value}")
    else:
        yield _quad(a.statement, "differsFrom", f"<{b.statement}>")


def equal_as_printed(a: str, b: str) -> bool:
    """Two printed figures agree at the coarser of their precisions.

    >>> equal_as_printed("0.57", "0.566"), equal_as_printed("0.57", "0.58"), equal_as_printed("11", "11.0")
    (True, False, True)
    """
    try:
        first, second = Decimal(a.replace(",", "")), Decimal(b.replace(",", ""))
        places = min(-int(first.as_tuple().exponent), -int(second.as_tuple().exponent))
        step = Decimal(1).scaleb(-places)
        return first.quantize(step) == second.quantize(step) or abs(first - second) * 2 == step
    except (InvalidOperation, ValueError):  # a mark, NaN, or more digits than a figure has
        return terms.fold(a) == terms.fold(b)


# ---- quads ---------------------------------------------------------------------------------------------------------------------


def _conflict(about: str, a: str, b: str, problem: str) -> Iterator[Quad]:
    first, second = sorted((a, b))
    node = terms.thing("conflict", terms.digest([first, second]))
    yield _link(node, "rdf:type", "kg:Conflict")
    yield _quad(node, "about", f"<{about}>")
    yield _quad(node, "between", f"<{first}>")
    yield _quad(node, "between", f"<{second}>")
    yield _quad(node, "conflictKind", writer.text(problem.partition(":")[0]))
    yield _quad(node, "explanation", writer.text(problem))
    yield _quad(node, "rdfs:label", writer.text(f"Conflict on {problem}"))


def _link(subject: str, predicate: str, curie: str) -> Quad:
    return _quad(subject, predicate, f"<{terms.expand(curie)}>")


def _quad(subject: str, predicate: str, obj: str) -> Quad:
    return f"<{subject}> {writer.prop(predicate)} {obj} <{DERIVED}> ."
