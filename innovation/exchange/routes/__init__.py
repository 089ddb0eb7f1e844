"""Doors of exchange: files of lists, long work with its progress, ideas that come in as a file, the record of a result."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("exchange", __name__)

from innovation.exchange.routes import (
    house,
    imports,
    lists,
    mapping,
    orders,
    personal,
    records,
)
