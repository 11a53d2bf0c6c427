"""Names of treatments -> agent keys: registry prefixes and doses off, combinations apart, placebo recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg_build.lexicon import Lexicon
from kg_build.lexicon.table import mixed_script
from kg_build.linking.cells import Meant, directed_cells
from kg_build.linking.names import LONGEST_NAME, provisional
from kg_build.terms import fold


class Treatment(NamedTuple):
    """What one printed name of a treatment means."""

    members: tuple[str, ...]  # agent keys, class:<key>, (a|b)
    unknown: tuple[tuple[str, str], ...] = ()  # provisional key, the part of the name it was made from
    rule: str = ""  # by which the name was linked; empty where it was not


_PREFIX = re.compile(
    r"^(?:drug|biological|combination product|dietary supplement|genetic|device|procedure|radiation|other|behavioral)\s*:\s*"
)
_NOTHING = re.compile(r"\b(?:placebos?|vehicle|sham|dummy|saline)\b")
_UNIT = r"(?:mg|mcg|µg|μg|ug|g|kg|ml|iu|mu|units?|u|auc|mmol|%|mci|gbq|mbq|gy|cells)"
_PER = r"(?:m\^?[2²]|kg|ml|day|dose|d|week|min|vial|h|hr|\d*\s*ml)"
_AMOUNT = rf"(?:\d[\d.,]*\s*(?:-|to|–)\s*)?\d[\d.,]*(?:\s*x\s*10\^?\d+)?\s*{_UNIT}(?:\s*(?:/|per)\s*{_PER})*(?!\w)"
_DOSE = re.compile(rf"\b(?:at\s+)?(?:a\s+dose\s+of\s+)?{_AMOUNT}|\bauc\s*(?:of\s*)?=?\s*\d(?:\.\d)?\b")
_FORM = re.compile(
    r"\b(?:tablets?|capsules?|caplets?|injections?|injectable|for injection|infusions?|oral(?:ly)?|intravenous(?:ly)?|iv|i\.v\.|sc|s\.c\."
    r"|subcutaneous(?:ly)?|intramuscular(?:ly)?|im|p\.?o\.?|intrathecal|intraperitoneal|intra(?:cerebro)?ventricular|intratumoral|topical"
    r"|oral solution|solution"
    r"|suspension|cream|ointment|gel|powder|pill|film[- ]coated|extended[- ]release|prefilled syringe|monotherapy|single[- ]agent|alone"
    r"|treatment|therapy|administration|formulation|(?:high|low|reduced|standard)[- ]dose|once daily|twice daily|daily|weekly|bid|qd"
    r"|q[1-4]w|once weekly|every \d weeks?|maintenance|induction|adjuvant|neoadjuvant|(?:arm|cohort|part|schedule|dose level) [a-z0-9]+"
    r"|biosimilar|recombinant|generic|product|concentrate|regimen(?: \d)?|for (?:the )?treatment of .*|in adults?"
    r"|(?:phase \w+: )?(?:cohort |dose )?(?:for )?(?:escalation|expansion)|combination(?: of)?)\b"
)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_JOINTS = re.compile(
    r"\s*(?:\+|\s&\s|\splus\s|\sand\s|\s(?:given |used )?in combination with\s|\scombined with\s|\swith\s|\sfollowed by\s|\sthen\s|;"
    r"|,(?=\s|[a-z]{4})|/\s|\s/|(?<=[a-z]{4})/(?=[a-z]{4}))\s*"
)
_EITHER = re.compile(r"\s+(?:or|versus|vs\.?)\s+|\s+and/or\s+")
_OPTIONAL = re.compile(r"\s*(?:,?\s*(?:given )?with or without|\+\s*/\s*-|±|with/without)\s.*$")
_ORDER = re.compile(r"^(?:(?:and|plus|with|or|of)\s+)+|(?:\s+(?:and|plus|with|or|as|of))+$")
_CELLS = re.compile(
    r"\s+(?:(?:transduced|engineered) with|targeting) .*$|[\s-]+(?:(?:u?car|tcr|star)[\s-]?)?(?:t[\s-]?)?(?:cells?|lymphocytes?)$"
    r"|[\s-]+(?:u?car|tcr)-?t$"
)
"""What follows the name of a product made of cells."""
_BASED = re.compile(r"[\s-](?:based|containing|directed|targeted)(?:\s+\w+){0,2}$")


@lru_cache(maxsize=200_000)
def treatment(name: str, lexicon: Lexicon) -> Treatment:
    """What a printed treatment name means; never nothing but for placebos and formulation aids.

    A whole name is tried before its parts, so that "trifluridine and tipiracil" may be a row; parts are taken apart only where at
    least one of them is known. What comes "with or without" is no member.
    """
    if len(name) > LONGEST_NAME:
        return Treatment((provisional(name),), ((provisional(name), name),))
    if judged := _judged(name, lexicon):
        return Treatment(*judged[:1], rule=judged.rule)
    folded = _OPTIONAL.sub("", _PREFIX.sub("", fold(name)))
    known = _known(folded, lexicon)
    if known is not None:
        return Treatment(known.keys, rule=known.rule)
    if _NOTHING.search(folded) and not _parts(_NOTHING.sub(" ", folded), lexicon):
        return Treatment((), rule="placebo")
    if members := _joined(folded, lexicon):
        return members
    plain = _plain(folded) or folded
    key = provisional(plain)
    return Treatment((key,), ((key, name),))


def prior_therapy(name: str, lexicon: Lexicon) -> tuple[str, ...] | None:
    """Keys of a prior therapy ("trastuzumab-based regimen" is had with trastuzumab), None where nothing known is named."""
    if len(name) > LONGEST_NAME:
        return None
    folded = fold(name)
    for form in (folded, re.sub(r"^(?:prior|previous|an?|one|neoadjuvant|adjuvant)\s+", "", folded), _BASED.sub("", folded)):
        if (known := _known(form, lexicon)) is not None:
            return known.keys
    found = _joined(folded, lexicon)
    return found.members if found and not found.unknown else None


def _judged(name: str, lexicon: Lexicon) -> Meant | None:
    """What a curated judgement says of the name as it stands."""
    right = lexicon.judgements.same("agent", name)
    return Meant(tuple(sorted(right.split("+"))), "judgement") if right else None


def _known(folded: str, lexicon: Lexicon) -> Meant | None:
    """Keys where the name, or one of its plainer forms, is a row. A name that mixes scripts is none, whatever stands beside it."""
    if mixed_script(folded):
        return None
    for rule, form in _forms(folded):
        if found := _row(form, lexicon):
            return Meant(found.keys, rule or found.rule)
    return directed_cells(folded, lexicon)


def _row(form: str, lexicon: Lexicon) -> Meant | None:
    """Judgement, agent, combination or class of one form of a name."""
    if judged := _judged(form, lexicon):
        return judged
    if match := lexicon.agents.match(form):
        found = Meant(() if match[0].is_aid else (match[0].key,), match[1])
    elif combination := lexicon.combinations.find(form):
        found = Meant(combination.members, "combination")
    elif group := lexicon.classes.find(form):
        found = Meant((f"class:{group.key}",), "class")
    else:
        return None
    return None if lexicon.judgements.refused("agent", form, "+".join(sorted(found.keys))) else found


def _forms(folded: str) -> Iterator[tuple[str, str]]:
    """Rule and form: the name, then plainer: without brackets, without dose and form; last what stands in brackets."""
    yield "", folded
    bare = " ".join(_BRACKETS.sub(" ", folded).split())
    if bare != folded:
        yield "bracket", bare
    plain = _plain(folded)
    yield "form", plain
    yield "form", _CELLS.sub("", _CELLS.sub("", plain))
    if bare and bare != folded:
        return  # what stands in brackets beside an unknown name may be a partner as well as a synonym: see _bracketed
    yield from (("bracket", inner) for pair in _BRACKETS.findall(folded) for inner in pair if inner)


def _plain(folded: str) -> str:
    """Without brackets, doses, forms, marks.

    >>> _plain("palbociclib 125 mg capsules (oral)")
    'palbociclib'
    """
    text = _BRACKETS.sub(" ", folded)
    text = _FORM.sub(" ", _DOSE.sub(" ", text))
    return _ORDER.sub("", " ".join(text.split()).strip(" ,;:.-/+*#"))


def _twice(folded: str, lexicon: Lexicon) -> Treatment | None:
    """One agent by two of its names side by side ("isatuximab SAR650984")."""
    words = _plain(folded).split()
    for place in range(1, len(words)):
        left, right = (lexicon.agents.find(" ".join(half)) for half in (words[:place], words[place:]))
        if left and left == right and not left.is_aid:
            return Treatment((left.key,), rule="synonym")
    return None


def _joined(folded: str, lexicon: Lexicon) -> Treatment | None:
    """A name of several agents, where at least one part is known."""
    return _twice(folded, lexicon) or _parts(folded, lexicon) or _bracketed(folded, lexicon)


def _bracketed(folded: str, lexicon: Lexicon) -> Treatment | None:
    """An unknown name with known ones in brackets: a synonym ("BKM120 (buparlisib)") or the parts of a regimen ("X (a + b)").

    A class in brackets is no synonym: "XYZ-1 (anti-TIGIT)" stays XYZ-1.
    """
    if mixed_script(folded):
        return None
    for pair in _BRACKETS.findall(folded):
        for inner in pair:
            if inner and (known := _known(inner, lexicon)) and known.keys and not known.keys[0].startswith("class:"):
                return Treatment(known.keys, rule="bracket")
            if inner and (found := _parts(inner, lexicon)) and not found.unknown and _tells(found):
                return found._replace(rule="bracket")
    return None


def _tells(found: Treatment) -> bool:
    """Several members, or one agent by several names."""
    return len(found.members) > 1 or not found.members[0].startswith("class:")


def _parts(folded: str, lexicon: Lexicon) -> Treatment | None:
    text = " ".join(_BRACKETS.sub(" ", folded).split())
    pieces = [piece for piece in map(str.strip, _JOINTS.split(text)) if piece]
    members: list[str] = []
    unknown: list[tuple[str, str]] = []
    hits = 0
    for piece in pieces:
        found = _known(piece, lexicon) or _alternatives(piece, lexicon)
        if found is not None:
            hits += 1
            members += found.keys
        elif not _NOTHING.search(piece) and (plain := _plain(piece)) and not plain.isdigit():
            unknown.append((provisional(plain), piece))
            members.append(unknown[-1][0])
    if not hits:
        return None
    rule = "synonym" if hits > 1 and len(set(members)) == 1 else "combination"
    return Treatment(tuple(sorted(set(members))), tuple(unknown), rule)


def _alternatives(piece: str, lexicon: Lexicon) -> Meant | None:
    """One member for "a or b" when all are known: which of them was given is not said."""
    if not _EITHER.search(piece):
        return None
    options = [_known(option, lexicon) for option in _EITHER.split(piece)]
    if any(option is None or len(option.keys) != 1 for option in options):
        return None
    keys = sorted({option.keys[0] for option in options if option})
    return Meant((f"({'|'.join(keys)})",) if len(keys) > 1 else (keys[0],), "alternatives")
