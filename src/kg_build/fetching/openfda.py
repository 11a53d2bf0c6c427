"""openFDA: searches of the drug endpoints by skip and limit, or a whole endpoint as its bulk files; all pages must tell one total."""

from __future__ import annotations

from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from kg_build.errors import ContradictionError, FetchError, UsageError
from kg_build.fetching.asking import Ask, Pages, Request, Whole, address, decoded, name_of
from kg_build.fetching.client import Policy, UnansweredError
from kg_build.fetching.files import whole_zip
from kg_build.retries import BusyError

NAME = "openfda"
API = "https://api.fda.gov"
KEY = "KG_OPENFDA_KEY"
"""Environment variable with the user's API key; without one the API answers 1,000 questions a day."""
POLICY = Policy(per_minute=240)
ENDPOINTS = {"drugsfda": "application_number", "label": "id"}
"""Endpoint -> what names a record."""
LIMIT, MOST = 1000, 26_000
"""Records a page, and records that the API can page through."""


def request(endpoint: str, query: str | None = None, *, whole: bool = False, api: str = API) -> Request:
    """A search in openFDA's own syntax (`openfda.generic_name:"imatinib"`), or a whole endpoint.

    Errors: UsageError for another endpoint, or for neither or both of the two.
    """
    if endpoint not in ENDPOINTS:
        raise UsageError(f"no openFDA endpoint named '{endpoint}'; known: {', '.join(ENDPOINTS)}")
    if (query is None) is not whole:
        raise UsageError("give --query, or --all for the whole endpoint, one of the two")
    api = api.rstrip("/")
    if whole:
        first = f"{api}/download.json"
        return Request(NAME, name_of(f"{endpoint} all", first), (first,), partial(partitions, first, endpoint), "record")
    first = address(f"{api}/drug/{endpoint}.json", search=str(query), limit=str(LIMIT), skip="0")
    pages = partial(search, first.removesuffix("0"), ENDPOINTS[endpoint])
    return Request(NAME, name_of(f"{endpoint} {query}", first), (first,), pages, "record")


# ---- a search --------------------------------------------------------------------------------------------------------------------


class _Results(msgspec.Struct):
    total: int
    skip: int = 0


class _Meta(msgspec.Struct):
    results: _Results


class _Page(msgspec.Struct):
    meta: _Meta
    results: list[dict[str, Any]]


_PAGE = msgspec.json.Decoder(_Page)


def search(first: str, key: str) -> Pages:
    """All pages of a search, `first` up to its number of records to skip; the number of records.

    Errors: ContradictionError when the pages do not make up the total, FetchError when there are none or too many.
    """
    seen, total = set[str](), None
    for number in count(1):
        try:
            page = yield Ask(f"{first}{len(seen)}", f"{number:05}.json", partial(decoded, decoder=_PAGE), done=len(seen), total=total)
        except UnansweredError as error:
            if error.status == 404 and number == 1:
                raise FetchError("no record matches; nothing was written") from None
            raise
        total = _agreed(page, total, len(seen))
        expected = min(LIMIT, total - len(seen))
        seen |= _new(page, key, seen)
        if len(page.results) != expected:
            raise ContradictionError(f"page {number} has {len(page.results):,} records, {expected:,} of {total:,} were due")
        if len(seen) == total:
            return Whole(total)
    raise AssertionError  # pragma: no cover  (the numbers do not end)


def _agreed(page: _Page, total: int | None, skip: int) -> int:
    told = page.meta.results
    if told.skip != skip:
        raise ContradictionError(f"the page after {skip:,} records says that it is the one after {told.skip:,}")
    if total is not None and told.total != total:
        raise ContradictionError(f"the total changed from {total:,} to {told.total:,} records on the way")
    if told.total > MOST:
        raise FetchError(f"{told.total:,} records match, openFDA pages through {MOST:,}: narrow the search, or fetch --all")
    return told.total


def _new(page: _Page, key: str, seen: set[str]) -> set[str]:
    names = [str(record.get(key) or msgspec.json.encode(record, order="sorted")) for record in page.results]
    again = next((one for at, one in enumerate(names) if one in seen or one in names[:at]), None)
    if again is not None:
        raise ContradictionError(f"{again[:60]} came twice")
    return set(names)


# ---- a whole endpoint ------------------------------------------------------------------------------------------------------------


class _Partition(msgspec.Struct):
    file: str
    records: int


class _Export(msgspec.Struct):
    partitions: list[_Partition]
    total_records: int


class _Drug(msgspec.Struct):
    drug: dict[str, msgspec.Raw]


class _Download(msgspec.Struct):
    results: _Drug


def partitions(first: str, endpoint: str) -> Pages:
    """The bulk files of an endpoint, as its index lists them; the number of records.

    Errors: ContradictionError when the files do not make up the total.
    """
    export: _Export = yield Ask(first, ".download.json", partial(_export, endpoint=endpoint))
    if sum(part.records for part in export.partitions) != export.total_records:
        raise ContradictionError(f"the files listed do not make up the {export.total_records:,} records that were told")
    done = 0
    for part in export.partitions:
        yield Ask(part.file, part.file.rsplit("/", 1)[-1], whole_zip, done=done, total=export.total_records)
        done += part.records
    return Whole(done)


def _export(path: Path, endpoint: str) -> _Export:
    index: _Download = decoded(path, msgspec.json.Decoder(_Download))
    try:
        return msgspec.json.decode(index.results.drug[endpoint], type=_Export)
    except (KeyError, msgspec.MsgspecError):
        raise BusyError(f"the index of bulk files does not list {endpoint}") from None
