"""The acts of regulators as texts word them: verb or noun -> status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg_build.facts import Status
from kg_build.reading.document import Span

_GRANT = (
    r"(?:grant(?:s|ed|ing)?|receiv(?:es|ed|ing)|gain(?:s|ed)|w[oi]ns?|secur(?:es|ed)|obtain(?:s|ed)|award(?:s|ed)"
    r"|issu(?:es|ed)|given|gives|assigned|under)"
)
_THE = (
    r"(?:(?:a|an|the|its|full|regular|traditional|standard|supplemental|new|marketing|regulatory|conditional|initial"
    r"|first|their|second|additional)\s){0,4}"
)
_FILE = (
    r"(?:applications?|s?NDAs?|s?BLAs?|MAAs?|J?-?NDA|submissions?|dossiers?|filings?|Type\sII\svariations?|variations?"
    r"|New\sDrug\sSubmission|supplement)"
)
_APPLICATION = rf"(?:[\w()/-]{{1,24}}\s){{0,8}}?{_FILE}\b(?:\s\([\w/ -]{{2,12}}\))?"

_ACTS: tuple[tuple[Status, str], ...] = (
    ("complete-response", r"complete\sresponse\sletters?(?:\s\(CRLs?\))?|\bCRLs?\b"),
    ("emergency-authorization", r"emergency\suse\sauthori[sz]ation"),
    (
        "positive-opinion",
        r"positive\s(?:CHMP\s)?opinion|(?:recommend(?:s|ed|ing)|recommendation\s(?:for"
        r"|of))\s(?:that\s)?(?:the\s)?(?:granting\s(?:of\s)?|full\s|conditional\s)?(?:an?\s)?(?:approval"
        r"|marketing\sauthori[sz]ation|extension)",
    ),
    ("negative-opinion", r"negative\s(?:CHMP\s)?opinion|recommend(?:s|ed|ing)\s(?:the\s)?(?:refusal|against)"),
    (
        "rejected",
        r"\brefus(?:ed|es|al\sof)\b(?:\s(?:to\s(?:approve|authori[sz]e|grant)|(?:a\s"
        r"|the\s)?(?:change\sto\sthe\s)?marketing\sauthori[sz]ation(?:\sfor)?))?|\brejected\b|\bdeclined\sto\sapprove\b"
        r"|\bdid\snot\sapprove\b",
    ),
    ("withdrawn", r"\bwithdr(?:awn|ew|awal\sof|aws|awing|aw)\b|\brevok(?:ed|es|ing)\b|\brevocation\sof\b"),
    (
        "designation",
        r"(?P<designation>breakthrough\stherap(?:y|ies)|breakthrough|fast[- ]track|orphan(?:[\s-](?:drug"
        r"|medicinal\sproduct))?|regenerative\smedicine\sadvanced\stherapy(?:\s\(RMAT\))?|RMAT"
        r"|PRIME|priority\smedicines?(?:\s\(PRIME\))?|sakigake|rare\spediatric\sdisease|innovation\spassport"
        r"|qualified\sinfectious\sdisease\sproduct)(?:\s\([A-Z]{2,5}\))?\s(?:designations?|status)(?:\s\([A-Z]{2,5}\))?",
    ),
    ("accelerated-approval", rf"(?:{_GRANT}\s{_THE}|under\s(?:the\s)?|via\s(?:the\s)?)?accelerated\sapproval(?:\s(?:pathway|program))?"),
    (
        "conditional-approval",
        rf"(?:{_GRANT}\s{_THE}|under\s(?:an?\s)?)?conditional\s(?:marketing\s)?(?:authori[sz]ations?|approval)"
        rf"|conditionally\sapprov(?:ed|es)|notice\sof\scompliance\swith\sconditions(?:\s\([\w/]+\))?"
        r"|provisional(?:ly)?\s(?:approv(?:al|ed)|registration|determination)",
    ),
    ("priority-review", r"priority\sreview"),
    (
        "under-review",
        rf"(?:(?:is|are|remains?|currently|also|now)\s){{0,3}}under\s(?:regulatory\s|active\s|priority\s)?(?:review"
        rf"|evaluation)|\b(?:is|are)\s(?:currently\s)?reviewing\b"
        rf"|\baccept(?:s|ed|ance\sof)\s(?:for\s(?:review|filing)\s)?{_APPLICATION}|\bvalidat(?:ed|es"
        rf"|ion\sof)\s{_APPLICATION}|\baccepted\sfor\s(?:review|filing)|{_FILE}\s(?:is|are|was|were|has\sbeen)\s(?:accepted"
        rf"|validated)",
    ),
    (
        "submitted",
        rf"\b(?:submit(?:ted|s)|filed|files)\s{_APPLICATION}|\bsubmission\sof\s{_APPLICATION}|{_FILE}\s(?:has|have|was"
        rf"|were)\s(?:been\s)?(?:submitted|filed)\b|\bsubmitted\sto\b",
    ),
    (
        "label-expansion",
        r"\bexpand(?:ed|s|ing)\s(?:the\s)?(?:\w+\s){0,3}?(?:approval|indications?|label|use|authori[sz]ation)\b"
        r"|\blabel\sexpansion|\bexpanded\s(?:approval|indication|label)",
    ),
    ("advisory-vote", r"(?:advisory\scommittee|ODAC)[^.;]{0,60}\bvoted\b|\bvoted\s(?:\d{1,2}[\s-]|unanimously|in\sfavor|against)"),
    ("label-restriction", r"\brestrict(?:ed|s|ion\sof|ing)\s(?:the\s)?(?:indications?|use|label)"),
    ("label-update", r"\bupdat(?:ed|es|e\sto)\s(?:the\s)?(?:\w+\s){0,2}?(?:label(?:ing)?|prescribing\sinformation|package\sinsert)"),
    ("not-recommended", r"\b(?:does\snot\srecommend|not\srecommended|cannot\srecommend)\b"),
    ("recommended", r"\brecommend(?:ed|s)\b(?!\s(?:dos(?:es?|ing|ages?)\b|start|phase|monitor|by\sthe\smanufacturer))"),
    (
        "approved",
        rf"\bapprov(?:ed|es)\b(?!\s(?:therap(?:y|ies)\b|drugs?\b|treatments?\b|indications?\b|dos(?:es?|ing|ages?)\b"
        rf"|agents?\b|label\w*\b|tests?\b|products?\b|options?\b|medicines?\b|use\b|by\s(?:an?|the)\s(?:institution|ethic"
        rf"|review)))"
        rf"|{_GRANT}\s{_THE}(?:approvals?|authori[sz]ations?|clearance|licen[cs]e|notice\sof\scompliance(?:\s\(NOC\))?)\b"
        rf"|\b(?:authori[sz]e[ds]|licen[cs]e[ds]|greenlights?|greenlit|green-lit|clears|cleared)\b"
        rf"|\bapprovals?\s(?:of|to|for)\b|\bauthori[sz]ation\sof\b|\b(?:marketing\sauthori[sz]ation|approval)\s(?:was"
        rf"|has\sbeen|were)\s(?:also\s)?granted\b|\b(?:traditional|full|regular)\sapproval\b"
        r"|(?<=\bmay\sbe\s)used\b(?=\sin\scombination|\sfor\s|\sin\s)|(?<=\bmay\snow\sbe\s)used\b(?=\sin\scombination"
        r"|\sfor\s|\sin\s)|(?<=\bto\sbe\s)(?:given|used)\b(?=\swith\s|\sin\scombination)"
        r"|(?<=\bis\s)indicated\b(?=\sin\scombination|\sfor|\sin\s|\sas)",
    ),
)
_PATTERNS = tuple((status, re.compile(pattern, re.IGNORECASE if status not in ("designation",) else 0)) for status, pattern in _ACTS)
_DESIGNATION = re.compile(next(p for s, p in _ACTS if s == "designation"), re.IGNORECASE)

_NOT_YET = re.compile(
    r"(?:\b(?:not\s(?:yet\s)?(?:been\s)?|never\s|no\s|without\s|if\s|could\s(?:be\s)?|may\s(?:be\s)?|might\s(?:be\s)?"
    r"|would\s(?:be\s)?|will\s(?:be\s)?|should\s(?:be\s)?|to\s(?:be\s|seek\s|support\s|gain\s|obtain\s|receive\s"
    r"|secure\s)?|seek\w*\s|potential\s|possible\s"
    r"|expect\w*\s|await\w*\s|predict\w*\s|urg\w+\s(?:for\s)?|application\sfor\s|once\s|unless\s|until\s|pending\s"
    r"|before\s|whether\s|awaiting\s|anticipat\w+\s|support(?:ing|s)?\s"
    r"|toward\s|hop\w+\s(?:for|to)\s|plans?\sto\s|intends?\sto\s|path\sto\s|can\s(?:be\s)?|be\s)"
    r"(?:the\s|an?\s|its\s|be\s|for\s|regulatory\s|full\s|first\s|FDA\s|potential\s|fully\s|also\s|been\s|subsequently\s){0,3})$",
    re.IGNORECASE,
)
_ADJECTIVE_BEFORE = re.compile(r"(?:[-‐‑]|\b(?:an|any|other|only|currently|few|several|all|many|newly|recently)\s)$")
_DEVICE = re.compile(
    r"\b(?:tests?|assays?|diagnostics?|devices?|CDx|kits?|systems?|scanners?|software|platforms?|implants?|catheters?"
    r"|vaccines?|biosimilars?|sites?|manufactur\w+|coverage|reimbursement|generics?|facility|facilities|plants?|protocols?|algorithms?)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:shareholders?|stockholders?|board|formulary|hospitals?|editors?|journal|CMS|council|ethics\scommittees?"
    r"|institutional\sreview\sboards?|IRB|directors|payers?"
    r"|insurers?|medicaid|congress|senate)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Act:
    """One act worded at one place."""

    status: Status
    span: Span
    designation: str | None = None


def acts(text: str, start: int, end: int) -> Iterator[Act]:
    """The acts worded within [start, end), in order; what is denied, hoped for or done by others is left out."""
    found: list[Act] = []
    for status, pattern in _PATTERNS:
        for match in (_DESIGNATION if status == "designation" else pattern).finditer(text, start, end):
            if any(match.start() < act.span[1] and act.span[0] < match.end() for act in found):
                continue
            if _real(text, start, end, match, status):
                found.append(Act(status, match.span(), match["designation"] if status == "designation" else None))
    found.sort(key=lambda act: act.span)
    return (act for i, act in enumerate(found) if not (i and _object_of(text, found[i - 1], act)))


def _object_of(text: str, before: Act, act: Act) -> bool:
    """Whether, as in "withdrawn approval of", the approval is what the act before it is about."""
    noun = re.match(r"approval|authori[sz]ation\s", text[act.span[0] : act.span[1]], re.IGNORECASE)
    return noun is not None and act.span[0] - before.span[1] <= 12


def _real(text: str, start: int, end: int, match: re.Match[str], status: str) -> bool:
    before = text[max(start, match.start() - 40) : match.start()]
    if status == "approved" and match[0].lower() in ("used", "given", "indicated"):
        return True
    if _NOT_YET.search(before) and status not in ("under-review", "submitted", "withdrawn"):
        return False
    if status == "approved" and (
        _ADJECTIVE_BEFORE.search(before) or _OF_OTHERS.search(text, max(start, match.start() - 60), min(end, match.end() + 40))
    ):
        return False
    if status == "approved" and match[0].lower() in (
        "authorized",
        "authorised",
        "authorizes",
        "authorises",
        "licensed",
        "licenced",
        "licenses",
        "cleared",
        "clears",
    ):
        return bool(re.match(r"\s(?:the\s|for\s|in\s|[a-z]{4,}|[A-Z])", text[match.end() : match.end() + 12]))
    return True


def about_device(text: str, start: int, end: int) -> bool:
    """Whether the words between an act and an agent speak of a test or a device."""
    return _DEVICE.search(text, start, end) is not None
