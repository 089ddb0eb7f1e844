"""Who stands in for a sponsor, and that nobody judges in his own cause."""

from __future__ import annotations

from sqlalchemy import func, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Deputy
from innovation.challenges.service import briefs, deputies
from innovation.ideas.service import authors, writing
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.rules.predicates import Role
from tests.support.pages import words
from tests.support.refusals import answer
from tests.support.world import World


def _address(who: Actor) -> str:
    return f"{who.name.lower()}@example.org"


def _named(world: World, challenge: Challenge, deputy: Actor, sponsor: Actor | None = None) -> str:
    """What naming a deputy answers; the sponsor names his own."""
    mine = sponsor or world.sponsor_of(challenge)
    assert mine.person_id is not None
    person_id = mine.person_id
    again = world.again(challenge)
    return answer(lambda: deputies.name_deputy(actor=mine, challenge=again, person_id=person_id, email=_address(deputy)))


def _rows() -> int:
    return db.session.scalar(select(func.count()).select_from(Deputy)) or 0


def test_a_deputy_reads_decides_and_edits_like_the_sponsor_but_is_not_named_as_one(world: World) -> None:
    made = world.sealed(world.person("Sponsor"))
    idea = world.idea(made, world.person("", Circle.EXPERT))
    dora = world.person("Dora")
    page = f"/ideas/{idea.public_id}"
    assert world.browser(dora).get(page).status_code == 404
    assert _named(world, made, dora) == "done"
    browser = world.browser(world.actor(dora.person_id or 0))
    assert [browser.get(each).status_code for each in (page, f"/challenges/{made.public_id}/picks")] == [200, 200]
    assert challenges.sponsor_names([made.id], world.manager) == {made.id: "Sponsor"}
    assert [each.name for each in challenges.sponsors(made.id)] == ["Sponsor"]


def test_a_deputy_sends_no_idea_and_reads_which_rule_says_so(world: World) -> None:
    made = world.challenge()
    dora = world.person("Dora")
    _named(world, made, dora)
    again = world.actor(dora.person_id or 0)
    page = world.browser(again).get(f"/challenges/{made.public_id}/ideas/new")
    assert page.status_code == 403
    assert "Nobody is judge in his own cause" in words(page)
    refused = answer(lambda: world.draft_idea(world.again(made), again))
    assert refused == "Refused start_idea"


def test_a_sponsor_sends_no_idea_and_reads_which_rule_says_so(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    page = world.browser(world.sponsor_of(made)).get(f"/challenges/{made.public_id}/ideas/new")
    assert page.status_code == 403
    assert "Nobody is judge in his own cause" in words(page)


def test_who_became_a_sponsor_after_he_began_a_draft_cannot_send_it(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    ann = world.person("Ann")
    draft = world.draft_idea(made, ann)
    sponsor = world.sponsor_of(made)
    briefs.add_person(actor=sponsor, challenge=world.again(made), email=_address(ann), role=Role.SPONSOR)
    again = world.actor(ann.person_id or 0)
    said = answer(lambda: writing.submit(actor=again, idea=world.idea_again(draft), accept_terms=True))
    assert said == "Refused submit_idea"


def test_who_has_an_idea_there_becomes_neither_sponsor_nor_deputy(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    ann = world.person("Ann")
    idea = world.idea(made, ann)
    sponsor = world.sponsor_of(made)
    again = world.again(made)
    named = answer(lambda: briefs.add_person(actor=sponsor, challenge=again, email=_address(ann), role=Role.SPONSOR))
    assert (named, _named(world, made, ann)) == ("Invalid no_judge_in_own_cause", "Invalid no_judge_in_own_cause")
    assert people.holders(Role.SPONSOR, "challenge", made.id) == [sponsor.person_id]
    writing.withdraw(actor=ann, idea=world.idea_again(idea))
    assert _named(world, made, ann) == "done"


def test_a_co_author_who_accepted_is_an_author_and_one_who_was_only_named_is_none(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    idea = world.idea(made, world.person("Ann"))
    ben, cas = world.person("Ben"), world.person("Cas")
    for each in (ben, cas):
        authors.name_author(actor=world.actor(idea.created_by or 0), idea=world.idea_again(idea), email=_address(each))
    authors.accept_authorship(actor=ben, idea=world.idea_again(idea))
    assert [_named(world, made, each) for each in (ben, cas)] == ["Invalid no_judge_in_own_cause", "done"]


def test_the_rule_stands_at_the_field_and_what_was_typed_stays(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    world.idea(made, world.person("Ann"))
    sponsor = world.sponsor_of(made)
    name = f"sponsor:{challenges.sponsors(made.id)[0].public_id}"
    db.session.rollback()
    sent = {"deputy-person": name, "deputy-email": "ann@example.org"}
    page = world.browser(sponsor).post(f"/challenges/{made.public_id}/deputies", sent)
    assert page.status_code == 422
    assert "Nobody is judge in his own cause" in words(page)
    assert 'value="ann@example.org"' in page.get_data(as_text=True)


def test_a_new_deputy_takes_the_place_of_the_one_before(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    sponsor = world.sponsor_of(made)
    dora, emil = world.person("Dora"), world.person("Emil")
    _named(world, made, dora, sponsor)
    _named(world, made, emil, sponsor)
    assert people.holders(Role.SPONSOR, "challenge", made.id) == [sponsor.person_id, emil.person_id]
    assert _rows() == 1
    person_id = sponsor.person_id or 0
    deputies.drop_deputy(actor=sponsor, challenge=world.again(made), person_id=person_id)
    assert people.holders(Role.SPONSOR, "challenge", made.id) == [sponsor.person_id]


def test_a_deputy_goes_with_the_sponsor_and_is_never_the_last_one(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    sponsor, boss = world.sponsor_of(made), world.manager
    dora = world.person("Dora")
    _named(world, made, dora, sponsor)
    person_id = sponsor.person_id or 0
    left = answer(
        lambda: briefs.remove_person(actor=boss, challenge=world.again(made), person_id=person_id, role=Role.SPONSOR)
    )
    assert left == "Invalid last_sponsor"
    other = world.person("Other")
    briefs.add_person(actor=boss, challenge=world.again(made), email=_address(other), role=Role.SPONSOR)
    briefs.remove_person(actor=boss, challenge=world.again(made), person_id=person_id, role=Role.SPONSOR)
    assert people.holders(Role.SPONSOR, "challenge", made.id) == [other.person_id]


def test_a_deputy_of_two_sponsors_stays_when_one_lets_him_go(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    first, second, dora = world.sponsor_of(made), world.person("Second"), world.person("Dora")
    briefs.add_person(actor=first, challenge=world.again(made), email=_address(second), role=Role.SPONSOR)
    second = world.actor(second.person_id or 0)
    assert [_named(world, made, dora, each) for each in (first, second)] == ["done", "done"]
    deputies.drop_deputy(actor=first, challenge=world.again(made), person_id=first.person_id or 0)
    assert dora.person_id in people.holders(Role.SPONSOR, "challenge", made.id)
    deputies.drop_deputy(actor=first, challenge=world.again(made), person_id=second.person_id or 0)
    assert dora.person_id not in people.holders(Role.SPONSOR, "challenge", made.id)


def test_a_sponsor_is_no_deputy_and_a_deputy_may_become_a_sponsor(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    sponsor, dora = world.sponsor_of(made), world.person("Dora")
    assert _named(world, made, sponsor, sponsor) == "Invalid sponsor_is_no_deputy"
    _named(world, made, dora, sponsor)
    briefs.add_person(actor=sponsor, challenge=world.again(made), email=_address(dora), role=Role.SPONSOR)
    assert [each.name for each in challenges.sponsors(made.id)] == ["Sponsor", "Dora"]
    assert _rows() == 0


def test_only_sponsors_and_managers_name_deputies(world: World) -> None:
    made = world.challenge(world.person("Sponsor"))
    sponsor, dora = world.sponsor_of(made), world.person("Dora")
    again = world.again(made)
    said = answer(
        lambda: deputies.name_deputy(actor=dora, challenge=again, person_id=sponsor.person_id or 0, email="dora@example.org")
    )
    assert said == "Refused name_deputy"


def test_a_deputy_hears_of_it_by_mail(world: World) -> None:
    made = world.challenge(world.person("Sponsor"), title="How do we dry?")
    world.settle()
    _named(world, made, world.person("Dora"))
    world.settle()
    found = [each for each in world.letters() if each.to == "dora@example.org"]
    assert [each.subject for each in found] == ["You stand in for a sponsor: How do we dry?"]
