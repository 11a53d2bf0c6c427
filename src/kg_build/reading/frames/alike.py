"""Whether two names may mean the same disease: one's words hold the other's, or one only paraphrases."""

from __future__ import annotations

import re

from kg_build.reading.context import Reading
from kg_build.reading.patterns import lazy

_VAGUE = lazy(
    r"\b(?:rare|common|deadly|aggressive|certain|(?:type|form|kind)s?\sof|blood|bone\smarrow|eye|skin|liver|kidney|heart|brain|lung"
    r"|nerve|muscle|genetic|inherited"
    r"|autoimmune|inflammatory|gut|bowel)\b.*\b(?:cancers?|diseases?|disorders?|conditions?|tumou?rs?)$",
    re.IGNORECASE,
)
_IDLE = frozenset(
    "type types form forms kind a an the of in with or and for to who have has cancer cancers carcinoma carcinomas tumor tumors tumour"
    " tumours "
    " disease diseases treatment adult adults patient patients"
    " locally advanced metastatic unresectable recurrent relapsed refractory"
    " previously treated untreated newly diagnosed early stage line first second certain types positive"
    " negative mild moderate severe very low intermediate high risk".split()
)


class Diseases:
    """The names of diseases of one text, compared by the words that tell them from others."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._words: dict[str, frozenset[str]] = {}

    def alike(self, a: str | None, b: str | None) -> bool:
        """Whether two conditions may be the same disease: one's words hold the other's."""
        if not a or not b or self.vague(a) or self.vague(b):
            return True
        left, right = self.telling(a), self.telling(b)
        return left <= right or right <= left

    def apart(self, a: str | None, b: str | None) -> bool:
        """Whether two conditions are surely different diseases: no word of theirs is the same."""
        return not self.alike(a, b) and self.telling(a or "").isdisjoint(self.telling(b or ""))

    def vague(self, condition: str) -> bool:
        """Whether a disease is only paraphrased: "a rare bone marrow cancer"."""
        return _VAGUE.search(condition) is not None and self.reading.lexicon.conditions.find(condition) is None

    def more_telling(self, a: str, b: str) -> bool:
        """Whether the first names the disease more exactly than the second."""
        return self.vague(b) or self.telling(b) < self.telling(a)

    def telling(self, condition: str) -> frozenset[str]:
        """The words that tell a disease from others, its abbreviation written out."""
        if condition not in self._words:
            whole = re.sub(r"\b[A-Za-z][A-Za-z0-9/-]*\b", lambda m: self._written_out(m[0]), condition)
            words = re.findall(r"[a-z0-9]+", whole.lower())
            self._words[condition] = frozenset(re.sub(r"(?<=[a-z]{3})s$", "", w) for w in words if w not in _IDLE)
        return self._words[condition]

    def _written_out(self, word: str) -> str:
        long = self.reading.names.abbreviations.get(word)
        if long is None and sum(c.isupper() for c in word) > 1:
            entry = self.reading.lexicon.conditions.find(word)
            long = entry.label if entry else None
        return long or word
