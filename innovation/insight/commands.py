"""Doors of insight for operators and scripts."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.insight import queries
from innovation.insight.service import rebuilding
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db


@click.command("funnel")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_appcontext
def funnel(as_json: bool) -> None:
    """Print the funnel: per programme and per challenge, what entered each stage, is inside, and left."""
    actor = house(Origin.CLI)
    programmes = []
    for programme in challenges.programmes(actor):
        of_programme = db.session.scalars(
            db.select(Challenge).where(Challenge.programme_id == programme.id).order_by(Challenge.id)
        ).all()
        programmes.append(
            {
                "programme": programme.title,
                "source": programme.source,
                "stages": _stages(queries.funnel(actor, queries.Filters(programme=programme))),
                "challenges": [
                    {
                        "challenge": challenge.title,
                        "source_id": challenge.foreign_id,
                        "stages": _stages(queries.funnel(actor, queries.of_challenge(challenge))),
                    }
                    for challenge in of_programme
                ],
            }
        )
    stages = _stages(queries.funnel(actor))
    whole = {"stages": stages, "programmes": programmes}
    if as_json:
        click.echo(json.dumps(whole, ensure_ascii=False))
        return
    for name, figures in stages.items():
        click.echo(f"{name:<18} entered {figures['entered']:>6}  inside {figures['inside']:>6}  left {figures['left']:>6}")


@click.command("rebuild-figures")
@with_appcontext
def rebuild_figures() -> None:
    """Make every counter of the funnel anew, from the passages and from what people did."""
    rebuilding.rebuild(actor=house(Origin.CLI))
    click.echo("the figures are made anew")


def _stages(found: queries.Funnel) -> dict[str, dict[str, int]]:
    return {
        each.key: {"entered": each.entered, "inside": each.inside, "left": each.left} for each in (*found.main, *found.side)
    }
