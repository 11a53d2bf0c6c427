"""Stage 4g: the arms of a study drawn together: the fullest telling makes them, every other place fills them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg_build.reading.arm_phrases import ARM_WORD, list_comma, phrases
from kg_build.reading.arms import Arms, ArmView, Told
from kg_build.reading.cohorts import cohorts
from kg_build.reading.comparing import Telling
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Count
from kg_build.reading.regimens import SHAM
from kg_build.reading.sizes import EACH_SIZE, RESPECTIVE, SIZES_BEHIND, size_before, sized
from kg_build.reading.telling import ADDING, RECEIVED, received, reports, tellings

_CONTROL_GROUP = lazy(
    r"\b(?:the|in|than|with)\s(?:the\s)?(?P<label>control|comparator|placebo|standard[- ]of[- ]care|chemotherapy)\s(?:arm|group|cohort)\b",
    re.IGNORECASE,
)
_ALL_GIVEN = lazy(
    r"\b(?:[Aa]ll\s(?:\w+\s)?(?:patients|participants|subjects|women|men|adults)|[Bb]oth\s(?:treatment\s)?(?:arms|groups)"
    r"|(?:[Pp]atients|[Pp]articipants)\sin\s(?:both|all)\s(?:arms|groups))\s(?:in\s(?:both|all)\s\w+\s)?(?:also\s|additionally\s)?(?:received|were\s(?:given|treated\swith)|got|took)"
    r"\s(?:[\w-]{1,20}\s){0,3}$"
)
_COMPARATIVE = lazy(
    r"\b[Rr]andom(?:i[sz]|ly)|\b(?:assigned|allocated)\b|\brisk\b[^.;]{0,60}\bby\b|\d\sthan\b|\b[Aa]rm\s[B2]\b|(?<!no\s)\bcomparator\b|\bplacebo\b|\bversus\b|\bvs\b|\b[Hh]azard\sratio|\bHR\b|\b(?:control|comparator)\s(?:arm|group)|\b(?:[Tt]wo|[Tt]hree|[Bb]oth)\s(?:arms|groups)\b"
    r"|\bnon-?inferior|\bfrom\s\d[\d.]*(?:\s?%|\smonths)\s(?:with|on|for)\b(?![^.;]{0,40}\bto\s\d)|\b[Cc]ompar(?:ed|es?|ing)\b|\bagainst\b|\binstead\sof\b|\b(?:each|both|treatment|study|between)\s(?:\w+\s)?groups?\b"
)


# ---- drawn together ----------------------------------------------------------------------------------------------------------------


def tell_arms(reading: Reading, units: list[int], single: bool, lead: list[Told]) -> Arms:
    """The arms of one study, from the units that speak of it; `lead` is what the text as a whole speaks of."""
    spans = reading.document.units
    told = {u: sized(reading, u, phrases(reading, *spans[u])) for u in units}
    given = [t for u in units for t in received(reading, u, told[u])]
    several = len({t.label for t in given if t.label and t.label.startswith("arm ")}) > 1
    compared = several or any(_compares(reading, *spans[u]) or _sizes(told[u]) > 1 for u in units)
    if (single and not several) or not compared:
        return _alike(reading, told, lead, single)
    apart = {u: [t for t in told[u] if not _given_to_all(reading, t)] for u in units}
    found = [t for u in units for t in tellings(reading, u, apart[u], lead) if t.sound]
    if len({t.label for t in given}) > 1 and len({t.names for t in given}) > 1:
        found.append(Telling(tuple({t.label: t for t in reversed(given)}.values())[::-1], 26))
    arms = Arms()
    if found:
        best = max(found, key=lambda t: t.worth)
        for number, one in enumerate(best.arms):
            arms.fill(reading, arms.add(one, control=number > 0 and _against_first(best.arms, one)), _apart_from(one, best.arms))
        _rank(arms, found, lead)
    else:
        arms = _alike(reading, told, lead, False)
    _called_by_kind(reading, arms, lead)
    _enlarge(reading, arms, told, lead)
    _fill(reading, arms, told, found, given)
    _everyone(reading, arms, told)
    _control(reading, arms, units)
    arms.ordered()
    _called(reading, arms, units, told)
    return arms


def _against_first(arms: tuple[Told, ...], one: Told) -> bool:
    """Whether a later arm is told as a control: of many only one without what sets the first apart."""
    own = frozenset(arms[0].names) - frozenset.intersection(*(frozenset(arm.names) for arm in arms))
    return not arms[0].control and (len(arms) < 3 or not own & frozenset(one.names))


def _compares(reading: Reading, start: int, end: int) -> bool:
    """Whether a sentence speaks of more than one arm."""
    return _COMPARATIVE.search(reading.text, start, end) is not None or list_comma(reading, start, end) is not None


def _sizes(told: list[Told]) -> int:
    """How many regimens a sentence gives with their sizes."""
    return len({frozenset(t.names) for t in told if t.n and t.regimen})


def _given_to_all(reading: Reading, told: Told) -> bool:
    """Whether a regimen is said to be given in every arm."""
    return _ALL_GIVEN.search(reading.text, max(0, told.span[0] - 90), told.span[0]) is not None


def _everyone(reading: Reading, arms: Arms, told: dict[int, list[Told]]) -> None:
    """What all patients were given beside what tells their arms apart."""
    for group in told.values() if len(arms.views) > 1 else ():
        for one in group:
            if one.regimen and _given_to_all(reading, one):
                for view in arms.views:
                    if view.regimen and not view.names & set(one.names):
                        view.regimen = (*view.regimen, *one.names)
                        view.evidence.append(reading.evidence("regimen", one.regimen.span))


def _enlarge(reading: Reading, arms: Arms, told: dict[int, list[Told]], lead: list[Told]) -> None:
    """An arm told by one agent alone is the regimen that the text speaks of, where the other arm or the wording shows its partners."""
    for view in [v for v in arms.views if len(v.regimen) == 1 and not v.control and v.regimen[0] not in SHAM]:
        whole = next((t for t in lead if len(t.names) > 1 and set(view.regimen) < set(t.names) and not set(t.names) & set(SHAM)), None)
        rest = frozenset(whole.names) - view.names if whole else frozenset()
        others = [v for v in arms.views if v is not view]
        shown = any(rest <= v.names for v in others)
        added = any(
            ADDING.search(reading.text, max(0, t.span[0] - 40), t.span[0])
            for group in told.values()
            for t in group
            if t.names == view.regimen
        )
        known = whole is not None and any(v.names == frozenset(whole.names) for v in others)
        apart = view.n and any(v.n and v.names == rest for v in others)
        if whole is None or whole.regimen is None or known or apart or not (shown or added):
            continue
        view.regimen = whole.names
        view.evidence.append(reading.evidence("regimen", whole.regimen.span))
        for other in others:
            if other.regimen == ("placebo",):
                other.regimen = tuple("placebo" if n not in rest else n for n in whole.names)


def _apart_from(one: Told, arms: tuple[Told, ...]) -> Told:
    """Marks only where arms of one regimen need them; those that all arms share tell nothing."""
    twins = [t for t in arms if t is not one and set(t.names) == set(one.names)]
    shared = {m for t in twins for m in t.marks}
    marks = tuple(m for m in one.marks if m not in shared) if twins else ()
    label = one.label or (" ".join(dict.fromkeys((*marks[:1],))) if marks else None)
    return replace(one, marks=marks, label=label)


def _rank(arms: Arms, tellings: list[Telling], lead: list[Told]) -> None:
    """Which arm is compared with which: "X versus Y" says it better than "Y or X", unless a title told them in this order, too."""
    told_first = [frozenset(t.names) for t in lead[:2]]
    if len(told_first) == len(arms.views) == 2 and told_first == [view.names for view in arms.views]:
        return
    for telling in sorted(tellings, key=lambda t: -t.weight):
        if telling.weight in (38, 36, 34, 32, 30, 28):
            views = [arms.meant(t) for t in telling.arms]
            if len(views) == 2 and views[0] and views[1] and views[0] is not views[1]:
                views[0].control, views[1].control = False, True
                return


def _alike(reading: Reading, told: dict[int, list[Told]], lead: list[Told], sure: bool) -> Arms:
    """The cohorts of a study that gives all the same, else its one arm."""
    main = next(iter(_single(reading, told, lead, True).views), None)
    return cohorts(reading, told, main) or _single(reading, told, lead, sure)


def _single(reading: Reading, told: dict[int, list[Told]], lead: list[Told], sure: bool) -> Arms:
    """The one arm of a single-arm study: what its patients received, else the regimen the text speaks of first."""
    arms = Arms()
    if not sure and not any(reports(reading, unit) for unit in told):
        return arms
    drugs = [(u, t) for u, group in told.items() for t in group if t.regimen and reading.given.between(*t.regimen.span, "agent", "combo")]
    received = [(u, t) for u, t in drugs if RECEIVED.search(reading.text, max(reading.document.units[u][0], t.span[0] - 50), t.span[0])]
    unit, chosen_ = next(iter(received or drugs), (-1, next(iter(lead), None)))
    if chosen_ is None:
        return arms
    chosen_ = replace(chosen_, n=None, marks=(), alias=None)
    if received:
        chosen_ = chosen_.given_with(_list_of(reading, unit, chosen_))
        fuller = next(iter(lead), None)
        chosen_ = (
            fuller if fuller and fuller.regimen and set(chosen_.names) < set(fuller.names) and _then(reading, unit, fuller) else chosen_
        )
    elif not sure:
        chosen_ = next((t for u, t in drugs if reports(reading, u) and set(chosen_.names) < set(t.names)), chosen_)
    arms.fill(reading, arms.add(chosen_), replace(chosen_, n=None, marks=(), alias=None))
    return arms


def _then(reading: Reading, unit: int, fuller: Told) -> bool:
    """Whether a sentence goes on from an agent to the whole regimen: "lead-in X, then X plus Y"."""
    told = phrases(reading, *reading.document.units[unit])
    return any(set(t.names) == set(fuller.names) for t in told)


def _list_of(reading: Reading, unit: int, received: Told) -> tuple[str, ...]:
    """The agents listed with their doses behind the first that patients received, up to an "or" or the end of the sentence."""
    _, end = reading.document.units[unit]
    names: list[str] = []
    last = received.span[1]
    for mention in reading.given.between(last, end, "agent"):
        gap = reading.text[last : mention.start]
        if len(gap) > 90 or re.search(r"\bor\b|\buntil\b|\bafter\b|\bprior\b|[.]\s", gap) or reading.depth(mention.start):
            break
        names.append(mention.name)
        last = mention.end
    return tuple(names) if "; " in reading.text[received.span[1] : last] or (len(names) < 2 and not names) else ()


def _fill(reading: Reading, arms: Arms, told: dict[int, list[Told]], tellings: list[Telling], received: list[Told]) -> None:
    """Sizes, short names and labels from every other place that means one of the arms."""
    listed = {span for group in told.values() for span in _sized_apart(arms, group)}
    for one in [t for telling in tellings for t in telling.arms] + received + [t for group in told.values() for t in group]:
        if not (one.n or one.alias or one.label):
            continue
        view = arms.meant(replace(one, label=None) if one.regimen else one)
        whole = view and (
            not one.regimen
            or one.span in listed
            or view.names == frozenset(one.names)
            or ARM_WORD.search(reading.text, one.span[1] - 14, one.span[1] + 1)
        )
        if view and whole:
            arms.fill(
                reading,
                view,
                replace(one, regimen=None if view.regimen else one.regimen, marks=(), label=one.label if one in received else None),
            )
    if not any(v.n for v in arms.views) and len(arms.views) > 1:
        _each(reading, arms, told)
        _respective(reading, arms, told)
    for view in arms.views:
        _aliased_size(reading, view, told)


def _sized_apart(arms: Arms, group: list[Told]) -> Iterator[Span]:
    """Where a sentence gives a size to every arm under part of its regimen: "(X, n = 274; placebo, n = 137)"."""
    told = [(t.span, arms.meant(replace(t, label=None))) for t in group if t.n and t.regimen]
    if len(told) == len(arms.views) and len({id(view) for _, view in told if view}) == len(told):
        yield from (span for span, _ in told)


def _each(reading: Reading, arms: Arms, told: dict[int, list[Told]]) -> None:
    """One size of all arms: "50 patients in each group"."""
    for unit in told:
        match = EACH_SIZE.search(reading.text, *reading.document.units[unit])
        if match:
            group = next(g for g in ("n", "n2", "n3") if match[g])
            for view in arms.views:
                view.n = Count(int(match[group]), match[group], match.span(group))
                view.evidence.append(reading.evidence("n", view.n.span))
            return


def _respective(reading: Reading, arms: Arms, told: dict[int, list[Told]]) -> None:
    """Sizes told in the order of the arms: "183 and 91 patients were assigned to X and Y, respectively"."""
    for unit, group in told.items():
        start, end = reading.document.units[unit]
        before = RESPECTIVE.search(reading.text, start, end)
        match = before or SIZES_BEHIND.search(reading.text, start, end)
        if not match or any(v.n for v in arms.views):
            continue
        counts = [Count(int(match[g].replace(",", "")), match[g], match.span(g)) for g in "acb" if match[g]]
        low, high = (match.end("b"), match.end()) if before else (start, match.start())
        views = list({id(v): v for t in group if low <= t.span[0] <= high and (v := arms.meant(t))}.values())
        for view, count in zip(views, counts, strict=False) if len(views) == len(counts) else ():
            view.n = count
            view.evidence.append(reading.evidence("n", count.span))


def _aliased_size(reading: Reading, view: ArmView, told: dict[int, list[Told]]) -> None:
    """Sizes printed with a short name or a dose: "183 to XY and 91 to Y", "(DZ, 48; D, 46)", "20 mg (n = 61)"."""
    names = [name for name in (view.alias, *view.marks) if name and not name.isdigit()]
    if view.n or not names:
        return
    forms = "|".join(re.escape(name).replace(r"\ ", r"[-\s]") for name in names)
    pattern = re.compile(
        rf"(?<![\w-])(?:{forms})(?![\w-])(?:(?:\s(?:dose|arm|group|cohort))?\s?[(,:]?\s?[nN]\s?=\s?(?P<n>\d{{1,5}})|,?:?\s(?P<n2>\d{{2,5}})(?=\s?[;)]))?",
        re.IGNORECASE,
    )
    for unit in told:
        start, end = reading.document.units[unit]
        for match in pattern.finditer(reading.text, start, end):
            group = "n" if match["n"] else "n2"
            told_n = Count(int(match[group]), match[group], match.span(group)) if match[group] else None
            shared = re.match(r"\s(?:or|versus|vs)\b", reading.text[match.end() : match.end() + 8])
            n = told_n or (None if shared else size_before(reading, start, Told(match.span())))
            if n:
                view.n = n
                view.evidence.append(reading.evidence("n", n.span))
                return


_TO_PLACEBO = lazy(
    r"\b(?:compared\s(?:with|to)|versus|vs\.?|than(?:\s(?:with|on|for|in))?|over|against|relative\sto|(?:\d\s?%|percent|months|points)\s"
    r"(?:(?:of\s(?:those|patients|people|participants)\s)?(?:with|on|for|in|of|given|receiving|taking)))\s(?:the\s|a\s)?(?P<sham>placebo)\b"
)


_GROUP = lazy(r"(?<![\w-])(?P<label>[A-Za-z][A-Za-z0-9+/]{2,}(?:[-–+][A-Za-z0-9+]+){0,4})\s(?:group|arm)\b")
_IDLE = lazy(
    r"(?:the|each|this|that|one|two|both|other|same|either|all|per|any|another|latter|former|study|trial|patient|randomi[sz]ed|comparison|dose|age|risk|single"
    r"|cooperative|working|oncology|parallel|first|second|third|whole|entire|overall|treated|every|respective|between|within|high-risk|low-risk)",
    re.IGNORECASE,
)


def _called(reading: Reading, arms: Arms, units: list[int], told: dict[int, list[Told]]) -> None:
    """The short name of the one of two arms that no word of its regimen tells: "the biopsy-alone group", where the other is known."""
    if len(arms.views) != 2:
        return
    places: dict[str, list[tuple[int, re.Match[str]]]] = {}
    for unit in units:
        for match in _GROUP.finditer(reading.text, *reading.document.units[unit]):
            known = any(t.span[0] <= match.start("label") < t.span[1] for t in told[unit])
            if not known and not _IDLE.fullmatch(match["label"]):
                places.setdefault(match["label"], []).append((unit, match))
    if len(places) != 1 or len(where := next(iter(places.values()))) < 2:
        return
    beside = {id(view): view for unit, _ in where for one in told[unit] if (view := arms.meant(one))}
    other = [view for view in arms.views if id(view) not in beside]
    if len(other) == 1 and other[0].alias is None:
        other[0].alias = next(iter(places))


def _control(reading: Reading, arms: Arms, units: list[int]) -> None:
    """A control that is only named as such: "than in the control group", "compared with placebo"."""
    if len(arms.views) != 1:
        return
    for unit in units:
        start, end = reading.document.units[unit]
        if match := _CONTROL_GROUP.search(reading.text, start, end):
            view = ArmView("A2", label=match["label"].lower(), control=True)
            view.evidence.append(reading.evidence("label", match.span("label")))
        elif match := _TO_PLACEBO.search(reading.text, start, end):
            view = ArmView("A2", regimen=("placebo",), control=True)
            view.evidence.append(reading.evidence("regimen", match.span("sham")))
        if match:
            arms.views.append(view)
            return


_DESCRIBED = lazy(r"\b(?:conjugate|inhibitor|degrader|blocker|engager|agonist|antagonist)$")
_THE = lazy(r"\b(?:the|its|this)\s$")
_A_KIND = lazy(
    r"(?:ADC|antibody[-‐–]drug conjugate|bispecific.*|antibody|radioligand.*|PROTAC|.*CAR[- ]T.*|vaccine|cell therapy|immunotherapy)",
    re.IGNORECASE,
)


def _described(reading: Reading, view: ArmView) -> bool:
    """Whether an arm's agent is only described: "assigned to the TROP2-directed antibody-drug conjugate"."""
    places = [e.start for e in view.evidence if e.slot == "regimen" and e.start]
    return _DESCRIBED.search(view.regimen[0]) is not None and any(_THE.search(reading.text, at - 5, at) for at in places)


def _called_by_kind(reading: Reading, arms: Arms, lead: list[Told]) -> None:
    """An arm that is only called by the kind of its agent ("the ADC combination") is what the text speaks of first."""
    known = {v.names for v in arms.views}
    whole = next((t.regimen for t in lead if t.regimen), None)
    for view in arms.views if whole and frozenset(whole.names) not in known else ():
        if len(view.regimen) == 1 and whole and (_A_KIND.fullmatch(view.regimen[0]) or _described(reading, view)):
            view.regimen = whole.names
            view.evidence = [e for e in view.evidence if e.slot != "regimen"]
            view.evidence.append(reading.evidence("regimen", whole.span))
            return
