"""The acts of regulators as texts word them: which words tell one, and whether it happened."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg_build.facts import Status
from kg_build.reading.document import Span
from kg_build.reading.frames.wordings import (
    CONTEXT,
    FIRST_TO,
    GIVEN,
    GIVEN_AFTER,
    NONE_IS,
    NOT_YET,
    UNREAL_AFTER,
    UNREAL_NOUN,
    WORDINGS,
    Form,
    Wording,
)
from kg_build.reading.gates import Gate
from kg_build.reading.patterns import lazy

_GATE = Gate(wording.pattern for wording in WORDINGS)
_OF_OTHERS = lazy(
    r"\b(?:shareholders?|stockholders?|investors|board|formulary|hospitals?(?!isation|ization)|editors?|journal|CMS|council"
    r"|ethics\scommittees?|parliament|city"
    r"|institutional\sreview\sboards?|IRB|directors|payers?|judges?|jury|court|antitrust|FTC|SEC|competition\scommission|tribunal\sof"
    r"|referee"
    r"|insurers?|medicaid|medicare|congress|senate|lawmakers)\b",
    re.IGNORECASE,
)
_OTHER_MATTERS = lazy(
    r"\b(?:INDs?|investigational\snew\sdrug|clinical\strial\sapplications?|CTAs?|clinical\sholds?|protocols?|special\sprotocol"
    r"|vouchers?|patents?|merger|takeover|acquisition|shelf[- ]life|import\w*|shipments?|user\sfees?"
    r"|batch(?:es)?(?!\sof\s(?:\w+\s)?(?:drugs|medicines|products|therapies|treatments))"
    r"|warning\sletters?|untitled\sletters?|import\salert|expanded\saccess|compassionate|manufactur\w+\s(?:site|plant|facilit\w+"
    r"|change)s?|plants?|factor(?:y|ies)|facilit(?:y|ies)"
    r"|dividend|budget|plan\sto|copies|copycat|generics?\b|first\sgeneric|abbreviated\snew\sdrug|ANDAs?|price|pricing)\b"
)
_DEVICE = lazy(
    r"\b(?:tests?|assays?|diagnostics?|devices?|CDx|kits?|systems?|scanners?|software|platforms?|implants?|catheters?"
    r"|sites?|coverage|reimbursement|facility|protocols?|algorithms?|machines?|analy[sz]ers?|pumps?|lens(?:es)?"
    r"|stents?|panels?|apps?)\b",
    re.IGNORECASE,
)
_TRIAL_NEXT = lazy(
    r"\s(?:(?:the|an?|its|start\sof|first|new|human)\s){0,4}(?:phase\s\S{1,5}|clinical|pivotal|human)\s(?:clinical\s)?(?:trial|stud(?:y"
    r"|ies)|testing)"
)
_ADJECTIVE_BEFORE = lazy(r"(?:\b(?:an|any|other|only|few|several|all|many|newly|recently|each|every|non|with|of|to)\s)$")
_COUNTED_PLACES = lazy(
    r"\s(?:for\suse\s)?in\s(?:more\sthan\s|over\s|about\s|some\s|nearly\s|at\sleast\s|almost\s)?(?:\d+|several|many|other|all|most"
    r"|multiple|numerous|dozens\sof|any)\s"
    r"(?:\w+\s){0,2}(?:countries|markets|nations|jurisdictions|territories)"
)
_IN_GENERAL = lazy(
    r"\b(?:medicines|drugs|products|therapies|treatments|agents|options)\s(?:that|which)\s(?:are|were|have\sbeen|had\sbeen)\s(?:\w+\s){0,2}$"
    r"|\bindications?\s(?:already\s|currently\s|previously\s)?$|\b(?:revers|overturn)(?:es|ed|ing|s)\s(?:\w+\s){0,3}$"
)
"""What makes it one of many acts, or one that is undone."""
_CONVERTED = lazy(r"\b(?:convert\w*|transition\w*|upgrad\w+|replac\w+)\s(?:[\w’']+\s){0,4}$", re.IGNORECASE)
_CONVERTED_AFTER = lazy(r"[^.;,]{0,140}\s(?:was|has\sbeen|is|were)\s(?:\w+\s)?(?:converted|replaced|upgraded)\b")
"""What an accelerated approval is where it becomes a regular one: the object of the act."""
_DATED_NEXT = lazy(
    r"\s(?:(?:that|which)\s(?:was|had\sbeen)\s)?(?:given|granted|issued|received|awarded|won|secured|obtained|from|of|in)\s[^.;,]{0,30}\b(?:19|20)\d\d\b"
)
"""What makes it an act of its own: "converting an accelerated approval given in May 2024"."""
_STILL_TO_COME = lazy(
    r"[^.;,]{0,100}\s(?:could|may|might|would|is\sexpected\sto|is\slikely\sto)\s(?:come|be|arrive|follow|take|make|give|open|bring)\b"
)
_WOULD_BE = lazy(r"\b(?:would|could|may|might|will)\s(?:be|become)\s(?:the\s|an?\s)?(?:[\w-]+\s){0,6}$")
_CLAIM = lazy(
    r"\b(?:claim(?:s|ed|ing)?|rumou?rs?|hoax|fake|false(?:ly)?|fact[- ]check\w*|equally\swrong|untrue|satire|spoof)\b", re.IGNORECASE
)
"""What makes a sentence tell of an act that others made up."""
_HYPHEN_BEFORE = lazy(r"[-‐‑]$")
_FREE = ("under-review", "submitted", "withdrawn")
"""Statuses whose wordings hold their own auxiliaries."""
_UNDONE = lazy(
    r"\b(?:not|never|no|without|if|could|may|might|would|should|can|cannot|whether|before|until|plan\w*\sto|intend\w*\sto|expect\w*"
    r"|aim\w*\sto|hop\w+\sto|will"
    r"|to\sbe|ready\sto|able\sto|set\sto|due\sto\sbe|want\w*\sto|prepar\w+)\s(?:\w+\s){0,3}$|\bnone\s(?:of\s(?:\w+\s){1,3})?(?:has|have|is|are)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_SAID_IT_WOULD = lazy(r"\b(?:said|announced|confirmed|disclosed)\b[^.;]{0,30}\b(?:it|they)\swould\s(?:\w+\s){0,2}$")
_WILL_WITHDRAW = lazy(r"\b(?:could|may|might|would|can|should|not|never|if)\s(?:\w+\s){0,2}$", re.IGNORECASE)


@dataclass(frozen=True)
class Act:
    """One act worded at one place; `given` tells of a noun that somebody gave or got."""

    status: Status
    span: Span
    form: Form = "deed"
    designation: str | None = None
    weak: bool = False
    given: bool = True


def acts(text: str, start: int, end: int) -> list[Act]:
    """The acts worded within [start, end), in order; what is denied, hoped for or done by others is left out."""
    able = [WORDINGS[number] for number in _GATE.able(text, start, end)]
    if not able or _CLAIM.search(text, start, end):
        return []
    found: list[Act] = []
    taken: list[Span] = []
    for wording in able:
        for match in wording.pattern.finditer(text, start, end):
            span = match.start(), match.start() + len(match[0].rstrip())
            if span[0] == span[1] or any(a < span[1] and span[0] < b for a, b in taken):
                continue
            taken.append(span)
            if _real(text, start, end, span, wording):
                found.append(_act(text, start, span, wording, match))
    found.sort(key=lambda act: act.span)
    return [act for i, act in enumerate(found) if not (i and _object_of(text, found[i - 1], act))]


def _act(text: str, start: int, span: Span, wording: Wording, match: re.Match[str]) -> Act:
    given = wording.form != "noun" or bool(
        GIVEN.search(text, max(start, span[0] - CONTEXT), span[0]) or GIVEN_AFTER.match(text, span[1], span[1] + CONTEXT)
    )
    named = match["designation"] if wording.status == "designation" else None
    return Act(wording.status, span, wording.form, named, wording.weak, given)


def _object_of(text: str, before: Act, act: Act) -> bool:
    """Whether, as in "withdrawn approval of", the approval is what the act before it is about."""
    if act.form != "noun" or act.status not in ("approved", "accelerated-approval", "conditional-approval", "recommended"):
        return False
    gap = text[before.span[1] : act.span[0]]
    if before.status in (
        "withdrawn",
        "label-expansion",
        "label-restriction",
        "rejected",
        "submitted",
        "not-recommended",
        "label-update",
        "negative-opinion",
        "positive-opinion",
    ):
        return len(gap) <= 50 and not re.search(r"[,;:]|(?<![A-Z])\.|\b(?:and|but|which|after|following|not)\b", gap)
    return len(gap) <= 12 and before.status == act.status and not re.search(r"[,;.:]|\band\b", gap)


def _real(text: str, start: int, end: int, span: Span, wording: Wording) -> bool:
    """Whether the act happened, and is one on a medicine."""
    before = text[max(start, span[0] - CONTEXT) : span[0]]
    word = text[span[0] : span[1]].lower()
    if word in ("used", "given", "taken", "administered", "indicated"):
        return True
    if _of_others(text, start, end, span, wording):
        return False
    if _COUNTED_PLACES.match(text, span[1], end):
        return False
    if wording.status == "withdrawn":
        return not _WILL_WITHDRAW.search(before) or _SAID_IT_WOULD.search(before) is not None
    if wording.status in _FREE:
        return not _UNDONE.search(before)
    if wording.form == "noun":
        return _real_noun(text, before, span, wording)
    return _real_deed(text, before, span, wording)


def _real_noun(text: str, before: str, span: Span, wording: Wording) -> bool:
    if (FIRST_TO.search(before) or re.search(r"\b(?:went|goes)\son\sto\s\w+\s(?:\w+\s){0,2}$", before)) and "," not in before[-30:]:
        return True
    if wording.status != "approved" and (_CONVERTED.search(before) or _CONVERTED_AFTER.match(text, span[1], span[1] + 3 * CONTEXT)):
        return _DATED_NEXT.match(text, span[1], span[1] + CONTEXT) is not None
    if wording.status == "approved" and _STILL_TO_COME.match(text, span[1], span[1] + 2 * CONTEXT):
        return False
    return not UNREAL_NOUN.search(before) and not (
        wording.status != "complete-response" and UNREAL_AFTER.match(text, span[1], span[1] + 40)
    )


def _real_deed(text: str, before: str, span: Span, wording: Wording) -> bool:
    if FIRST_TO.search(before):
        return True
    if NOT_YET.search(before) or _WOULD_BE.search(before) or NONE_IS.search(before) or _IN_GENERAL.search(before):
        return False
    if wording.status not in ("approved", "recommended"):
        return True
    if _HYPHEN_BEFORE.search(before):  # "FDA-approved in 2019", not "FDA-approved drugs"
        return bool(re.match(r"\s(?:in|for|to\streat|on|since)\b", text[span[1] : span[1] + 12]))
    return not _ADJECTIVE_BEFORE.search(before)


def _of_others(text: str, start: int, end: int, span: Span, wording: Wording) -> bool:
    """Whether others than regulators did it, or it was done to something else than a medicine."""
    if wording.status in ("approved", "rejected", "advisory-vote", "recommended", "not-recommended", "withdrawn"):
        if _OF_OTHERS.search(text, max(start, span[0] - 60), min(end, span[1] + 40)):
            return True
    if re.search(r"\btentative(?:ly)?\s$", text[max(start, span[0] - 14) : span[0]]):
        return True
    if wording.status == "approved" and _TRIAL_NEXT.match(text, span[1], end):
        return True
    return _OTHER_MATTERS.search(text, max(start, span[0] - 12), min(end, span[1] + 45)) is not None and wording.status in (
        "approved", "rejected", "under-review", "submitted", "withdrawn", "safety-communication", "recommended",
    )  # fmt: skip


def about_device(text: str, start: int, end: int) -> bool:
    """Whether the words between an act and an agent speak of a test or a device."""
    return _DEVICE.search(text, start, end) is not None
