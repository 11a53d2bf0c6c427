"""Drugs@FDA: the one zip of its tables."""

from __future__ import annotations

from pathlib import Path

from kg_build.errors import FetchError
from kg_build.fetching import files
from kg_build.fetching.asking import Request
from kg_build.fetching.client import Policy
from kg_build.sources import drugsfda, recognise

NAME = drugsfda.NAME
URL = "https://www.fda.gov/media/89850/download?attachment"
POLICY = Policy(per_minute=10, max_bytes=500_000_000)


def request(url: str = URL) -> Request:
    """The zip of today."""
    return files.request(NAME, url, "drugsatfda.zip", _read)


def _read(path: Path) -> None:
    files.whole_zip(path)
    if recognise(path) != NAME:
        raise FetchError("the zip does not hold the tables of Drugs@FDA; give its new address as --url")
