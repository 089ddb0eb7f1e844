"""What the decision says of ideas that nobody let through: each that was sent has one, with a reason of its own."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select

from innovation.exchange.service import record
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.promotion import queries
from innovation.promotion.models import Run
from innovation.promotion.service import picking, queueing, replaying, running
from innovation.rules.challenge import WhoDecides
from tests.support.checked import Checked
from tests.support.pages import words
from tests.support.world import World


class Decided:
    """A vote over one accepted idea, beside which one waits, one was sent back, one was turned down, one taken back."""

    def __init__(self, world: World, **changes: Any) -> None:
        self.world, self.made = world, Checked(world, **changes)
        names = ("kept", "waits", "back", "down")
        self.ideas = {name: self.made.idea(f"Idea {name}", world.person(name.title())) for name in names}
        self.made.accept(self.ideas["kept"])
        self.made.ask(self.ideas["back"], until=clock.now() + timedelta(days=30))
        self.made.decline(self.ideas["down"], "It is an advertisement.")
        if self.made.challenge.vote_closes_at:
            world.vote(self.made.again(self.ideas["kept"]))

    def because(self, run: Run) -> dict[str, str]:
        titles = {idea.public_id: name for name, idea in self.ideas.items()}
        return {titles[made.idea.public_id]: str(made.because) for made in queries.of_run(run.id)}

    def states(self) -> dict[str, str]:
        return {name: self.made.stand(idea)[0] for name, idea in self.ideas.items()}


REASONS = {"kept": "within_top", "waits": "not_checked", "down": "turned_down"}


def test_every_idea_that_was_sent_has_a_decision_and_one_that_never_came_back_has_none(world: World) -> None:
    house_ = Decided(world)
    run = world.announced(house_.made.challenge)
    assert house_.because(run) == REASONS
    assert house_.states() == {"kept": "promoted", "waits": "declined", "back": "returned", "down": "declined"}
    assert house_.made.stand(house_.ideas["waits"]) == ("declined", "sealed", True)
    assert replaying.replay(world.run_of(house_.made.challenge)) is None


def test_its_author_is_told_that_nobody_had_checked_it(world: World) -> None:
    house_ = Decided(world)
    world.announced(house_.made.challenge)
    world.settle()
    late, down = world.actor(house_.ideas["waits"].created_by or 0), world.actor(house_.ideas["down"].created_by or 0)
    page = words(world.browser(late).get(f"/ideas/{house_.ideas['waits'].public_id}"))
    assert "Nobody had checked it when the decision was taken" in page
    mails = {each.to.split("@")[0]: each.text for each in world.letters() if each.subject.startswith("Not chosen")}
    assert set(mails) == {"waits"}  # the one that was turned down was told then
    assert "Nobody had checked it" in mails["waits"]
    told = words(world.browser(down).get(f"/ideas/{house_.ideas['down'].public_id}"))
    assert "It is an advertisement." in told


def test_the_result_names_nothing_that_nobody_let_through(world: World) -> None:
    house_ = Decided(world)
    run = world.announced(house_.made.challenge)
    hidden = [f"Idea {name}" for name in ("waits", "back", "down")]
    for who in (house_.made.sponsor, world.manager, world.person("Reader")):
        browser = world.browser(who)
        for path in (f"/runs/{run.public_id}", f"/challenges/{house_.made.challenge.public_id}/ideas"):
            page = browser.get(path)
            assert (page.status_code, [each for each in hidden if each in words(page)]) == (200, [])
    with zipfile.ZipFile(BytesIO(record.build(world.run_of(house_.made.challenge), "").content)) as bundle:
        said = b"".join(bundle.read(name) for name in bundle.namelist())
    assert [each for each in (*hidden, "Idea kept") if each.encode() in said] == ["Idea kept"]


def test_a_short_list_leaves_them_out_and_the_last_decision_says_why(world: World) -> None:
    house_ = Decided(world, who_decides=WhoDecides.VOTES_PANEL, review_closes=world.wall(days=50))
    made = house_.made
    world.close(made.challenge)
    queueing.queue_due(actor=house(Origin.CLOCK))
    world.settle()
    first = world.run_of(made.challenge)
    assert house_.because(first) == REASONS
    assert house_.states()["waits"] == "checking"
    assert made.accept(house_.ideas["waits"]) == "NotNow too_late_to_show"


def test_where_a_sponsor_picks_it_can_be_shown_until_he_is_done(world: World) -> None:
    house_ = Decided(world, who_decides=WhoDecides.SPONSOR)
    made = house_.made
    world.close(made.challenge)
    assert made.accept(house_.ideas["waits"]) == "done"
    assert made.send(house_.ideas["back"], world.actor(house_.ideas["back"].created_by or 0)) == "done"
    world.anew()
    for name in ("kept", "waits"):
        picking.pick(actor=made.sponsor, idea=made.again(house_.ideas[name]), chosen=name == "waits", reason="Because.")
    picking.finish_picks(actor=made.sponsor, challenge=world.again(made.challenge))
    world.settle()
    run = world.run_of(made.challenge)
    running.announce(actor=made.sponsor, run=run)
    assert house_.because(world.run_of(made.challenge)) == {
        "kept": "not_picked",
        "waits": "picked",
        "back": "not_checked",
        "down": "turned_down",
    }
    left = db.session.scalars(select(Idea.state).where(Idea.challenge_id == made.challenge.id, Idea.unchecked)).all()
    assert list(left) == ["declined", "declined"]
