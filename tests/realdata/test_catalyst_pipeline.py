"""Real funds through the product's own pipeline: importer, clock, deliveries, runs, projects, funnel."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.exchange.service import loading
from innovation.exchange.service.catalyst import read
from innovation.ideas.models import Idea
from innovation.insight import queries as insight
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event
from innovation.notifications.models import Message
from innovation.people.models import Credential
from innovation.projects.models import Project
from innovation.promotion import queries as promotion
from innovation.promotion.service import queueing
from tests.conftest import REAL_DATA
from tests.realdata.funnel_figures import assert_every_figure_is_in_the_files
from tests.realdata.test_catalyst_rules import leftovers, passes, published
from tests.realdata.turns import taking_turns

pytestmark = [pytest.mark.realdata, pytest.mark.timeout(400)]

FUNDS = {"f4": (53, 3), "f6": (166, 6), "f8": (371, 8)}
IN_THE_FUNNEL = {"f6": 19, "f8": 23}
"""Funds whose figures are published by challenge, and how many challenges that is."""
SECONDS = 60
"""What fund 8 may take on two idle cores; a noisy machine gets three times that."""


def promote() -> None:
    """What the clock and the workers do, until nothing is due."""
    while queueing.queue_due(actor=house(Origin.CLOCK)) + queue.settle():
        pass
    db.session.rollback()


@pytest.mark.parametrize(("house", "fund"), taking_turns(FUNDS, both="f4"), indirect=["house"])
def test_the_published_winners_come_out_of_the_pipeline(fund: str, app: Flask) -> None:
    begun = time.monotonic()
    bundle = read(REAL_DATA / "catalyst" / fund)
    load = loading.load(bundle, actor=house(Origin.IMPORT))
    promote()
    assert time.monotonic() - begun < 3 * SECONDS

    report = promotion.decision_report(None)
    won = Counter(pass_no for made, *_rest, pass_no in report if made.promoted)
    assert (won[1], won[2]) == FUNDS[fund]
    assert published(fund)
    assert len(leftovers(fund)) >= FUNDS[fund][1]

    # The rules alone were held against every published row; the pipeline has to decide the same of every idea.
    first, second = passes(fund)
    by_rules = {(made.idea, 1): (made.promoted, str(made.because), made.place) for made in first.decisions}
    candidates = {idea.foreign_id for made, idea, *_rest, pass_no in report if pass_no == 2}
    by_rules |= {
        (made.idea, 2): (made.promoted, str(made.because), made.place)
        for made in second.decisions
        if made.idea in candidates
    }
    by_pipeline = {
        (str(idea.foreign_id), pass_no): (made.promoted, made.because, made.place)
        for made, idea, _challenge, _round, pass_no in report
    }
    assert by_pipeline == by_rules

    winners = {idea.id for made, idea, *_rest in report if made.promoted}
    assert set(db.session.scalars(select(Project.idea_id))) == winners
    funnel = insight.funnel(house(Origin.CLI))
    assert funnel.stage("submitted").entered == len(bundle.ideas)
    assert funnel.stage("promoted").inside == sum(FUNDS[fund])
    assert insight.mismatches() == []
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 0

    if fund in IN_THE_FUNNEL:
        assert_every_figure_is_in_the_files(fund, IN_THE_FUNNEL[fund])

    before = [db.session.scalar(select(func.count()).select_from(t)) for t in (Idea, Challenge, Event, Delivery)]
    again = loading.load(bundle, actor=house(Origin.IMPORT))
    promote()
    after = [db.session.scalar(select(func.count()).select_from(t)) for t in (Idea, Challenge, Event, Delivery)]
    assert (sum(again.new.values()), after) == (0, before)
    assert load.new["ideas"] == len(bundle.ideas)
