"""Stage 2d: short names of regimens ("R-GemOx", "SVd", "mEOC+P") as the text or a table defines them, and what is done without a drug."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kg_build.reading.document import Span
from kg_build.reading.interventions import assigned_names
from kg_build.reading.mentions import Mention, Mentions
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import COMBINED, Regimen, between, joined
from kg_build.reading.tables import occurrences

if TYPE_CHECKING:
    from kg_build.reading.context import Reading

SHAPE = r"(?=[^\s;,:()]{0,24}[A-Z])[A-Za-z][A-Za-z0-9]{0,11}(?:\s?[-‐‑+/]\s?[A-Za-z0-9]{1,12}){0,3}"
_OPEN = lazy(
    rf"(?:(?<![\w-])(?P<before>{SHAPE})(?:\s(?:arm|group|regimen|protocol|backbone|(?:chemo)?therapy|induction))?\s?)?(?P<open>[\[(])"
    rf"(?:(?:(?:hereafter|referred\sto\sas|termed|the)\s)?(?P<behind>{SHAPE})"
    r"(?:\s(?:arm|group|(?P<regimen>regimen|protocol|chemotherapy)))?(?P<sized>\s?[;,:]?\s?[nN]\s?=)?(?=[;,:)\]\s\d]))?"
)
_PREFIXED = lazy(
    r"(?<![\w-])(?:R2?|G|O|V|Z|BV|[Pp]ola|[Tt]afa|[Ll]en|[Ii]bru)-(?:R-)?(?:mini-?)?(?:CHOP|CHP|CHEOP|CVP|EPOCH|GemOx|GEMOX|DHAP|DHAX|ICE|ESHAP|GDP|ACVBP|FC|BAC|B)\b"
)
"""Acronyms of lymphoma regimens with the agent added in front."""
_STATISTICS = frozenset(
    "I II III IV HR OR RR CI CR PR SD PD ORR DCR DOR PFS OS DFS EFS IV SC PO NE NR NA IQR SE ITT AE TEAE TRAE US EU UK FDA EMA EC".split()
)
_MADE_OF = lazy(
    r"(?:\s(?:regimen|protocol|backbone|(?:chemo)?therapy|induction|treatment|combination)){0,2}"
    r"(?:\s(?:with|using|of)|,?\s(?:consisting\sof|comprising|composed\sof|made\sup\sof|that\sis|i\.e\.)|[:,=]|\s?[–—])\s"
)
"""What stands between an acronym and its partners: "7+3 induction with X and Y"."""
_TAIL = lazy(r"(?:\s(?:arm|group|regimen|therapy|chemotherapy|treatment|combination|alone))*\s?")
_OTHERS = ("organization", "regulator", "target", "condition", "endpoint", "trial", "jurisdiction", "body", "registry")
_STRATEGY = lazy(
    r"\b(?:(?:active\s)?(?:observation|surveillance|monitoring)(?=\s(?:alone|only|arm|group)|[\s,.;)]*$|\s?[,.;(]|\s(?:or|and|in|for)\b)"
    r"|watch(?:ful)?[\s-](?:and[\s-]wait|waiting)|(?:usual|standard|routine|conventional)\s(?:care|treatment|therapy|management)"
    r"|(?-i:TACE|HAIC|SBRT|SABR|WBRT|ASCT|HSCT|ADT)\b|trans-?arterial\s(?:chemo|radio)-?embolization|(?:hepatic\s)?arterial\sinfusion\schemotherapy"
    r"|best\savailable\s(?:therapy|treatment|care)|no\s(?:further\s|additional\s|adjuvant\s|maintenance\s)?(?:treatment|therapy)|surgery(?:\salone)?|surgical\sresection"
    r"|(?:autologous|allogeneic)\s(?:[\w-]{3,12}\s){0,3}transplant(?:ation)?|delayed\s(?:treatment|therapy)|sham(?:\s(?:procedures?|injections?|control|surgery|stimulation|treatment|comparator|device|intervention|acupuncture|lumbar\spunctures?))?"
    r"|(?:(?:whole[\s-]brain|stereotactic(?:\sbody)?|intensity-modulated|hypofractionated|conformal|thoracic|pelvic)\s){1,2}"
    r"(?:radiotherapy|radiation(?:\stherapy)?|irradiation)|radiation|chemoradiation)\b",
    re.IGNORECASE,
)


def with_shorthand(reading: Reading) -> Mentions:
    """Agents and classes with the combinations that stand under a short name, and strategies apart from both."""
    plain = reading.mentions.all("agent") + reading.mentions.all("class")
    named = _items(plain, _combinations(reading, plain))
    told = [m for m in _strategies(reading) if not any(_overlaps(named, m.span, kind) for kind in ("agent", "combo"))]
    known = _apart_from(named, told)
    return _apart_from(known, [*told, *_interventions(reading, known)])


def _apart_from(named: Mentions, strategies: list[Mention]) -> Mentions:
    """The mentions and strategies beside them, without classes that are part of a strategy."""
    taken = Mentions(strategies)
    classes = [m for m in named.all("class") if not _overlaps(taken, m.span, "strategy")]
    return Mentions([*named.all("agent"), *named.all("combo"), *classes, *strategies])


def _items(plain: list[Mention], combos: list[Mention]) -> Mentions:
    """Agents, classes and combinations, those within the name of a combination left out."""
    taken = Mentions(combos)
    return Mentions([*combos, *(m for m in plain if not _overlaps(taken, m.span, "combo"))])


_LISTS = lazy(
    r"(?:\s(?:arm|group|regimen|alone|therapy|treatment))?\s?[\[(](?:[A-Z]{2,5}[:;,=]\s)?(?:either\s|i\.e\.,?\s|consisting\sof\s|with\s|of\s)?"
)
_LISTED_CLASS = lazy(
    r"[\w '’-]*\b(?:chemotherapy|endocrine(?:\stherapy)?|hormon\w+\stherapy|standard\sof\scare|SOC)$|[\w '’-]*\bchoice\b[\w '’-]*$"
)
"""Classes whose agents a text lists behind them."""
_CHOICE_OF = lazy(r"\s(?:of|between|among)\s(?:either\s|oral\s)?")


def class_details(reading: Reading) -> dict[str, tuple[str, ...]]:
    """The agents that a text lists for a class, in a bracket behind it or in front: "X, Y and Z chemotherapy"."""
    told: dict[str, list[tuple[str, ...]]] = {}
    for mention in reading.given.all("class"):
        if _LISTED_CLASS.fullmatch(mention.name) and (names := _listed(reading, mention)):
            told.setdefault(mention.name, []).append(names)
    for items in reading.given.all("agent"):
        if reading.text.startswith(" chemotherapy", items.end):
            start, _ = reading.document.units[reading.document.unit_at(items.start)]
            lead = joined(reading, reading.given.between(max(start, items.end - 120), items.end, "agent"), either=False)
            if lead and len(lead[-1].names) > 1:
                told.setdefault("chemotherapy", []).append(lead[-1].names)
    known = {name: max(lists, key=lists.count) for name, lists in told.items()}
    if len({frozenset(names) for names in known.values()}) == 1:
        known.setdefault("chemotherapy", next(iter(known.values())))
    return known


def _listed(reading: Reading, mention: Mention) -> tuple[str, ...]:
    opened = _LISTS.match(reading.text, mention.end)
    stop = _closed(reading, opened.end(), 160) if opened else 0
    if opened is None and mention.name.endswith("choice") and (opened := _CHOICE_OF.match(reading.text, mention.end)):
        stop = min(opened.end() + 160, reading.document.units[reading.document.unit_at(mention.start)][1])
    inner = reading.given.between(opened.end(), stop, "agent", "strategy", "class") if opened else []
    if not opened or not inner or inner[0].start - opened.end() > 4:
        return ()
    found = joined(reading, [mention, *inner] if mention.name.endswith("choice") else inner)[0]
    return found.names if len(found.names) > 1 else ()


def _overlaps(mentions: Mentions, span: Span, kind: str) -> bool:
    return bool(mentions.covering(span[0], kind) or mentions.covering(span[1] - 1, kind) or mentions.between(*span, kind))


def _strategies(reading: Reading) -> Iterator[Mention]:
    for match in _STRATEGY.finditer(reading.text):
        name = re.sub(r"\salone$", "", match[0] if match[0].isupper() else match[0].lower().replace("-", " "))
        yield Mention(match.start(), match.end(), "strategy", name)


def _interventions(reading: Reading, known: Mentions) -> Iterator[Mention]:
    """Every place of what the text says patients were assigned to, under its own words."""
    names = assigned_names(reading.text, known)
    for start, end in occurrences(reading.text, names, ignore_case=True) if names else ():
        printed = reading.text[start:end]
        yield Mention(start, end, "strategy", names.get(printed) or printed.lower())


def _combinations(reading: Reading, plain: list[Mention]) -> list[Mention]:
    """Every place of a short name; what it means may itself hold a short name, so that two rounds are needed."""
    known = {printed: printed for printed in _acronyms(reading)}
    brackets = [m for m in _OPEN.finditer(reading.text) if m["behind"] or m["before"]]
    for _ in range(2):
        places = _places(reading, known)
        items = _items(plain, places)
        told = dict(_spelled_behind(reading, items, places)) | dict(_defined(reading, items, brackets))
        if all(known.get(alias) == names for alias, names in told.items()):
            break
        known |= told
    return _places(reading, known)


def _acronyms(reading: Reading) -> Iterator[str]:
    """Acronyms of regimens that a table knows, as printed."""
    for match in _PREFIXED.finditer(reading.text):
        yield match[0]
    for mention in reading.mentions.all("combination"):
        printed = reading.text[mention.start : mention.end]
        capitals = sum(c.isupper() for c in printed) > 1 or not any(c.isalpha() for c in printed)
        if " " not in printed and capitals and len(printed) > 2 and printed not in _STATISTICS:
            yield printed


def _places(reading: Reading, known: dict[str, str]) -> list[Mention]:
    return [Mention(a, b, "combo", known[reading.text[a:b]]) for a, b in occurrences(reading.text, known)]


def _defined(reading: Reading, items: Mentions, brackets: list[re.Match[str]]) -> Iterator[tuple[str, str]]:
    """(short name, partners) of "X plus Y (XY; n = 154)" and "XY (X and Y)"."""
    for match in brackets:
        behind = _behind(reading, items, match) if match["behind"] and match["behind"] not in _STATISTICS else ()
        if behind:
            yield match["behind"], COMBINED.join(behind)
        inside = _inside(reading, items, match) if match["before"] else ()
        if inside:
            yield match["before"], COMBINED.join(inside)


def _spelled_behind(reading: Reading, items: Mentions, places: list[Mention]) -> Iterator[tuple[str, str]]:
    """(acronym, partners) of "7+3 induction with X and Y", where no bracket tells them."""
    for place in places:
        printed = reading.text[place.start : place.end]
        made = _MADE_OF.match(reading.text, place.end) if place.name == printed else None
        partners = joined(reading, items.between(made.end(), made.end() + 160, "agent"), either=False) if made else []
        if made and partners and partners[0].span[0] - made.end() < 3 and len(partners[0].names) > 1:
            yield printed, COMBINED.join(partners[0].names)


def _behind(reading: Reading, items: Mentions, match: re.Match[str]) -> tuple[str, ...]:
    """What the short name in a bracket stands for: the regimen in front, or the part of it that it spells."""
    start, _ = reading.document.units[reading.document.unit_at(match.start())]
    opened = match.start("open")
    lead = joined(reading, items.between(max(start, opened - 300), opened, "agent", "class", "combo"), either=False)
    if not lead or not _TAIL.fullmatch(between(reading, lead[-1].span[1], opened)):
        return ()
    whole = lead[-1].names if match["sized"] or match["regimen"] else ()
    short = match["behind"]
    meant = _spelled(short, lead[-1]) or _spelled(short, _with_last(reading, lead)) or _with_first(items, short, lead[-1]) or whole
    return meant if len(meant) > 1 or not _means_other(reading, match.span("behind")) else ()


def _with_first(items: Mentions, short: str, regimen: Regimen) -> tuple[str, ...]:
    """The regimen with an agent named before that the short name spells, too: "belantamab with bortezomib and dexamethasone (BVd)"."""
    if not 3 <= len(short) <= 5 or len(regimen.names) < 2:
        return ()
    earlier = dict.fromkeys(
        m.name for m in items.between(max(0, regimen.span[0] - 600), regimen.span[0], "agent") if m.name not in regimen.names
    )
    for name in list(earlier)[:6]:
        whole = replace(regimen, names=(name, *regimen.names))
        if len(_spelled(short, whole)) == len(whole.names):
            return whole.names
    return ()


def _with_last(reading: Reading, lead: list[Regimen]) -> Regimen:
    """The last two regimens as one, where "compared" has set apart what "and" joins: "compared X plus Y and Z (YZ) with"."""
    first, last = lead[-2] if len(lead) > 1 else lead[-1], lead[-1]
    if first is last or reading.text[first.span[1] : last.span[0]] != " and ":
        return last
    return Regimen((first.span[0], last.span[1]), (*first.names, *last.names), (*first.spans, *last.spans))


def _inside(reading: Reading, items: Mentions, match: re.Match[str]) -> tuple[str, ...]:
    """The partners listed in the bracket behind a short name."""
    if sum(c.isupper() for c in match["before"]) < 2 or _means_other(reading, match.span("before")):
        return ()
    inner = joined(reading, items.between(match.end("open"), _closed(reading, match.end("open"), 200), "agent", "class"), either=False)
    near = inner and inner[0].span[0] - match.end() <= 12 and len(inner[0].names) > 1
    return inner[0].names if near else ()


def _closed(reading: Reading, start: int, reach: int) -> int:
    """Where a bracket that opened right before `start` ends, at most so far behind it."""
    end = re.compile(r"[)\]]").search(reading.text, start, start + reach)
    return end.start() if end else start + reach


def _means_other(reading: Reading, span: Span) -> bool:
    """Whether what looks like a short name is a company, a target or the like."""
    return any(reading.mentions.covering(span[0], kind) for kind in _OTHERS)


_BY_BRAND = {
    "bortezomib": "v", "carfilzomib": "k", "lenalidomide": "r", "doxorubicin": "h", "vincristine": "o", "trastuzumab": "h",
    "fluorouracil": "f", "cytarabine": "a", "paclitaxel": "t", "docetaxel": "t", "folinic acid": "l", "selinexor": "x",
    "cisplatin": "p", "carboplatin": "p", "capecitabine": "x", "platinum": "p",
}  # fmt: skip
"""The letter of an agent in the short names of its field, where it is not its initial."""


def _initial(name: str, letters: str, names: tuple[str, ...]) -> str:
    """The name with the letter in front by which short names know it, where its own initial is not there or another partner's."""
    letter, own = _BY_BRAND.get(name, ""), name[0].casefold()
    other = own not in letters or letters.count(own) < sum(n[0].casefold() == own for n in names)
    return letter + name.casefold() if letter and letter in letters and other else name.casefold()


_REPEATED = lazy(r"(?P<letter>[A-Z])(?P<size>[23²³])")
"""A letter and how many partners bear it: R2 is lenalidomide (Revlimid) and rituximab."""


def _spelled(alias: str, regimen: Regimen) -> tuple[str, ...]:
    """The last partners of a regimen whose names spell a short name, as gemcitabine and oxaliplatin do GemOx."""
    if repeated := _REPEATED.fullmatch(alias):
        size = "²³".find(repeated["size"]) + 2 if repeated["size"] in "²³" else int(repeated["size"])
        alike = [n for n in regimen.names[-size:] if repeated["letter"].casefold() in (n[0].casefold(), _BY_BRAND.get(n))]
        return tuple(alike) if len(alike) == size else ()
    for count in range(len(regimen.names), 0, -1):
        chosen = regimen.names[-count:]
        for form in (alias, re.sub(r"^(?:m|dd|HD-?|LD-?|q|SC-?|IV-?)(?=[A-Z])", "", alias)):
            letters = re.sub(r"[^A-Za-z]", "", form)
            names = [_initial(name, letters.casefold(), chosen) for name in chosen]
            if _spells(letters, names) if count > 1 else _within(letters.casefold(), names[0]):
                return chosen
    return ()


def _spells(letters: str, names: list[str]) -> bool:
    """Whether each partner gives its initial, each capital is an initial, and other letters stand in some partner."""
    initials = [name[0] for name in names]
    turned = letters.isupper() and letters.casefold() == "".join(reversed(initials))
    if len(names) < 3 and letters[0].casefold() != initials[0] and not turned:
        return False
    rest = list(letters)
    for initial in initials:
        found = next((x for x in rest if x.casefold() == initial), None)
        if found is None:
            return False
        rest.remove(found)
    return all(letter.islower() and any(letter in name for name in names) for letter in rest)


def _within(letters: str, name: str) -> bool:
    """Whether the letters are those of a name in its order, the first its initial."""
    rest = iter(name)
    return letters[:1] == name[:1] and all(letter in rest for letter in letters)
