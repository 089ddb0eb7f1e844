"""Co-authors: named by an author, credited once they accept, and free to leave."""

from __future__ import annotations

from sqlalchemy import select

from innovation.challenges.models import TermsAcceptance
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service import authors, writing
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.rules.predicates import Role
from tests.support.refusals import answer
from tests.support.world import World


def _name(world: World, idea: Idea, author: Actor, email: str) -> str:
    return answer(lambda: authors.name_author(actor=author, idea=world.idea_again(idea), email=email))


def test_a_named_author_reads_the_draft_and_is_credited_once_he_accepts(world: World) -> None:
    challenge = world.challenge(who_may="experts")
    lead, other = world.person("Lead"), world.person("Other", Circle.EXPERT)
    idea = world.draft_idea(challenge, lead)
    assert ideas.get(other, idea.public_id) is None
    assert _name(world, idea, lead, "OTHER@example.org ") == "done"
    assert ideas.get(other, idea.public_id) is not None
    assert ideas.author_ids([idea.id]) == {idea.id: [lead.person_id]}
    authors.accept_authorship(actor=other, idea=world.idea_again(idea))
    assert ideas.author_ids([idea.id]) == {idea.id: [lead.person_id, other.person_id]}
    accepted = db.session.scalars(select(TermsAcceptance.person_id)).all()
    assert accepted == [other.person_id]


def test_authorship_is_accepted_after_the_deadline_too(world: World) -> None:
    challenge = world.challenge()
    lead, other = world.person("Lead"), world.person("Other")
    idea = world.idea(challenge, lead)
    _name(world, idea, lead, "other@example.org")
    world.close(challenge)
    authors.accept_authorship(actor=other, idea=world.idea_again(idea))
    authors.accept_authorship(actor=other, idea=world.idea_again(idea))
    assert ideas.author_ids([idea.id]) == {idea.id: [lead.person_id, other.person_id]}


def test_who_may_not_take_part_is_not_named(world: World) -> None:
    challenge = world.challenge()
    lead = world.person("Lead")
    world.person("Outsider", Circle.EXPERT)
    sponsor = world.sponsor_of(challenge)
    panel = world.grant(world.person("Judge"), Role.PANEL, "challenge", challenge.id)
    idea = world.idea(challenge, lead)
    emails = [
        "nobody@example.org",
        "lead@example.org",
        "outsider@example.org",
        f"{sponsor.name}@example.org",
        f"{panel.name}@example.org",
    ]
    assert [_name(world, idea, lead, email) for email in emails] == [
        "Invalid nobody_has_this_address",
        "Invalid author_already",
        "Invalid author_not_in_audience",
        "Invalid author_not_in_audience",
        "Invalid author_not_in_audience",
    ]


def test_only_an_author_names_authors(world: World) -> None:
    challenge = world.challenge()
    idea = world.idea(challenge)
    world.person("Friend")
    watchers = [world.person(), world.sponsor_of(challenge), world.manager]
    assert [_name(world, idea, who, "friend@example.org") for who in watchers] == ["Refused edit_idea"] * 3


def test_the_last_author_does_not_leave(world: World) -> None:
    lead, other = world.person("Lead"), world.person("Other")
    idea = world.idea(world.challenge(), lead)
    _name(world, idea, lead, "other@example.org")
    leave = answer(lambda: authors.leave(actor=lead, idea=world.idea_again(idea)))
    assert leave == "NotPossible last_author"
    authors.accept_authorship(actor=other, idea=world.idea_again(idea))
    authors.leave(actor=lead, idea=world.idea_again(idea))
    assert ideas.author_ids([idea.id]) == {idea.id: [other.person_id]}
    assert ideas.get(other, idea.public_id) is not None


def test_a_decided_idea_gets_no_new_authors(world: World) -> None:
    challenge = world.challenge()
    lead = world.person("Lead")
    world.person("Other")
    idea = world.idea(challenge, lead)
    world.announced(challenge)
    assert _name(world, idea, lead, "other@example.org") == "NotPossible not_in_the_running"


def test_somebody_merely_named_who_sends_the_idea_has_accepted(world: World) -> None:
    lead, other = world.person("Lead"), world.person("Other")
    draft = world.draft_idea(world.challenge(), lead)
    _name(world, draft, lead, "other@example.org")
    writing.submit(actor=other, idea=world.idea_again(draft), accept_terms=True)
    assert ideas.author_ids([draft.id]) == {draft.id: [lead.person_id, other.person_id]}


def test_somebody_merely_named_does_not_withdraw_the_idea(world: World) -> None:
    lead, other = world.person("Lead"), world.person("Other")
    sent = world.idea(world.challenge(), lead)
    _name(world, sent, lead, "other@example.org")
    withdraw = [answer(lambda w=who: writing.withdraw(actor=w, idea=world.idea_again(sent))) for who in (other, lead)]
    assert withdraw == ["NotPossible authorship_not_accepted", "done"]
