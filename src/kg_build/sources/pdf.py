"""PDF files: the text of their pages in reading order, as flowing paragraphs, and where each page begins in it.

PDFium gives the characters and undoes ligatures; here lines are put in the order of columns, running heads and page numbers are
left out, lines are joined to paragraphs and words broken at a line's end are made whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from kg_build.sources.texts import NotTextError

if TYPE_CHECKING:
    import pypdfium2 as pdfium

MAGIC = b"%PDF-"
MAX_PAGES = 500
NEEDS = "reading PDFs needs the extra: pip install 'kg-build[docs]'"

_MARGIN = 0.09
"""Share of a page's height, at its top and foot, in which running heads and page numbers stand."""
_PITCH = 1.45
"""Lines further apart than so many times the usual distance are two paragraphs."""
_SIZE = 1.12
"""Lines whose heights differ by more than this ratio are heading and text."""
_GAP = 0.02
"""Share of a page's width that no blank within a column has."""
_FEW = 4
_CUT = "\ufffe"
"""What PDFium puts for the hyphen of a word broken at a line's end, the line break swallowed."""
_ENDS = re.compile(r"[.!?:;][\"'”’)\]]?$")
_BULLET = re.compile(r"[•▪◦●‣■*–—-]\s|\(?\d{1,2}[.)]\s")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " ", "\u2002": " "})
_BROKEN = re.compile(r"([A-Za-zÀ-ÿ]{2,})[-\u2010\u00ad]$")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:-[A-Za-zÀ-ÿ]+)*")


@dataclass(frozen=True)
class Line:
    """One printed line: its words and its box in points, y upwards."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    page: int

    @property
    def height(self) -> float:
        """From the lowest to the highest ink."""
        return self.top - self.bottom


def read_pdf(data: bytes) -> tuple[str, tuple[int, ...]]:
    """Text of a PDF and the position at which each of its pages begins.

    Errors: NotTextError for damaged, encrypted, scanned or too long files, and where the extra is not installed.
    """
    lines, pages = _lines(data)
    if not lines:
        raise NotTextError("no text in its pages: a scan; run text recognition (OCR) first")
    return _flowing(_without_furniture(lines), pages)


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        import pypdfium2 as pdfium
    except ImportError:
        raise NotTextError(NEEDS) from None
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        encrypted = "password" in str(error).lower()
        raise NotTextError("encrypted PDF; save it without a password" if encrypted else f"damaged PDF ({error})") from None


def _lines(data: bytes) -> tuple[list[Line], int]:
    """Lines of all pages in reading order, and the number of pages."""
    document = _open(data)
    try:
        if len(document) > MAX_PAGES:
            raise NotTextError(f"{len(document)} pages; split PDFs of more than {MAX_PAGES}")
        return [line for number in range(len(document)) for line in _in_columns(_page_lines(document, number))], len(document)
    finally:
        document.close()


def _page_lines(document: pdfium.PdfDocument, number: int) -> list[Line]:
    """The lines of a page in the order of the file; boxes as shares of the page's height and width."""
    page = document[number]
    chars = page.get_textpage()
    width, height = page.get_size()
    text, at = chars.get_text_range(), 0
    whole: list[Line] = []
    pieces: list[Line] = []
    for part in re.split(r"(\r?\n|(?<=\ufffe))", text):
        inked = [(i, chars.get_charbox(at + i, loose=True)) for i, char in enumerate(part) if not char.isspace()] if part.strip() else []
        boxes = [(i, (b[0] / width, b[1] / height, b[2] / width, b[3] / height)) for i, b in inked]
        if boxes:
            whole.append(_line(part, boxes, number))
            pieces += [_line(part, run, number) for run in _runs(boxes)]
        at += len(part)
    chars.close()
    page.close()
    return pieces if len(pieces) > len(whole) and _gutter(pieces) is not None and _gutter(whole) is None else whole


Box = tuple[float, float, float, float]  # left, bottom, right, top


def _line(part: str, boxes: Sequence[tuple[int, Box]], page: int) -> Line:
    words = part[boxes[0][0] : boxes[-1][0] + 1].replace(_CUT, "-").translate(_LIGATURES)
    lefts, bottoms, rights, tops = zip(*(box for _, box in boxes), strict=True)
    return Line(" ".join(words.split()), min(lefts), min(bottoms), max(rights), max(tops), page)


def _runs(boxes: Sequence[tuple[int, Box]]) -> Iterator[list[tuple[int, Box]]]:
    """The stretches of a printed line between wide gaps."""
    run = [boxes[0]]
    for before, now in pairwise(boxes):
        if now[1][0] - before[1][2] > _GAP:
            yield run
            run = []
        run.append(now)
    yield run


# ---- columns ---------------------------------------------------------------------------------------------------------------------


def _in_columns(lines: list[Line]) -> list[Line]:
    """The lines of a page, a left column before a right one where the file tells them row by row."""
    gutter = _gutter(lines)
    if gutter is None:
        return lines
    sides = [_side(line, gutter) for line in lines]
    if sum(a * b < 0 for a, b in pairwise(side for side in sides if side)) <= 2 + sides.count(0):
        return lines  # told column by column already
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.top):
        if _side(line, gutter) == 0:
            ordered += [*_band(band, gutter), line]
            band = []
        else:
            band.append(line)
    return [*ordered, *_band(band, gutter)]


def _band(lines: list[Line], gutter: float) -> list[Line]:
    return sorted(lines, key=lambda line: (_side(line, gutter), -line.top))


def _side(line: Line, gutter: float) -> int:
    """-1 left of the gutter, 1 right of it, 0 across."""
    return -1 if line.right <= gutter else 1 if line.left >= gutter else 0


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where a white strip parts the page in two columns of several lines each, the fewest lines across it."""
    found = []
    for share in range(30, 71):
        sides = Counter(_side(line, share / 100) for line in lines)
        if min(sides[-1], sides[1]) >= _FEW and sides[0] <= 0.2 * len(lines):
            found.append((sides[0], abs(share - 50), share / 100))
    return min(found)[2] if found else None


# ---- furniture -------------------------------------------------------------------------------------------------------------------


def _without_furniture(lines: list[Line]) -> list[Line]:
    """Without page numbers, and lines that stand at the top or foot of half of the pages and more."""
    edges = {(_shape(line), line.page) for line in lines if _at_edge(line)}
    repeated = Counter(shape for shape, _ in edges)
    often = max(2, (lines[-1].page + 1) // 2)
    return [line for line in lines if not (_at_edge(line) and (_PAGE_NUMBER.fullmatch(line.text) or repeated[_shape(line)] >= often))]


def _at_edge(line: Line) -> bool:
    return line.bottom > 1 - _MARGIN or line.top < _MARGIN


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


# ---- paragraphs ------------------------------------------------------------------------------------------------------------------


def _flowing(lines: Sequence[Line], pages: int) -> tuple[str, tuple[int, ...]]:
    """Paragraphs, one a line, and the position at which each page begins."""
    words = _vocabulary(lines)
    usual = _usual_pitch(lines)
    text = ""
    starts = [0]
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None:
            text = text.rstrip() + "\n" if _parts(before, line, usual) else _joined(text, line.text, words)
        while len(starts) <= line.page:
            starts.append(len(text))
        text += line.text
    starts += [len(text)] * (pages - len(starts))
    return text + "\n", tuple(starts)


def _usual_pitch(lines: Sequence[Line]) -> float:
    gaps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.page == b.page and 0 < a.bottom - b.bottom < 0.1]
    return median(gaps) if gaps else 0.0


def _parts(before: Line, line: Line, usual: float) -> bool:
    """Whether a new paragraph begins with the line."""
    if _BULLET.match(line.text) or max(before.height, line.height) > _SIZE * min(before.height, line.height) > 0:
        return True
    drop = before.bottom - line.bottom
    if before.page == line.page and 0 < drop:
        apart = drop > max(_PITCH * usual, 1.3 * line.height)
        return apart or (_ENDS.search(before.text) is not None and line.left > before.left + 0.015)
    return bool(_ENDS.search(before.text)) and not line.text[:1].islower()  # a new column or page


def _vocabulary(lines: Iterable[Line]) -> set[str]:
    """Words that stand unbroken somewhere in the text, with and without their own hyphens."""
    return {word.lower() for line in lines for word in _unbroken(line.text)}


def _unbroken(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        if match.end() < len(text) - 1 or text[-1:].isalpha():
            yield match[0]
            yield from match[0].split("-")


def _joined(text: str, following: str, words: set[str]) -> str:
    """The text so far, ready for the next line: with a blank, or with a word broken at the line's end made whole."""
    broken = _BROKEN.search(text[-60:])
    after = _WORD.match(following)
    if not broken or not after or not following[:1].islower():
        return text if text.endswith(("-", "–", "/")) and broken is None else text + " "
    left, right = broken[1].lower(), after[0].lower()
    hyphened = f"{left}-{right}" in words or (left + right not in words and {left, right.split("-")[0]} <= words)
    return text[:-1] + "-" if hyphened and text[-1] in "-\u2010" else text[:-1]
