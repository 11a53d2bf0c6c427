"""Stage 2a: names that the lexicon knows, found in one pass over the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import ahocorasick

from kg_build.lexicon import Lexicon
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

KINDS = {
    "agents": "agent", "classes": "class", "combinations": "combination", "targets": "target", "mechanisms": "mechanism",
    "conditions": "condition", "regulators": "regulator", "jurisdictions": "jurisdiction", "bodies": "body", "endpoints": "endpoint",
    "events": "event", "organizations": "organization", "settings": "setting",
}  # fmt: skip
"""Table -> kind of mention."""

_DASHES = lazy("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_PLURAL = frozenset({"class", "condition", "event", "endpoint"})


def same_length_fold(text: str) -> str:
    """Lower case, dashes and blanks made alike, character for character: positions stay those of the text."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return re.sub(r"\s", " ", _DASHES.sub("-", lowered)).replace("’", "'")


@lru_cache(maxsize=4)
def _automaton(lexicon: Lexicon) -> ahocorasick.Automaton:
    names: dict[str, list[tuple[str, str]]] = {}
    for table, kind in KINDS.items():
        for name, key in getattr(lexicon, table).names():
            names.setdefault(name, []).append((kind, key))
            if kind in _PLURAL and len(name) > 4 and not name.endswith("s"):
                names.setdefault(name + "s", []).append((kind, key))
    machine = ahocorasick.Automaton()
    for name, senses in names.items():
        machine.add_word(name, (len(name), senses))
    machine.make_automaton()
    return machine


def occurrences(text: str, names: Iterable[str], ignore_case: bool = False) -> Iterator[tuple[int, int]]:
    """Every place of the names as whole words, in one pass however many names there are; overlaps are left in."""
    machine = ahocorasick.Automaton()
    for name in names:
        machine.add_word(same_length_fold(name) if ignore_case else name, len(name))
    if not len(machine):
        return
    machine.make_automaton()
    haystack = same_length_fold(text) if ignore_case else text
    for last, length in machine.iter(haystack):
        if _bounded(haystack, last - length + 1, last + 1):
            yield last - length + 1, last + 1


def _bounded(folded: str, start: int, end: int) -> bool:
    return not (start and (folded[start - 1].isalnum() or folded[start - 1] == "_")) and not (end < len(folded) and folded[end].isalnum())


def _looks_named(printed: str, kind: str) -> bool:
    """Short names are names only in capitals: ALL and US, not all and us."""
    return (
        len(printed) > 4
        or not printed.isalpha()
        or sum(c.isupper() for c in printed) >= min(2, len(printed))
        or kind in ("event", "setting")
    )


@lru_cache(maxsize=4)
def _short_forms(lexicon: Lexicon) -> ahocorasick.Automaton:
    """Abbreviations, which are names only as they are written."""
    names: dict[str, list[tuple[str, str]]] = {}
    for table, kind in KINDS.items():
        for name, key in getattr(lexicon, table).abbreviations():
            names.setdefault(name, []).append((kind, key))
            if kind == "regulator" and len(name) > 4 and name.isupper():  # those that are spoken as words: Anvisa, Cofepris
                names.setdefault(name.capitalize(), []).append((kind, key))
    machine = ahocorasick.Automaton()
    for name, senses in names.items():
        machine.add_word(name, (len(name), senses))
    machine.make_automaton()
    return machine


def find_names(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """Every mention of a name that the lexicon's tables know; overlaps are left in."""
    folded = same_length_fold(text)
    for machine, haystack, any_case in ((_automaton(lexicon), folded, True), (_short_forms(lexicon), text, False)):
        for last, (length, senses) in machine.iter(haystack) if len(machine) else ():
            start, end = last - length + 1, last + 1
            if not _bounded(haystack, start, end):
                continue
            printed = text[start:end]
            for kind, key in senses:
                if not any_case or _looks_named(printed, kind):
                    yield Mention(start, end, kind, printed, key)
    for start, end, key, is_brand in lexicon.agents.substances.occurrences(folded):
        if not is_brand or text[start].isupper():
            yield Mention(start, end, "agent", text[start:end], key)
