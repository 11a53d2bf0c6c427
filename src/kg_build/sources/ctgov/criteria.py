"""Eligibility criteria: one block of text with headings and bullets -> inclusion and exclusion lines."""

from __future__ import annotations

import re
from typing import Literal

from kg_build.sources.ctgov.values import plain

Side = Literal["preamble", "inclusion", "exclusion", "unclear"]

_BREAK = re.compile(r"^(.*\S)[ \t]+((?:In|Ex)clusion [Cc]riteria[^:\n]{0,30}(?::|$))", re.MULTILINE)  # a heading within a line
_HEADING = re.compile(
    r"[\W\d_]*(?P<head>(?:[\w./-]+ ){0,4}?(?:[\w-]*inclusion|exclusion)(?P<criteria>[\w /-]{0,14}criteri\w+)?)"
    r"(?:(?P<tail>[^:]{0,60}):(?P<rest>.*)|(?P<bare>(?:[ ,]*[-–(]?(?:for|of|in|at|during|and|all)\b.{0,60})?)\W*)",
    re.IGNORECASE,
)
_RUN_ON = re.compile(r"(?P<head>(?:in|ex)clusion criteria)[ -]+(?P<rest>(?-i:[A-Z]).*|none\b.*)", re.IGNORECASE)
_SENTENCE = re.compile(r"\b(?:not|meet\w*|fulfil\w*|satisf\w*|any|who|free)\b", re.IGNORECASE)  # speaks of criteria, opens no list
_BULLET = re.compile(r"\s*(?:\\?[*•·▪‣◦–-]|\d{1,2}\\?[.)]|\(?[a-zA-Z\d]{1,2}\)|[ivxIVX]{1,4}[.)])\s+")


def split_criteria(markup: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    r"""(inclusion lines, exclusion lines) of a criteria text.

    Lines before an exclusion heading, or of a text without headings, are conditions to meet; a preamble of inclusion criteria is left out.

    >>> split_criteria("Inclusion Criteria:\n\n* Age \\>= 18\n* Measurable\n  disease\n\nExclusion Criteria:\n\n1. Pregnancy")
    (('Age >= 18', 'Measurable disease'), ('Pregnancy',))
    """
    sides: dict[Side, list[str]] = {"preamble": [], "inclusion": [], "exclusion": [], "unclear": []}
    side: Side = "preamble"
    fresh = True
    for line in _BREAK.sub(_broken, markup or "").splitlines():
        heading, text = _heading(line)
        side = heading or side
        bullet = None if heading else _BULLET.match(text)
        fresh = bool(fresh or heading or bullet or not text.strip())
        text = plain(text[bullet.end() :] if bullet else text) or ""
        if any(map(str.isalnum, text)):
            _add(sides[side], text, fresh)
            fresh = False
    inclusion = sides["inclusion"] or ([] if sides["unclear"] else sides["preamble"])
    return tuple(inclusion), tuple(sides["exclusion"])


def _broken(match: re.Match[str]) -> str:
    """A heading within a line on a line of its own, unless what stands before is part of it ("Key Exclusion Criteria")."""
    before, heading = match.groups()
    part = len(before.split()) < 4 and before[-1].isalpha()
    return f"{before} {heading}" if part else f"{before}\n{heading}"


def _add(lines: list[str], text: str, fresh: bool) -> None:
    """A new line, or the rest of the one before."""
    if fresh or not lines:
        lines.append(text)
    else:
        lines[-1] += " " + text


def _heading(line: str) -> tuple[Side | None, str]:
    """Which side a line opens, if it is a heading, and the text that follows on the same line."""
    match = _HEADING.fullmatch(line)
    if match and not match["criteria"] and (match["tail"] or match["bare"]):
        match = None
    match = match or _RUN_ON.fullmatch(line)
    if not match or _SENTENCE.search(match["head"]) or (_BULLET.match(line) and not line.rstrip().endswith(":")):
        return None, line
    head = match["head"].casefold()
    if re.search(r"\bno[nt]?[ -]inclusion", head):
        return "exclusion", match["rest"] or ""
    if "inclusion" in head and "exclusion" in head:
        return "unclear", match["rest"] or ""
    return "inclusion" if "inclusion" in head else "exclusion", match["rest"] or ""


_PRIOR = re.compile(
    r"(?:at least|minimum of|no fewer than|≥|>=) ?(?P<number>one|two|three|four|[1-4])(?: \(\d\))? (?:or more )?(?:prior|previous) "
    r"(?:[\w/-]+ ){0,4}?(?:lines?|regimens?|therapies|therapy)\b",
    re.IGNORECASE,
)
_UNTREATED = re.compile(
    r"\bno (?:prior|previous) (?:\w+ )?(?:therapy|treatment|chemotherapy)|treatment[ -]na[iï]ve|(?:previously )?untreated", re.IGNORECASE
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4}
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|cohorts?|arms?|parts?|phase|except|escalation|expansion)\b|\bfor (?:participants|patients|subjects)\b", re.IGNORECASE
)


def prior_lines(inclusion: tuple[str, ...]) -> int | None:
    """Least number of prior therapies, where the inclusion lines plainly print one and the same for all participants.

    >>> prior_lines(("Received at least two prior lines of therapy",)), prior_lines(("Cohort A: at least 1 prior therapy",))
    (2, None)
    """
    found = [(line, match["number"].lower()) for line in inclusion for match in _PRIOR.finditer(line)]
    numbers = {_NUMBERS.get(word) or int(word) for _, word in found}
    conditional = any(_CONDITIONAL.search(line) for line, _ in found) or any(_UNTREATED.search(line) for line in inclusion)
    return numbers.pop() if len(numbers) == 1 and not conditional else None
