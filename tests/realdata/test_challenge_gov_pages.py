"""All published challenges of agencies import, and their pages show rich text from which nothing dangerous survives."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.exchange.service import challenge_gov, loading
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from tests.conftest import REAL_DATA

pytestmark = [pytest.mark.realdata, pytest.mark.timeout(300)]

DANGER = re.compile(r"<(script|style|iframe|object|embed|form|img|svg)\b[^>]*>|\son\w+\s*=|javascript:|style=", re.I)


def test_every_challenge_imports_and_shows_safely(app: Flask, client: FlaskClient) -> None:
    bundle = challenge_gov.read(REAL_DATA / "challenge_gov")
    load = loading.load(bundle, actor=house(Origin.IMPORT))
    assert load.new["challenges"] == 160
    assert loading.load(bundle, actor=house(Origin.IMPORT)).new["challenges"] == 0
    rows = db.session.scalars(select(Challenge)).all()
    addresses = [(row.public_id, row.background) for row in rows]
    db.session.rollback()
    wrong = []
    for public_id, brief in addresses:
        answer = client.get(f"/challenges/{public_id}")
        text = answer.get_data(as_text=True)
        article = text[text.find("<main") : text.find("</main>")]
        briefs = re.findall(r'<div class="markdown.*?</div>', article, re.S)
        if answer.status_code != 200 or any(DANGER.search(each) for each in briefs) or (brief and not briefs):
            wrong.append(public_id)
    assert wrong == []
