"""Dates, amounts, numbers, lists and plurals as a Dutch reader expects them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import ngettext

from innovation.kernel import i18n
from tests.support.world import World

WHEN = datetime(2026, 3, 1, 16, 5, 3, tzinfo=UTC)


@pytest.fixture
def dutch(embedded: World) -> Iterator[World]:
    with embedded.app.test_request_context(headers={"Cookie": "language=nl"}):
        yield embedded


def test_days_and_times_are_written_in_dutch(dutch: World) -> None:
    assert i18n.day(WHEN) == "1 maart 2026"
    assert i18n.short_day(WHEN) == "1 mrt"
    assert i18n.moment(WHEN) == "zondag 1 maart 2026, 17:05 CET"
    assert i18n.wall(WHEN) == "1 maart 2026, 17:05:03 CET"


def test_how_far_away_is_written_in_dutch(dutch: World) -> None:
    now = dutch.now()
    assert i18n.relative(now + timedelta(days=5, hours=1)) == "over 5 dagen"
    assert i18n.relative(now + timedelta(days=1, hours=1)) == "over 1 dag"
    assert i18n.relative(now + timedelta(days=2, hours=15)) == "over 2 dagen"
    assert i18n.relative(now + timedelta(days=14)) == "over 14 dagen"
    assert i18n.relative(now - timedelta(hours=2)) == "2 uur geleden"


def test_amounts_numbers_and_lists_are_written_in_dutch(dutch: World) -> None:
    assert i18n.number(1234567) == "1.234.567"
    assert i18n.money(125000, "EUR").replace("\u00a0", " ") == "€ 1.250"
    assert i18n.money(125050, "EUR").replace("\u00a0", " ") == "€ 1.250,50"
    assert i18n.either(["Ada", "Ben", "Cees"]) == "Ada, Ben of Cees"


@pytest.mark.parametrize(("number", "said"), [(0, "0 uitdagingen"), (1, "1 uitdaging"), (2, "2 uitdagingen")])
def test_one_is_singular_and_none_is_plural(dutch: World, number: int, said: str) -> None:
    assert ngettext("%(num)d challenge", "%(num)d challenges", number) == said
