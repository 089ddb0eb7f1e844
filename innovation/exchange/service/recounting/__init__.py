"""Counting and deciding again from a record alone: no database, no network, no names."""

from __future__ import annotations

from pathlib import Path

from innovation.exchange.service.recounting.as_written import fingerprints
from innovation.exchange.service.recounting.counting import fitted_again, pairs_again, votes_again
from innovation.exchange.service.recounting.deciding import decisions_again
from innovation.exchange.service.recounting.opened import BadRecord, Line, open_record

__all__ = ["BadRecord", "Line", "recount"]


def recount(path: Path) -> list[Line]:
    """Check a record from its bytes to its decisions; the lines in the order they were checked, the first wrong one last.

    Raises:
        BadRecord: the file is no record.
    """
    files = open_record(path)
    lines: list[Line] = []
    for check in (fingerprints, votes_again, pairs_again, fitted_again, decisions_again):
        for line in check(files):
            lines.append(line)
            if not line.holds:
                return lines
    return lines
