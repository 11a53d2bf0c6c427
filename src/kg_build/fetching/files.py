"""Sources that come as one file: it is fetched when it has changed, and kept only when it is whole and what it should be."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kg_build.errors import FetchError, SourceError
from kg_build.fetching.asking import Ask, Pages, Request, Whole, name_of
from kg_build.retries import BusyError
from kg_build.sources import archives


def request(source: str, url: str, file: str, read: Callable[[Path], object]) -> Request:
    """The one file of a source."""
    return Request(source, name_of(Path(file).stem, url), (url,), partial(_pages, url, file, read), "file")


def _pages(url: str, file: str, read: Callable[[Path], object]) -> Pages:
    yield Ask(url, file, read)
    return Whole(1)


def whole_zip(path: Path) -> None:
    """Judge a zip by its magic, its index and the checksums inside.

    Errors: BusyError when it is cut off, FetchError when it is something else (a page that asks for patience) or a bomb.
    """
    if not archives.is_zip(path):
        raise FetchError("the address answers with something else than the file; look at it in a browser, and give its new one as --url")
    try:
        archives.archive(path)
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    except SourceError as error:
        reason = str(error).removeprefix(f"{path}: ")
        raise (BusyError(reason) if "damaged" in reason else FetchError(reason)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BusyError(f"the file arrived damaged ({error})") from None
    if damaged is not None:
        raise BusyError(f"the file arrived damaged (at {damaged})")
