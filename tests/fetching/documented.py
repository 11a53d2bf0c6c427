"""A small client written from the API's documentation alone: nothing of the project, nothing but the standard library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen


def get(base: str, path: str, **parameters: str) -> tuple[int, str, Any]:
    """Status, content type and content of an answer."""
    try:
        with urlopen(f"{base}{path}?{urlencode(parameters)}", timeout=10) as answer:
            return answer.status, answer.headers.get_content_type(), json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, error.headers.get_content_type(), error.read().decode()


def studies(base: str, size: int, **parameters: str) -> Iterator[dict[str, Any]]:
    """All studies of a search: `pageToken` is the value of `nextPageToken` until a page has none; the total comes with the first page."""
    given = {**{key.replace("_", "."): value for key, value in parameters.items()}, "pageSize": str(size)}
    status, _, page = get(base, "/studies", **given, countTotal="true")
    assert status == 200, page
    total, count = page["totalCount"], 0
    while True:
        assert set(page) <= {"totalCount", "studies", "nextPageToken"}
        count += len(page["studies"])
        yield from page["studies"]
        if "nextPageToken" not in page:
            break
        status, _, page = get(base, "/studies", **given, pageToken=page["nextPageToken"])
        assert status == 200, page
        assert "totalCount" not in page
    assert count == total
