"""Co-authors who have no account yet, and shares of a prize."""

from __future__ import annotations

from sqlalchemy import func, select

from innovation.challenges.models import TermsAcceptance
from innovation.ideas import queries as ideas
from innovation.ideas import work
from innovation.ideas.models import Author, AuthorInvitation, Idea
from innovation.ideas.queries import authoring
from innovation.ideas.service import authors, writing
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.people.models import Invitation
from innovation.people.service.invitations import accept
from tests.support.pages import words
from tests.support.refusals import answer
from tests.support.world import World


def _ask(world: World, idea: Idea, who: Actor, email: str = "new@example.org") -> str:
    return answer(lambda: authors.name_author(actor=who, idea=world.idea_again(idea), email=email, message="Come."))


def _join(world: World, email: str = "new@example.org") -> Actor:
    """Accept the newest invitation to an address."""
    world.anew()
    row = db.session.scalars(select(Invitation).where(Invitation.email_key == email).order_by(Invitation.id.desc())).first()
    assert row is not None
    row_id = row.id
    db.session.rollback()
    person_id = accept(actor=VISITOR, invitation_id=row_id, name="Newcomer", password_hash=None)
    world.settle()
    return world.actor(person_id)


def _shares(world: World, idea: Idea) -> list[int | None]:
    return [each.share for each in world.idea_again(idea).authors]


def test_who_has_no_account_is_asked_and_named_once_he_takes_part(world: World) -> None:
    lead = world.person("Lead")
    idea = world.draft_idea(world.sealed(), lead, title="Only ours")
    assert [_ask(world, idea, lead), _ask(world, idea, lead, " NEW@example.org")] == ["done", "Invalid author_already"]
    assert [each.email for each in authoring.asked(idea.id)] == ["new@example.org"]
    world.settle()
    assert [letter.to for letter in world.letters() if "Only ours" in letter.whole] == []
    newcomer = _join(world)
    named = [(each.person_id, each.accepted_at is not None) for each in world.idea_again(idea).authors]
    assert named == [(lead.person_id, True), (newcomer.person_id, False)]
    assert (authoring.asked(idea.id), ideas.author_ids([idea.id])) == ([], {idea.id: [lead.person_id]})
    assert ideas.get(newcomer, idea.public_id) is not None


def test_to_be_named_twice_by_one_invitation_is_once(world: World) -> None:
    lead = world.person("Lead")
    idea = world.draft_idea(world.sealed(), lead)
    _ask(world, idea, lead)
    _join(world)
    fact = db.session.scalars(select(Event).where(Event.name == "InvitationAccepted")).first()
    assert fact is not None
    db.session.rollback()
    work.join_as_author(fact, None)  # type: ignore[arg-type]  # the delivery is not looked at
    world.anew()
    assert db.session.scalar(select(func.count()).select_from(Author).where(Author.idea_id == idea.id)) == 2


def test_an_invited_author_is_credited_after_the_deadline_with_terms_time_and_hash(world: World) -> None:
    lead, challenge = world.person("Lead"), world.sealed()
    idea = world.idea(challenge, lead)
    _ask(world, idea, lead)
    world.close(challenge)
    newcomer = _join(world)
    authors.accept_authorship(actor=newcomer, idea=world.idea_again(idea))
    assert ideas.author_ids([idea.id]) == {idea.id: [lead.person_id, newcomer.person_id]}
    kept = db.session.scalars(select(TermsAcceptance).where(TermsAcceptance.person_id == newcomer.person_id)).one()
    terms = world.again(challenge).terms
    assert terms is not None
    assert (kept.terms_id, kept.text_hash) == (terms.id, terms.text_hash)


def test_nobody_becomes_an_author_of_an_idea_that_is_over(world: World) -> None:
    lead, challenge = world.person("Lead"), world.sealed()
    idea = world.idea(challenge, lead)
    _ask(world, idea, lead)
    writing.withdraw(actor=lead, idea=world.idea_again(idea))
    _join(world)
    assert [each.person_id for each in world.idea_again(idea).authors] == [lead.person_id]


def test_who_is_asked_no_more_is_not_named(world: World) -> None:
    lead = world.person("Lead")
    idea = world.draft_idea(world.sealed(), lead)
    _ask(world, idea, lead)
    (asked,) = authoring.asked(idea.id)
    world.browser(lead).post(f"/ideas/{idea.public_id}/asked/{asked.public_id}/removal")
    _join(world)
    assert [each.person_id for each in world.idea_again(idea).authors] == [lead.person_id]


def test_an_open_door_of_twenty_authors_is_closed_after_that(world: World) -> None:
    lead = world.person("Lead")
    idea = world.draft_idea(world.sealed(), lead)
    said = [_ask(world, idea, lead, f"n{number}@example.org") for number in range(20)]
    assert said == ["done"] * 19 + ["Invalid too_many_authors"]


def test_shares_add_up_to_a_hundred_or_there_are_none(world: World) -> None:
    lead, other = world.person("Lead"), world.person("Other", Circle.EXPERT)
    idea = world.draft_idea(world.sealed(), lead)
    _ask(world, idea, lead, "other@example.org")
    _ask(world, idea, lead)
    (asked,) = authoring.asked(idea.id)
    names = [each.person.public_id for each in world.idea_again(idea).authors] + [asked.public_id]

    def give(*values: int | None) -> str:
        given = dict(zip(names, values, strict=True))
        return answer(lambda: authors.set_shares(actor=lead, idea=world.idea_again(idea), shares=given))

    wrong = [give(50, 50, None), give(50, 30, 30), give(100, 0, 0), give(-10, 60, 50)]
    assert wrong == ["Invalid shares_not_100"] * 4
    assert give(50, 30, 20) == "done"
    assert _shares(world, idea) == [50, 30]
    newcomer = _join(world)
    assert _shares(world, idea) == [50, 30, 20]
    assert [each.person_id for each in world.idea_again(idea).authors][-2:] == [other.person_id, newcomer.person_id]


def test_other_shares_ask_everybody_else_again(world: World) -> None:
    lead, other = world.person("Lead"), world.person("Other", Circle.EXPERT)
    idea = world.draft_idea(world.sealed(), lead)
    _ask(world, idea, lead, "other@example.org")
    authors.accept_authorship(actor=other, idea=world.idea_again(idea))
    names = [each.person.public_id for each in world.idea_again(idea).authors]
    for values in ((60, 40), (60, 40)):
        given = dict(zip(names, values, strict=True))
        authors.set_shares(actor=lead, idea=world.idea_again(idea), shares=given)
    assert [each.accepted_at is not None for each in world.idea_again(idea).authors] == [True, False]
    authors.accept_authorship(actor=other, idea=world.idea_again(idea))
    authors.set_shares(actor=lead, idea=world.idea_again(idea), shares=dict(zip(names, (60, 40), strict=True)))
    assert [each.accepted_at is not None for each in world.idea_again(idea).authors] == [True, True]


def test_shares_stand_once_the_idea_is_sent_and_one_who_leaves_frees_his_own(world: World) -> None:
    lead, other = world.person("Lead"), world.person("Other", Circle.EXPERT)
    idea = world.draft_idea(world.sealed(), lead)
    _ask(world, idea, lead, "other@example.org")
    names = [each.person.public_id for each in world.idea_again(idea).authors]
    given = dict(zip(names, (70, 30), strict=True))
    authors.set_shares(actor=lead, idea=world.idea_again(idea), shares=given)
    authors.accept_authorship(actor=other, idea=world.idea_again(idea))
    writing.submit(actor=lead, idea=world.idea_again(idea), accept_terms=True)
    again = answer(lambda: authors.set_shares(actor=lead, idea=world.idea_again(idea), shares=given))
    authors.leave(actor=other, idea=world.idea_again(idea))
    page = words(world.browser(lead).get(f"/ideas/{idea.public_id}/authors"))
    assert (again, _shares(world, idea), "30 % is nobody’s" in page) == ("NotPossible shares_stand", [70], True)


def test_the_page_keeps_what_was_typed_of_shares_that_do_not_add_up(world: World) -> None:
    lead = world.person("Lead")
    idea = world.draft_idea(world.sealed(), lead)
    _ask(world, idea, lead)
    (asked,) = authoring.asked(idea.id)
    own = world.idea_again(idea).authors[0].person.public_id
    path = f"/ideas/{idea.public_id}/shares"
    form = {f"share_{own}": "77", f"share_{asked.public_id}": "x"}
    wrong = world.browser(lead).post(path, form)
    text = wrong.get_data(as_text=True)
    assert (wrong.status_code, 'value="77"' in text, "adding up to 100" in text) == (422, True, True)
    right = world.browser(lead).post(path, {f"share_{own}": "77", f"share_{asked.public_id}": "23"})
    assert (right.status_code, _shares(world, idea)) == (303, [77])
    world.anew()
    assert db.session.scalars(select(AuthorInvitation.share)).all() == [23]
