"""Doors of exchange: files of lists, long work with its progress, ideas that come in as a file, the record of a result."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("exchange", __name__)

from innovation.exchange.routes import (  # noqa: E402 - they register on the blueprint
    imports,  # noqa: F401 - registers its routes
    lists,  # noqa: F401 - registers its routes
    orders,  # noqa: F401 - registers its routes
    records,  # noqa: F401 - registers its routes
)
