"""EMA: the one workbook of all medicines, authorised, refused and withdrawn."""

from __future__ import annotations

from pathlib import Path

from kg_build.errors import FetchError
from kg_build.fetching import files
from kg_build.fetching.asking import Request
from kg_build.fetching.client import Policy
from kg_build.sources import ema, recognise

NAME = ema.NAME
URL = "https://www.ema.europa.eu/en/documents/report/medicines-output-medicines-report_en.xlsx"
POLICY = Policy(per_minute=10, max_bytes=100_000_000)


def request(url: str = URL) -> Request:
    """The workbook of today."""
    return files.request(NAME, url, "medicines.xlsx", _read)


def _read(path: Path) -> None:
    files.whole_zip(path)
    if recognise(path) != NAME:
        raise FetchError("the file is not the table of medicines; give its new address as --url")
