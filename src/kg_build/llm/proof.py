"""A model's answer -> facts: a slot counts only when its quote stands in the text and reading the quote again gives the same value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from kg_build.facts import KINDS, Arm, Evidence, Fact
from kg_build.lexicon import Lexicon
from kg_build.llm.endpoint import ModelError
from kg_build.llm.prompt import SLOTS
from kg_build.reading import Facts
from kg_build.reading.context import Reading
from kg_build.reading.dates import dates
from kg_build.reading.frames.acts import acts
from kg_build.reading.quantities import lex_quantities
from kg_build.terms import fold

CONFIDENCE = 0.7
"""Of what only a model read: proven slot by slot, yet put together by the model."""

Json = dict[str, Any]

NEEDED = {
    "decisions": ("status", "regimen"),
    "agents": ("name",),
    "trials": ("name",),
    "results": ("trial", "endpoint", "statistic", "value"),
    "adverse_events": ("event", "percent"),
    "recommendations": ("body", "regimen"),
    "dosing": ("agent", "dose"),
}
"""Without these slots proven there is no fact."""

SAME = {
    "decisions": ("regulator", "status", "regimen", "condition"),
    "agents": ("name",),
    "trials": ("name",),
    "results": ("trial", "endpoint", "statistic", "arm", "comparison", "value"),
    "adverse_events": ("trial", "event", "arm", "percent"),
    "recommendations": ("body", "regimen", "category"),
    "dosing": ("agent", "dose", "arm"),
}
"""Slots by which a fact of the model is one that the rules have read."""

_NUMBER = re.compile(r"\d[\d,]*(?:[.·]\d+)?|[.·]\d+")
_NUMBERS = {"value", "percent", "count", "n", "enrollment", "median_follow_up_months", "ci_level", "prior_lines_min"}
_PAIRS = {"ci"}
_COUNTED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def parsed(answer: str) -> Json:
    """The JSON object of an answer, whatever fence stands around it.

    Errors: ModelError where there is none.
    """
    start, end = answer.find("{"), answer.rfind("}")
    try:
        found = json.loads(answer[start : end + 1])
    except (ValueError, RecursionError):
        raise ModelError(f"the model's answer is no JSON: {' '.join(answer.split())[:80]}") from None
    if not isinstance(found, dict):
        raise ModelError("the model's answer is no JSON object")
    return found


def proven(answer: str, text: str, facts: Facts, lexicon: Lexicon) -> tuple[dict[str, list[Fact]], int]:
    """Facts of a model's answer that hold and that the rules have not read, and how many slots were refused."""
    proof = _Proof(text, facts, lexicon)
    told = parsed(answer)
    for kind in ("trials", *(kind for kind in SLOTS if kind != "trials")):
        rows = told.get(kind)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                proof.add(kind, row)
    return proof.added, proof.refused


class _Proof:
    """What is believed so far of one answer."""

    def __init__(self, text: str, facts: Facts, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon
        self.added: dict[str, list[Fact]] = {kind: [] for kind in SLOTS}
        self.refused = 0
        self.known = {kind: {_identity(kind, fact) for fact in getattr(facts, kind)} for kind in SLOTS}
        self.trials = {_squeezed(trial.name): trial for trial in facts.trials}
        self.arms: dict[tuple[str, str], str] = {}  # (trial, the model's arm id) -> ours

    def add(self, kind: str, row: Json) -> None:
        """Believe one fact, as far as it is proven."""
        evidence: list[Evidence] = []
        names = [slot.removesuffix("[]") for slot in SLOTS[kind]]
        slots = {slot: value for slot in names if (value := self._slot(slot, row.get(slot), evidence)) not in (None, ())}
        slots |= self._placed(slots, row)
        if kind == "results":
            slots["unit"] = self._unit(evidence)
        if kind == "trials":
            slots["arms"] = self._own_arms(str(slots.get("name", "")), row.get("arms"))
        if any(slot not in slots for slot in NEEDED[kind]):
            return
        try:
            fact = msgspec.convert({**slots, "evidence": evidence, "confidence": CONFIDENCE}, KINDS[kind])
        except msgspec.ValidationError:
            self.refused += 1
            return
        if _identity(kind, fact) not in self.known[kind]:
            self.known[kind].add(_identity(kind, fact))
            self.added[kind].append(fact)

    # ---- slots ---------------------------------------------------------------------------------------------------------------

    def _slot(self, slot: str, told: Any, evidence: list[Evidence]) -> Any:
        if isinstance(told, list):
            return tuple(value for one in told if (value := self._slot(slot, one, evidence)) is not None)
        if not isinstance(told, dict) or told.get("value") in (None, ""):
            return None
        span = self._found(str(told.get("quote") or ""))
        value = self._reread(slot, told["value"], span) if span else None
        if value is None or span is None:
            self.refused += 1
            return None
        evidence.append(Evidence(slot=slot, quote=self.text[span[0] : span[1]], start=span[0], end=span[1]))
        return value

    def _found(self, quote: str) -> tuple[int, int] | None:
        """Where a quote stands in the text; blanks may differ."""
        words = quote.split()
        if not words or len(words) > 120:
            return None
        match = re.search(r"\s+".join(map(re.escape, words)), self.text)
        return match.span() if match else None

    def _reread(self, slot: str, value: Any, span: tuple[int, int]) -> Any:
        """The value as our own reading of the quote gives it, None where it does not."""
        quote = self.text[span[0] : span[1]]
        if slot in _NUMBERS:
            return value if _number(value) in set(_numbers(quote)) or (value in ("NR", "NE") and value in _missing(quote)) else None
        if slot in _PAIRS:
            bounds = [b for b in value if _number(b) in set(_numbers(quote)) or b in _missing(quote)] if isinstance(value, list) else []
            return tuple(bounds) if len(bounds) == 2 else None
        checks: dict[str, Callable[[], bool]] = {
            "status": lambda: value in {act.status for act in acts(self.text, *span)},
            "date": lambda: value in {date.iso for date in dates(self.text, *span)},
            "action_date": lambda: value in {date.iso for date in dates(self.text, *span)},
            "statistic": lambda: value in self._statistics(span),
            "p": lambda: _p_digits(str(value)) in {_p_digits(q.p.text) for q in lex_quantities(self.text, *span) if q.p},
        }
        if slot in checks:
            return value if checks[slot]() else None
        return str(value) if self._says(quote, str(value)) else None

    def _statistics(self, span: tuple[int, int]) -> set[str]:
        """What kinds of figure the sentence of a quote prints."""
        kinds = {"time": "median", "missing": "median", "percent": "rate", "p": "p-value"}
        around = lex_quantities(self.text, max(0, span[0] - 100), min(len(self.text), span[1] + 100))
        return {q.label or kinds.get(q.kind, q.kind) for q in around}

    def _says(self, quote: str, value: str) -> bool:
        """Whether a quote holds a name, or a name that our tables know for the same."""
        if fold(value) in fold(quote):
            return True
        found = Reading(quote, self.lexicon)
        named = {mention.name for kind in ("agent", "regulator", "body", "jurisdiction") for mention in found.mentions.all(kind)}
        return value in named | {mention.name for mention in found.endpoints.all("endpoint")}

    # ---- trials and arms -----------------------------------------------------------------------------------------------------

    def _own_arms(self, trial: str, told: Any) -> tuple[Arm, ...]:
        """The arms of a trial whose regimens are proven; those of a trial the rules have read are matched to its arms."""
        arms: list[Arm] = []
        known = self.trials.get(_squeezed(trial))
        for one in told if isinstance(told, list) else ():
            evidence: list[Evidence] = []
            regimen = self._slot("regimen", one.get("regimen"), evidence) if isinstance(one, dict) else None
            if not regimen:
                continue
            same = next((arm.id for arm in known.arms if set(arm.regimen) == set(regimen)), None) if known else f"A{len(arms) + 1}"
            if same is not None:
                self.arms[_squeezed(trial), str(one.get("id"))] = same
                arms.append(Arm(id=same, regimen=regimen, n=self._slot("n", one.get("n"), evidence), evidence=tuple(evidence)))
        return tuple(arms)

    def _unit(self, evidence: list[Evidence]) -> str | None:
        """The unit that is printed with the value."""
        spans = [(e.start or 0, e.end or 0) for e in evidence if e.slot == "value"]
        start, end = spans[0] if spans else (0, 0)
        around = lex_quantities(self.text, max(0, start - 60), min(len(self.text), end + 60))
        return next((q.unit or "months" for q in around if q.span[0] < end and start < q.span[1] and q.kind != "p"), None)

    def _placed(self, slots: Json, row: Json) -> Json:
        """The arms a row speaks of, as ours; a row on an arm that is not proven is left without."""
        trial = _squeezed(str(slots.get("trial", "")))
        found: Json = {}
        if arm := self.arms.get((trial, _plain(row.get("arm")))):
            found["arm"] = arm
        pair = row.get("comparison")
        pair = [self.arms.get((trial, _plain(one))) for one in pair] if isinstance(pair, list) else []
        if len(pair) == 2 and all(pair):
            found["comparison"] = tuple(pair)
        return found


def _plain(told: Any) -> str:
    return str(told.get("value") if isinstance(told, dict) else told)


def _identity(kind: str, fact: Fact) -> tuple[str, ...]:
    values = (getattr(fact, slot) for slot in SAME[kind])
    return tuple(" ".join(sorted(map(fold, v))) if isinstance(v, tuple) else _squeezed(str(v)) for v in values)


def _squeezed(name: str) -> str:
    return re.sub(r"[\s\-]", "", fold(name))


def _number(value: Any) -> float | None:
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return None


def _numbers(quote: str) -> Iterator[float]:
    yield from (float(m[0].replace(",", "").replace("·", ".")) for m in _NUMBER.finditer(quote))
    yield from (float(n) for word, n in _COUNTED.items() if re.search(rf"\b{word}\b", quote, re.IGNORECASE))


def _missing(quote: str) -> set[str]:
    return {str(q.value) for q in lex_quantities(quote) if q.kind == "missing"} | set(re.findall(r"\bN[RE]\b", quote))


def _p_digits(text: str) -> str:
    return re.sub(r"[\s0=]*(?=\.)|[^\d.<>]", "", text)
