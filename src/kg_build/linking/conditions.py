"""Disease names as news and registries write them -> a condition, with the stage, population and biomarkers said in the same breath."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg_build.lexicon import Lexicon
from kg_build.linking.names import LONGEST_NAME, provisional
from kg_build.linking.phrases import Coded, cuts
from kg_build.terms import fold


class Diagnosis(NamedTuple):
    """A condition key and what its printed name says beyond it."""

    condition: str
    known: bool
    coded: Coded = Coded()
    biomarkers: tuple[str, ...] = ()


_PROTEIN = (
    r"hormone receptor|estrogen receptor|oestrogen receptor|progesterone receptor|philadelphia chromosome|microsatellite instability"
    r"|mismatch repair|tumou?r mutational burden|folate receptor alpha|somatostatin receptor|homologous recombination"
    r"|[a-z]{1,6}[-/]?[a-z]?\d*(?:\.\d)?(?:[-/][a-z0-9]+)?"
)
_VARIANT = r"v600[ek]?|g12[cd]|t790m|l858r|exon \d+(?: skipping| insertion| deletion)?"
_STATE = (
    r"positive|negative|mutated|mutant|mutation[ -]positive|mutation|low|ultralow|rearranged|amplified|fusion[ -]positive|deficient"
    r"|proficient|expressing|overexpressing|altered|wild[ -]type"
)
_MARKER = re.compile(
    rf"(?<![\w-])(?:{_PROTEIN})(?:[ -](?:{_VARIANT}))*[ -](?:{_STATE})(?![\w-])|(?<![\w-])(?:er|hr|pr|her2|ph)[+](?!\w)"
    r"|(?<![\w-])(?:msi-high|msi-h|dmmr|her2-|mss|micro ?satellite[ -]stable)(?![\w-])"
)
_LEAD = re.compile(
    r"^(?:(?:the )?(?:treatment|management|prevention) of |(?:adults?|patients?|adult patients|people|men|women|children) with "
    r"|(?:histologically )?confirmed )+"
)
_STAGING = re.compile(r"\b(?:clinical|pathologic(?:al)?|anatomic|prognostic)(?= stage)|,?\s*\bajcc v\d+\b")
_STAGE = re.compile(r"[,;]?\s*\b(?:stage [0ivx]+[abc]?\d?(?:(?:/| or | and |-)[0ivx]+[abc]?\d?)*|grade \d)\b")
_TAIL = re.compile(r"\s+(?:nos|by [a-z ]+stage|patients?)$|,\s*(?:adult|childhood|unspecified|nos)$")


@lru_cache(maxsize=100_000)
def diagnosis(name: str, lexicon: Lexicon) -> Diagnosis:
    """What a printed condition means; the whole name is tried first, so that a row may carry any phrase in its name.

    Where no row fits, the key is provisional and made of the name without its coded phrases.
    """
    if len(name) > LONGEST_NAME:
        return Diagnosis(provisional(name), False)
    if judged := lexicon.judgements.same("condition", name):
        return Diagnosis(judged, True)
    found = _by_rules(name, lexicon)
    return Diagnosis(provisional(name), False) if lexicon.judgements.refused("condition", name, found.condition) else found


def _by_rules(name: str, lexicon: Lexicon) -> Diagnosis:
    folded = _LEAD.sub("", " ".join(_STAGING.sub(" ", fold(name)).split()))
    if key := _find(folded, lexicon):
        return Diagnosis(key, True)
    markers = tuple(sorted({biomarker(match, lexicon) for match in _MARKER.findall(folded)}))
    for cut, coded in cuts(folded, lexicon):
        for form in dict.fromkeys((cut, _MARKER.sub(" ", cut))):
            if key := _find(_clean(form), lexicon):
                return Diagnosis(key, True, coded, markers if form != cut else ())
    staged = _STAGE.sub("", cut)
    for form in dict.fromkeys((staged, _MARKER.sub(" ", staged))):
        if key := _find(_clean(form), lexicon):  # a stage that no row codes stays uncoded
            return Diagnosis(key, True, coded._replace(rest=" ".join(_STAGE.findall(cut))), markers if form != staged else ())
    return Diagnosis(provisional(_clean(cut.replace(";", " ")) or folded), False, coded)


def ancestors(condition: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Keys of all conditions above one in the tables, sorted."""
    found: set[str] = set()
    open_keys = [condition]
    while open_keys:
        entry = lexicon.conditions.by_key.get(open_keys.pop())
        new = [key for key in (entry.broader if entry else ()) if key not in found]
        found.update(new)
        open_keys += new
    return tuple(sorted(found))


def _find(folded: str, lexicon: Lexicon) -> str | None:
    for form in _forms(folded):
        if row := lexicon.conditions.find(form):
            return row.key
    return None


def _forms(folded: str) -> Iterator[str]:
    """The name; without brackets; what stands in them; turned round ("carcinoma, renal cell"); singular."""
    bare = " ".join(re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", folded).split())
    for form in dict.fromkeys((folded, bare, _TAIL.sub("", bare))):
        yield form
        head, comma, tail = form.partition(", ")
        if comma:
            yield f"{tail} {head}".replace(",", "")
        if form.endswith("s"):
            yield form[:-1]
    yield from re.findall(r"\(([^()]{2,})\)", folded)[:1]


def _clean(text: str) -> str:
    text = re.sub(r"\s*;\s*", " ", text)
    return re.sub(r"^(?:and|or|with|in|of|to)\s+|\s+(?:and|or|with|in|of|to)$|^[\s,/-]+|[\s,/-]+$", "", " ".join(text.split()))


_SPELLING = [
    (re.compile(r"\bsensiti[sz]ing\b"), "sensitizing"),
    (re.compile(r"\boestrogen\b"), "estrogen"),
    (re.compile(r"(?<=\w)\+(?!\w)"), "-positive"),
    (re.compile(r"(?<=her2)-$|(?<=\ber)-$|(?<=\bhr)-$"), "-negative"),
    (re.compile(r"[ -](positive|negative|low|high|deficient|mutated|mutant|rearranged|altered|amplified|expressing)\b"), r"-\1"),
    (re.compile(r"[ -](?:mutated|mutant|mutation[ -]positive|mutations|activating mutations?)\b"), " mutation"),
    (re.compile(r"\b(?:gene )?fusion(?:s|[ -]positive)?\b"), "fusion"),
    (re.compile(r"[ -](?:rearranged|rearrangements)\b"), " rearrangement"),
    (re.compile(r"\balterations\b"), "alteration"),
    (re.compile(r"\b(?:hr|hormone receptor)-"), "hormone receptor-"),
    (re.compile(r"\b(?:msi-high|msi-h)\b"), "microsatellite instability-high"),
    (re.compile(r"\bdmmr\b"), "mismatch repair-deficient"),
    (re.compile(r"\bmss\b|\bmicro ?satellite[ -]stable\b"), "microsatellite-stable"),
]


@lru_cache(maxsize=20_000)
def biomarker(name: str, lexicon: Lexicon) -> str:
    """One spelling of a biomarker, so that the same marker gives the same indication; symbols as the table of targets writes them."""
    text = fold(name)
    if len(text) > LONGEST_NAME:
        return text
    for pattern, plain in _SPELLING:
        text = pattern.sub(plain, text)
    return re.sub(r"[^\s-]+(?:-[^\s-]+)*", lambda match: _symbol(match[0], lexicon), " ".join(text.split()))


def _symbol(word: str, lexicon: Lexicon) -> str:
    head, dash, tail = word.rpartition("-")
    row = lexicon.targets.find(word)
    if row:
        return row.label
    if dash and (row := lexicon.targets.find(head)):
        return f"{row.label}-{tail}"
    return word.upper() if re.fullmatch(r"[a-z]*\d[a-z0-9]*", word) else word
