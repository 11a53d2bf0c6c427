"""What all tests share: the folder of real files beside the checkout, where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real registry files and development texts; they are not part of the project."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"no folder of real files at {SHARED}; set KG_SHARED")
    return SHARED
