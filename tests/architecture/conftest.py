"""An application that needs no database rows."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import House


@pytest.fixture
def sqlite_app(sqlite_house: House) -> Flask:
    return sqlite_house.app
