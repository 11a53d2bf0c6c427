"""Small readers of the registry's strings: numbers, counts, p-values, dates, markup, unique ids."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import count as count_from

from kg_build import terms

ID_LENGTH = 80

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_P = re.compile(r"(?:p(?:[\s-]*value)?\s*)?(<=|>=|<|>|=|≤|≥)?\s*(\d*\.?\d+(?:[eE]-?\d+)?)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>()#+\-.!|~^&])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")


def number(printed: str | None) -> float | None:
    """The number a string prints, or None ("NA", "<0.1", "about 5").

    >>> number("1,234"), number("-.7"), number("NA")
    (1234.0, -0.7, None)
    """
    text = (printed or "").strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def count(printed: str | None) -> int | None:
    """The whole number a string prints, or None.

    >>> count("2,884"), count("3.5")
    (2884, None)
    """
    value = number(printed)
    return int(value) if value is not None and value.is_integer() else None


def limit(printed: str | None) -> float | str | None:
    """One end of an interval: its number, or the mark printed in its place."""
    value = number(printed)
    return value if value is not None else (printed or "").strip() or None


def p_value(printed: str | None) -> str | None:
    """A p-value with its operator, as text; what is no plain p-value stays as printed.

    >>> p_value("<0.001"), p_value("=0.012"), p_value(".03"), p_value("NS")
    ('< 0.001', '0.012', '.03', 'NS')
    """
    text = (printed or "").strip()
    match = _P.fullmatch(text)
    if not match:
        return text or None
    return match[2] if match[1] in {None, "="} else f"{match[1]} {match[2]}"


def plain(markup: str | None) -> str | None:
    r"""Text of a markup field: backslash escapes undone, outer blanks off.

    >>> plain(r"age \\>= 18 \\[years\\] ".replace("\\\\", "\\"))
    'age >= 18 [years]'
    """
    return _ESCAPED.sub(r"\1", markup).strip() or None if markup else None


def day(printed: str | None) -> str | None:
    """A full date, or None."""
    return printed if printed and _DAY.fullmatch(printed) else None


def date(printed: str | None) -> str | None:
    """A date of any precision, or None."""
    return printed if printed and _DATE.fullmatch(printed) else None


def words(code: str | None) -> str | None:
    """A code of the registry in words: "ACTIVE_COMPARATOR" -> "active comparator"."""
    return code.replace("_", " ").casefold() if code else None


class Ids:
    """Gives out ids that are unique within one study: the slug of a name, then -2, -3... in order."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.repeats: Counter[str] = Counter()  # how often a name was asked for: its free number need not be sought from 1

    def new(self, name: str | None) -> str:
        """A free id for a name."""
        base = terms.slug(name or "x")[:ID_LENGTH].strip("-") or "x"
        chosen = next(candidate for candidate in _candidates(base, self.repeats[base]) if candidate not in self.taken)
        self.repeats[base] += 1
        self.taken.add(chosen)
        return chosen


def _candidates(base: str, repeats: int) -> Iterator[str]:
    if not repeats:
        yield base
    for number_ in count_from(max(repeats + 1, 2)):
        yield f"{base}-{number_}"
