"""Word files (.docx): paragraphs one a line, tables as rows between bars."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from kg_build.sources.texts import NotTextError

INSIDE = "word/document.xml"
"""The member by which the zip is known."""
NEEDS = "reading Word files needs the extra: pip install 'kg-build[docs]'"


def read_word(data: bytes) -> str:
    """Text of a Word file.

    Errors: NotTextError for damaged files, and where the extra is not installed.
    """
    try:
        import docx
    except ImportError:
        raise NotTextError(NEEDS) from None
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:  # whatever a damaged package makes the library trip over
        raise NotTextError(f"damaged Word file ({type(error).__name__})") from None
    lines = [line for block in document.iter_inner_content() for line in _block(block)]
    return "".join(f"{line}\n" for line in lines)


def _block(block: Any) -> Iterator[str]:
    """A paragraph's own lines, or a table's rows."""
    if hasattr(block, "rows"):
        for row in block.rows:
            yield "| " + " | ".join(" ".join(cell.text.split()) for cell in row.cells) + " |"
    else:
        yield from (" ".join(line.split()) for line in block.text.split("\n") if line.strip())
