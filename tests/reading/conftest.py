"""What the reading tests share: the tables, and a reader of short texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg_build.lexicon import Lexicon, load
from kg_build.reading import Facts, extract_facts

Read = Callable[[str], Facts]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load()


@pytest.fixture(scope="session")
def read(lexicon: Lexicon) -> Read:
    return lambda text: extract_facts(text, lexicon)
