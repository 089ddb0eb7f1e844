"""Loading the demo programme: its history is written by the same verbs that live people use.

The clock travels (:func:`innovation.kernel.clock.travelling`), so that what happened ninety-six days ago is recorded
then. Facts carry the origin *import*: nobody in the demo is mailed.
"""

from __future__ import annotations

from sqlalchemy import select

from innovation.challenges.service import briefs
from innovation.exchange.service.demo import (
    afterwards,
    asking,
    challenges,
    deciding,
    moderating,
    people,
    projects,
    talk,
    votes,
)
from innovation.exchange.service.demo.telling import Demo, read
from innovation.kernel.actor import Origin
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people.models import Person
from innovation.search.service import indexing


def load() -> bool:
    """Load the demo into an empty house. False, and nothing written, when somebody lives there already."""
    # One transaction for all of it: a load that is broken off leaves an empty house, not half a history.
    with transaction():
        if db.session.scalar(select(Person.id).limit(1)) is not None:
            return False
        _tell(Demo())
    indexing.fill(Origin.IMPORT)  # so that the search knows all of it at once; facts bring it as well, one by one
    return True


def _tell(demo: Demo) -> None:
    rows = read("challenges")["challenge"]
    with demo.on_day(-120):
        people.write_people(actor=demo.house, demo=demo)
        programmes = {
            each["key"]: briefs.start_programme(
                actor=demo.actor(each["manager"]), title=each["title"], description=each["description"]
            )
            for each in demo.programme["programme"]
        }
    demo.programme_ids = {key: programme.id for key, programme in programmes.items()}
    for row in rows:
        with demo.chance_of(row):
            demo.challenge_ids[row["key"]] = challenges.publish(demo, row, programmes[row["programme"]]).id
    for row in rows:
        with demo.chance_of(row):
            challenges.take_in_ideas(demo, row)
            votes.take_in(demo, row)
    for row in sorted(rows, key=lambda each: each["schedule"].get("announced", 0)):
        if row["state"] == "decided":
            with demo.chance_of(row):
                deciding.decide(demo, row)
    for row in read("projects")["project"]:
        projects.tell(demo, row)
    afterwards.tell(demo, rows)
    talk.tell(demo)
    moderating.tell(demo)
    asking.tell(demo)
