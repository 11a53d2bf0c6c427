"""Free text of an indication -> codes: stage, line, population, age, number of prior lines; and what is left uncoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from kg_build.lexicon import Lexicon, SettingEntry
from kg_build.linking.names import LONGEST_NAME
from kg_build.terms import fold


class Coded(NamedTuple):
    """Codes of one text, and the words no code stands for."""

    settings: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    min_prior_lines: int | None = None
    rest: str = ""


_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_N = rf"(?P<n>\d|{'|'.join(_NUMBERS)})"
_WHAT = (
    r"(?:different |additional )?(?:prior |previous )?(?:lines? of )?(?:prior |previous )?(?:systemic |anti-?cancer )?"
    r"(?:therap(?:y|ies)|treatments?|regimens?|lines?)"
)
_LINES = re.compile(
    rf"(?:(?:after|following|failure of|received|previously received|with|who have received|and|treated with) )*"
    rf"(?:(?:at least|a minimum of|minimum of|>=|≥) ?{_N}|{_N.replace('<n>', '<m>')} or more) {_WHAT}(?! of life)"
)
_AGE = re.compile(
    r"(?:patients? |individuals? |aged? )*(?:(?:≥|>=|at least|from) ?)?(?P<n>\d{1,2}) (?P<unit>years?|months?)"
    r"(?: of age| old)?(?: and| or) (?:older|over|above)"
    r"|(?:aged? )?(?:≥|>=|at least) ?(?P<m>\d{1,2}) (?P<unit2>years?|months?)(?: of age| old)?"
)
_NOT = r"(?<![\w-])(?<!not )(?<!no )(?<!non )(?<!without )(?<!never )"
_IDLE = re.compile(
    r"\b(?:and|or|with|for|the|of|in|who|whose|that|which|have|has|had|been|be|is|are|was|were|patients?|people|individuals|disease"
    r"|therapy|setting|a|an|to|as|cancer|tumou?rs?|this|those|their|aged?|years?|line)\b|[^\w≥<>=%]+"
)
_OR = re.compile(r"\s*(?:/|,?\s*or|,?\s*and/or)\s*")


@lru_cache(maxsize=8)
def _phrases(lexicon: Lexicon) -> tuple[re.Pattern[str], dict[str, SettingEntry]]:
    """One pattern of all phrases, longest first, and the row of each."""
    rows = {name: lexicon.settings.by_key[key] for name, key in lexicon.settings.names()}
    ordered = sorted(rows, key=lambda name: (-len(name), name))
    return re.compile(rf"{_NOT}(?:{'|'.join(map(re.escape, ordered))})(?![\w-]|\+)"), rows


class _Read(NamedTuple):
    """A text with its prior lines and ages taken out, and where its phrases stand."""

    text: str
    lines: tuple[int, ...]
    ages: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def _read(text: str, lexicon: Lexicon) -> _Read:
    folded = re.sub(r"(?<=\d)-(?=(?:year|month)s?\b)", " ", fold(text))
    lines = tuple(_NUMBERS.get(said) or int(said) for match in _LINES.finditer(folded) for said in [match["n"] or match["m"]])
    folded = _LINES.sub("; ", folded)
    ages = tuple(f">={match['n'] or match['m']}-{(match['unit'] or match['unit2']).rstrip('s')}s" for match in _AGE.finditer(folded))
    folded = _AGE.sub("; ", folded)
    pattern, _ = _phrases(lexicon)
    return _Read(folded, lines, ages, tuple(match.span() for match in pattern.finditer(folded)))


@lru_cache(maxsize=100_000)
def code(text: str, lexicon: Lexicon) -> Coded:
    """Codes of one free text. A negated phrase is no phrase: it stays in the rest.

    Alternatives ("unresectable or metastatic") are one code, as either one lets a patient in.
    """
    if len(text) > LONGEST_NAME:
        return Coded(rest=fold(text))
    read = _read(text, lexicon)
    return _coded(read, read.spans, lexicon)


def cuts(text: str, lexicon: Lexicon) -> Iterator[tuple[str, Coded]]:
    """A text with ever more of its phrases cut out, and the codes of those: for a name that may itself hold a phrase."""
    read = _read(text, lexicon)
    fewest = 0 if len(read.spans) <= _MANY else len(read.spans)
    for size in range(fewest, len(read.spans) + 1):
        for chosen in combinations(read.spans, size):
            yield _without(read.text, chosen), _coded(read, chosen, lexicon)._replace(rest="")


_MANY = 5  # phrases beyond which only all are cut


def _coded(read: _Read, spans: tuple[tuple[int, int], ...], lexicon: Lexicon) -> Coded:
    _, rows = _phrases(lexicon)
    found = [(span, rows[read.text[slice(*span)]]) for span in spans]
    populations = {row.key for _, row in found if row.slot == "population"} | set(read.ages)
    settings = [(span, row.key) for span, row in found if row.slot != "population"]
    rest = _IDLE.sub(" ", _without(read.text, spans))
    return Coded(_alternatives(read.text, settings), tuple(sorted(populations)), max(read.lines, default=None), " ".join(rest.split()))


def _alternatives(text: str, found: list[tuple[tuple[int, int], str]]) -> tuple[str, ...]:
    """Setting codes, joined where the text says "or" between them."""
    runs: list[list[str]] = []
    end = 0
    for (start, stop), key in found:
        if runs and _OR.fullmatch(text[end:start]):
            runs[-1].append(key)
        else:
            runs.append([key])
        end = stop
    return tuple(sorted({"-or-".join(sorted(set(run))) for run in runs}))


_JOINTS = r"\s*(?:;|/|,|\bor\b|\band\b|\bin\b(?=\s*;))*\s*"


def _without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text between the spans; the words that joined a span to its neighbours go with it."""
    for start, stop in reversed(spans):
        text = f"{text[:start]};{text[stop:]}"
    text = re.sub(rf"{_JOINTS};{_JOINTS}", " ; ", text)
    return re.sub(r"^[\s;,/-]+|[\s;,/-]+$", "", re.sub(r"(?:\s*;\s*)+", " ; ", text))
