"""Who opened my idea: each reader of a sealed one is noted, once an hour, and its authors see who, in which role."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from innovation.ideas.models import Opening
from innovation.ideas.service import authors, writing
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from tests.conftest import counting
from tests.support import samples
from tests.support.filing import add, address
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.world import World


def _noted(world: World) -> list[tuple[int, str]]:
    world.anew()
    rows = db.session.execute(select(Opening.person_id, Opening.role).order_by(Opening.id))
    return [(row.person_id, row.role) for row in rows]


def test_every_way_to_read_a_sealed_idea_is_noted_in_the_readers_role(world: World) -> None:
    challenge, author = world.sealed(), world.person("Author", Circle.EXPERT)
    sponsor = world.sponsor_of(challenge)
    idea = world.draft_idea(challenge, author)
    file = add(world, author, idea, samples.PDF, "plan.pdf")
    writing.submit(actor=author, idea=world.idea_again(idea), accept_terms=True)
    path = f"/ideas/{idea.public_id}"
    ways = [path, f"{path}.pdf", f"{path}/revisions", f"{path}/revisions/1", f"{path}/pick", f"{path}/talk", address(file)]
    seen = {}
    for way in ways:
        with transaction():
            db.session.execute(Opening.__table__.delete())  # type: ignore[attr-defined]  # a table
        answer = world.browser(sponsor).get(way)
        assert answer.status_code == 200, way
        seen[way] = (_noted(world), answer.headers.get("X-Robots-Tag"))
    assert seen == {way: ([(sponsor.person_id, "sponsor")], "noindex") for way in ways}


def test_an_hour_has_one_line_for_each_person_and_the_next_another(world: World) -> None:
    challenge = world.sealed()
    sponsor = world.sponsor_of(challenge)
    panel = world.grant(world.person("Panel", Circle.EXPERT), Role.PANEL, "challenge", challenge.id)
    idea = world.idea(challenge)
    path = f"/ideas/{idea.public_id}"
    for who in (sponsor, sponsor, panel):
        world.browser(who).get(path)
    assert _noted(world) == [(sponsor.person_id, "sponsor"), (panel.person_id, "panel")]
    with transaction():
        earlier = [(row.id, row.hour - timedelta(hours=1)) for row in db.session.scalars(select(Opening))]
        for row_id, hour in earlier:
            db.session.execute(update(Opening).where(Opening.id == row_id).values(hour=hour))
    world.browser(sponsor).get(path)
    assert _noted(world)[2:] == [(sponsor.person_id, "sponsor")]


def test_eight_looks_at_once_are_one_line(world: World) -> None:
    challenge = world.sealed()
    sponsor, idea = world.sponsor_of(challenge), world.idea(challenge)
    path = f"/ideas/{idea.public_id}"
    browsers = [world.browser(sponsor) for _ in range(8)]
    answers = at_once(world.app, [lambda b=each: b.client.get(path).status_code for each in browsers])
    assert (set(answers), len(_noted(world))) == ({200}, 1)


def test_neither_authors_nor_open_ideas_nor_refused_looks_are_noted(world: World) -> None:
    challenge, author = world.sealed(), world.person("Author", Circle.EXPERT)
    helper = world.person("Helper", Circle.EXPERT)
    idea = world.idea(challenge, author)
    authors.name_author(actor=author, idea=world.idea_again(idea), email="helper@example.org")
    open_idea = world.idea(world.challenge())
    looks = [(author, idea), (helper, idea), (world.manager, idea), (world.person(), idea), (world.person(), open_idea)]
    codes = [world.browser(who).get(f"/ideas/{each.public_id}").status_code for who, each in looks]
    assert (codes, _noted(world)) == ([200, 200, 404, 404, 200], [])


def test_a_second_look_in_the_hour_writes_nothing(embedded: World) -> None:
    challenge = embedded.sealed()
    browser, idea = embedded.browser(embedded.sponsor_of(challenge)), embedded.idea(challenge)
    browser.get(f"/ideas/{idea.public_id}")
    with counting() as sent:
        browser.get(f"/ideas/{idea.public_id}")
    assert [each for each in sent.seen if "INSERT" in each.upper()] == []


def test_authors_read_role_name_and_hour_and_nobody_else_reads_the_list(world: World) -> None:
    challenge, author = world.sealed(), world.person("Author", Circle.EXPERT)
    sponsor = world.sponsor_of(challenge)
    idea = world.idea(challenge, author)
    path = f"/ideas/{idea.public_id}"
    world.browser(sponsor).get(path)
    page = words(world.browser(author).get(f"{path}/openings"))
    assert [part in page for part in ("Sponsor", sponsor.name)] == [True, True]
    assert world.browser(sponsor).get(f"{path}/openings").status_code == 403
    assert world.browser(world.manager).get(f"{path}/openings").status_code == 404


def test_a_sponsor_who_withholds_his_name_is_a_role_alone(world: World) -> None:
    challenge, author = world.sealed(), world.person("Author", Circle.EXPERT)
    sponsor, idea = world.sponsor_of(challenge), world.idea(challenge, author)
    with transaction():
        db.session.get_one(type(challenge), challenge.id).sponsor_withheld = True
    world.browser(sponsor).get(f"/ideas/{idea.public_id}")
    page = words(world.browser(author).get(f"/ideas/{idea.public_id}/openings"))
    assert ("Sponsor" in page, sponsor.name in page) == (True, False)


def test_a_manager_opens_a_sealed_idea_for_a_reason_that_its_authors_are_told(world: World) -> None:
    challenge, author = world.sealed(), world.person("Author", Circle.EXPERT)
    idea = world.idea(challenge, author, title="Only ours", text="Nobody else.")
    path = f"/ideas/{idea.public_id}"
    keeper = world.grant(world.person("Wilhelmina"), Role.MANAGER)
    browser = world.browser(keeper)
    door = browser.get(f"{path}/sealed-reading").get_data(as_text=True)
    without = browser.post(f"{path}/sealed-reading", {"why": "curious"})
    closed = browser.get(path).status_code
    opened = browser.post(f"{path}/sealed-reading", {"why": "complaint"})
    assert ("Only ours" in door, without.status_code, closed, opened.status_code) == (False, 422, 404, 303)
    assert browser.get(path).status_code == 200
    assert _noted(world) == [(keeper.person_id, "manager")]
    world.settle()
    page = words(world.browser(author).get(f"{path}/openings"))
    assert ("a complaint is looked into" in page, "Wilhelmina" in page) == (True, False)
    letter = next(each for each in world.letters() if each.to == "author@example.org" and "was opened" in each.whole)
    assert ("Only ours" in letter.whole, "a complaint is looked into" in letter.whole) == (False, True)


def test_the_door_is_shut_again_after_half_an_hour(world: World) -> None:
    idea = world.idea(world.sealed())
    path = f"/ideas/{idea.public_id}"
    browser = world.browser(world.manager)
    browser.post(f"{path}/sealed-reading", {"why": "law"})
    first = browser.get(path).status_code
    with transaction():
        past = world.now() - timedelta(minutes=31)
        db.session.execute(update(Event).where(Event.name == "IdeaOpenedWithReason").values(occurred_at=past))
    assert (first, browser.get(path).status_code) == (200, 404)


def test_the_door_is_no_ones_but_managers_and_administrators_and_opens_no_draft(world: World) -> None:
    challenge, author = world.sealed(), world.person("Author", Circle.EXPERT)
    sent, draft = world.idea(challenge, author), world.draft_idea(challenge, author)
    elsewhere = world.grant(world.person(), Role.MANAGER, "programme", world.programme().id)
    administrator = world.grant(world.person(), Role.ADMINISTRATOR)
    whom = {"staff": world.person(), "sponsor": world.sponsor_of(challenge), "elsewhere": elsewhere, "admin": administrator}
    answers = {
        name: world.browser(who).get(f"/ideas/{sent.public_id}/sealed-reading").status_code for name, who in whom.items()
    }
    assert answers == {"staff": 404, "sponsor": 404, "elsewhere": 404, "admin": 200}
    assert world.browser(world.manager).get(f"/ideas/{draft.public_id}/sealed-reading").status_code == 404
    # One manager's half hour is nobody else's.
    world.browser(world.manager).post(f"/ideas/{sent.public_id}/sealed-reading", {"why": "law"})
    assert world.browser(administrator).get(f"/ideas/{sent.public_id}").status_code == 404
