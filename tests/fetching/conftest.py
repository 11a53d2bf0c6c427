"""What the fetching tests share: the registries on a loopback server, and a client that does not wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from invented import APPLICATIONS, NOON, PAGE, PAGE_SIZE, QUICK, STUDIES, workbook
from registry import Registry
from replay import Replay, file, openfda

from kg_build.fetching import ctgov
from kg_build.fetching import openfda as fda
from kg_build.fetching.client import Client


@pytest.fixture
def replay() -> Iterator[Replay]:
    """The server, with all sources."""
    server = Replay()
    server.routes = {
        "/api/v2": Registry(STUDIES).answer,
        "/drug/drugsfda.json": openfda(APPLICATIONS),
        "/medicines.xlsx": file(workbook(), "application/vnd.openxmlformats"),
        "/news/": file(PAGE, "text/html"),
    }
    server.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """A client that tries six times without waiting between, at one noon."""
    with Client(QUICK, clock=lambda: NOON) as one:
        yield one


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages small enough that invented registries have several."""
    monkeypatch.setattr(ctgov, "PAGE", PAGE_SIZE)
    monkeypatch.setattr(fda, "LIMIT", PAGE_SIZE)
