"""Free text of an indication -> codes: stage, line, population, age, number of prior lines; and what is left uncoded."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg_build.lexicon import Lexicon, SettingEntry
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
_OR = re.compile(r"\s*(?:/|,?\s*\bor\b|,?\s*and/or\b)\s*|\s*,\s*(?=\x00\w[^\x01]*\x01\s*,?\s*or\b)")
_MARK = re.compile(r"\x00([^\x01]*)\x01")


@lru_cache(maxsize=8)
def _phrases(lexicon: Lexicon) -> tuple[re.Pattern[str], dict[str, SettingEntry]]:
    """One pattern of all phrases, longest first, and the row of each."""
    rows = {name: lexicon.settings.by_key[key] for name, key in lexicon.settings.names()}
    ordered = sorted(rows, key=lambda name: (-len(name), name))
    return re.compile(rf"{_NOT}(?:{'|'.join(map(re.escape, ordered))})(?![\w-]|\+)"), rows


@lru_cache(maxsize=100_000)
def code(text: str, lexicon: Lexicon) -> Coded:
    """Codes of one free text. A negated phrase is no phrase: it stays in the rest.

    Alternatives ("unresectable or metastatic") are one code, as either one lets a patient in.
    """
    folded = re.sub(r"(?<=\w)-(?=(?:year|month)s?\b)", " ", fold(text))
    lines: list[int] = []
    populations: list[str] = []

    def take_lines(match: re.Match[str]) -> str:
        said = match["n"] or match["m"]
        lines.append(_NUMBERS.get(said) or int(said))
        return "; "

    def take_age(match: re.Match[str]) -> str:
        unit = (match["unit"] or match["unit2"]).rstrip("s")
        populations.append(f">={match['n'] or match['m']}-{unit}s")
        return "; "

    pattern, rows = _phrases(lexicon)
    marked = pattern.sub(lambda match: f"\x00{rows[match[0]].key}\x01", _AGE.sub(take_age, _LINES.sub(take_lines, folded)))
    settings = _alternatives(marked, lexicon, populations)
    return Coded(tuple(settings), tuple(sorted(set(populations))), max(lines, default=None), _rest(marked))


def _alternatives(marked: str, lexicon: Lexicon, populations: list[str]) -> list[str]:
    """Setting codes of a marked text, joined where it says "or"; population codes go to their own list."""
    runs: list[list[str]] = []
    end, joined = 0, False
    for match in _MARK.finditer(marked):
        joined = bool(_OR.fullmatch(marked[end : match.start()])) and bool(runs)
        end = match.end()
        if lexicon.settings.by_key[match[1]].slot == "population":
            populations.append(match[1])
        elif joined:
            runs[-1].append(match[1])
        else:
            runs.append([match[1]])
    return sorted({"-or-".join(sorted(set(run))) for run in runs})


def _rest(marked: str) -> str:
    return " ".join(_IDLE.sub(" ", _MARK.sub(" ", marked)).split())


def without_phrases(text: str, lexicon: Lexicon) -> str:
    """A folded text with its phrases cut out, for the name of a condition that stands between them."""
    pattern, _ = _phrases(lexicon)
    cut = pattern.sub(" ; ", _AGE.sub(" ; ", _LINES.sub(" ; ", fold(text))))
    cut = re.sub(r"\s*(?:;|/|,|\bor\b|\band\b)*\s*;\s*(?:;|/|,|\bor\b|\band\b)*\s*", " ; ", cut)
    return re.sub(r"^[\s;,/-]+|[\s;,/-]+$", "", re.sub(r"(?:\s*;\s*)+", " ; ", cut))
