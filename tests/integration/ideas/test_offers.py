"""Ideas that were not chosen, on offer to later challenges: only with every author's consent, and only by their own act."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from innovation.challenges import queries as challenges
from innovation.challenges.models import Audience, Challenge
from innovation.ideas.models import Author, Idea, Offer
from innovation.ideas.queries import offers as queries
from innovation.ideas.service import offers
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.people.models import Person
from innovation.rules.predicates import Role
from tests.conftest import counting
from tests.support.pages import typed, words
from tests.support.world import World

QUESTION = "How do we take heat from waste water?"
TITLE = "Take heat from waste water in the drain"
TEXT = "A spiral in the drain takes the heat from the waste water before it leaves. " * 8


def _not_chosen(world: World, author: Actor, *, sealed: bool = False, title: str = TITLE, **changes: Any) -> Idea:
    """An idea whose result is announced, and that was not chosen."""
    challenge = world.sealed() if sealed else world.challenge(who_may="experts")
    idea = world.idea(world.again(challenge), author, title=title, **({"text": TEXT} | changes))
    return _declined(world, idea)


def _declined(world: World, idea: Idea) -> Idea:
    with transaction():
        db.session.execute(update(Idea).where(Idea.id == idea.id).values({"state": "declined"}))
        db.session.execute(
            update(Challenge)
            .where(Challenge.id == idea.challenge_id)
            .values({"state": "decided", "decided_at": clock.now()})
        )
    return world.idea_again(idea)


def _agree(world: World, idea: Idea, who: Actor, *, readable: bool = True) -> None:
    offers.agree(actor=who, idea=world.idea_again(idea), readable=readable)


def _later(world: World, **changes: Any) -> Challenge:
    return world.challenge(title=QUESTION, **({"who_may": "experts"} | changes))


def _found(world: World, who: Actor, challenge: Challenge) -> list[str]:
    return [each.idea.public_id for each in queries.fitting(who, world.again(challenge), clock.now())]


def _ask(
    world: World, challenge: Challenge, idea: Idea, who: Actor | None = None, message: str = "Bring it, please."
) -> Offer:
    asks = who or world.sponsor_of(challenge)
    row = world.idea_again(idea)
    return offers.ask(actor=asks, challenge=challenges.by_id(challenge.id), idea=row, message=message)


def _offer(world: World, offer: Offer) -> Offer:
    world.anew()
    found = queries.by_id(offer.id)
    assert found is not None
    return found


def test_who_may_offer_and_who_may_ask(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea, later = _not_chosen(world, author), _later(world)
    who = {
        "author": author,
        "sponsor": world.sponsor_of(later),
        "manager": world.manager,
        "panel": world.panellist(later),
        "staff": world.person(),
        "administrator": world.grant(world.person("", Circle.PUBLIC), Role.ADMINISTRATOR),
        "visitor": VISITOR,
    }
    offer, ask = set(), set()
    for name, actor in who.items():
        try:
            _agree(world, idea, actor)
            offer.add(name)
        except Refused:
            pass
    for name, actor in who.items():
        try:
            _ask(world, later, idea, actor)
            ask.add(name)
        except Refused:
            pass
        with transaction():
            db.session.execute(delete(Offer))
    assert (offer, ask) == ({"author"}, {"sponsor", "manager"})


def test_it_is_on_offer_once_every_author_agrees_and_until_one_takes_it_back(world: World) -> None:
    author, other = world.person("", Circle.EXPERT), world.person("", Circle.EXPERT)
    idea, later = _not_chosen(world, author), _later(world)
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=other.person_id or 0, position=2, accepted_at=clock.now()))
    sponsor = world.sponsor_of(later)
    stages = [_found(world, sponsor, later)]
    for who in (author, other):
        _agree(world, idea, who)
        stages.append(_found(world, sponsor, later))
    offers.take_back(actor=author, idea=world.idea_again(idea))
    stages.append(_found(world, sponsor, later))
    _agree(world, idea, author)
    stages.append(_found(world, sponsor, later))
    assert stages == [[], [], [idea.public_id], [], [idea.public_id]]


def test_only_what_was_not_chosen_and_is_announced_can_be_offered(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    challenge = world.challenge(who_may="experts")
    idea = world.idea(challenge, author)
    with pytest.raises(NotPossible) as early:
        _agree(world, idea, author)
    assert early.value.code == "not_to_be_offered"
    idea = _declined(world, idea)
    _agree(world, idea, author)
    for state, columns in (("promoted", {}), ("declined", {"emptied_at": clock.now()}), ("declined", {"unchecked": True})):
        with transaction():
            db.session.execute(update(Idea).where(Idea.id == idea.id).values({"state": state} | columns))
        assert not queries.can_be_offered(world.idea_again(idea))
        with transaction():
            db.session.execute(
                update(Idea).where(Idea.id == idea.id).values({"state": "declined", "emptied_at": None, "unchecked": False})
            )


def test_a_sealed_idea_is_read_only_with_the_consent_that_says_so_and_by_published_challenges(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea = _not_chosen(world, author, sealed=True)
    with pytest.raises(Invalid) as unread:
        _agree(world, idea, author, readable=False)
    assert unread.value.code == "offer_unreadable"
    sponsor = world.person()
    draft = world.draft_challenge(sponsor, title=QUESTION, who_may="experts")
    sponsor = world.sponsor_of(draft)
    _agree(world, idea, author)
    assert _found(world, sponsor, draft) == []
    later = _later(world)
    assert _found(world, world.sponsor_of(later), later) == [idea.public_id]
    page = words(world.browser(world.sponsor_of(later)).get(f"/challenges/{later.public_id}/earlier-ideas"))
    assert (TITLE in page, TEXT[:60] in page, TEXT.strip() in page) == (True, True, False)
    assert "A later challenge" in words(world.browser(author).get(f"/ideas/{idea.public_id}/openings"))


def test_an_open_one_is_shown_to_a_challenge_that_is_being_prepared_but_asked_for_once_it_is_out(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea = _not_chosen(world, author)
    _agree(world, idea, author)
    draft = world.draft_challenge(world.person(), title=QUESTION, who_may="experts")
    sponsor = world.sponsor_of(draft)
    assert _found(world, sponsor, draft) == [idea.public_id]
    with pytest.raises(NotPossible) as early:
        _ask(world, draft, idea)
    assert early.value.code == "takes_no_ideas"
    page = words(world.browser(sponsor).get(f"/challenges/{draft.public_id}/earlier-ideas"))
    assert ("once this is published" in page, "Ask its authors" in page) == (True, False)


def test_only_what_fits_is_shown(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    fits = _not_chosen(world, author)
    other = _not_chosen(world, author, title="Zxqv jkwp", text="Bnmq zzyx. Jjkl ppow!")
    for idea in (fits, other):
        _agree(world, idea, author)
    later = _later(world)
    assert _found(world, world.sponsor_of(later), later) == [fits.public_id]


def test_nobody_is_shown_his_own_nor_an_idea_of_who_judges_there(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea = _not_chosen(world, author)
    _agree(world, idea, author)
    later = _later(world)
    sponsor = world.sponsor_of(later)
    assert _found(world, sponsor, later) == [idea.public_id]
    world.panellist(later, author)
    assert _found(world, sponsor, later) == []


def test_authors_are_named_only_as_each_agreed_to_be(world: World) -> None:
    author, other = world.person("Named Author", Circle.EXPERT), world.person("Quiet Author", Circle.EXPERT)
    idea, later = _not_chosen(world, author), _later(world)
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=other.person_id or 0, position=2, accepted_at=clock.now()))
        db.session.execute(update(Person).where(Person.id == author.person_id).values(named_publicly_at=clock.now()))
    for who in (author, other):
        _agree(world, idea, who)
    page = words(world.browser(world.sponsor_of(later)).get(f"/challenges/{later.public_id}/earlier-ideas"))
    assert ["Named Author" in page, "Quiet Author" in page, "1 author who is not named" in page] == [True, False, True]


def test_who_brings_it_is_let_in_and_has_a_draft(world: World) -> None:
    author, other = world.person("", Circle.EXPERT), world.person("", Circle.EXPERT)
    idea = _not_chosen(world, author)
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=other.person_id or 0, position=2, accepted_at=clock.now()))
    for who in (author, other):
        _agree(world, idea, who)
    later = _later(world, who_may="staff")
    with pytest.raises(NotPossible) as outside:
        _ask(world, later, idea)
    assert outside.value.code == "authors_not_in_audience"
    offer = _ask(world, later, idea, world.manager)
    assert challenges.get(author, later.public_id) is None
    made = offers.bring(actor=author, offer=_offer(world, offer))
    world.anew()
    brought = world.idea_again(made)
    assert (brought.state, brought.title, brought.text, brought.offered_from_id) == ("draft", TITLE, idea.text, idea.id)
    assert [(each.person_id, each.accepted_at is not None) for each in brought.authors] == [
        (author.person_id, True),
        (other.person_id, False),
    ]
    lines = db.session.scalars(select(Audience.value).where(Audience.challenge_id == later.id, Audience.kind == "person"))
    assert sorted(lines) == sorted(str(each.person_id) for each in (author, other))
    assert challenges.get(author, later.public_id) is not None
    assert _offer(world, offer).state == "brought"
    assert world.idea_again(idea).state == "declined"
    with pytest.raises(NotPossible) as twice:
        offers.bring(actor=author, offer=_offer(world, offer))
    assert twice.value.code == "offer_answered"


def test_an_author_who_judges_there_by_then_brings_nothing(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea, later = _not_chosen(world, author), _later(world)
    _agree(world, idea, author)
    offer = _ask(world, later, idea)
    judge = world.panellist(later, author)
    with pytest.raises(Refused):
        offers.bring(actor=judge, offer=_offer(world, offer))
    world.anew()
    assert (_offer(world, offer).state, db.session.scalar(select(func.count(Idea.id)))) == ("asked", 1)


def test_a_challenge_asks_once_and_its_authors_say_no(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea, later = _not_chosen(world, author), _later(world)
    _agree(world, idea, author)
    offer = _ask(world, later, idea)
    for who in (world.sponsor_of(later), world.manager):
        with pytest.raises(NotPossible) as twice:
            _ask(world, later, idea, who)
        assert twice.value.code == "asked_for_already"
    offers.refuse(actor=author, offer=_offer(world, offer))
    assert _offer(world, offer).state == "refused"
    with pytest.raises(NotPossible):
        _ask(world, later, idea)


def test_nothing_is_asked_of_an_idea_that_was_taken_back_meanwhile(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea, later = _not_chosen(world, author), _later(world)
    _agree(world, idea, author)
    row = world.idea_again(idea)
    offers.take_back(actor=author, idea=world.idea_again(idea))
    with pytest.raises(NotPossible) as gone:
        _ask(world, later, row)
    assert gone.value.code == "no_longer_on_offer"


def test_an_erased_author_offers_nothing(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea, later = _not_chosen(world, author), _later(world)
    _agree(world, idea, author)
    with transaction():
        db.session.execute(update(Person).where(Person.id == author.person_id).values(erased_at=clock.now()))
    assert _found(world, world.sponsor_of(later), later) == []


def test_mails_tell_authors_and_who_asked_and_quote_nothing_sealed(world: World) -> None:
    author = world.person("Authoress", Circle.EXPERT)
    idea, later = _not_chosen(world, author, sealed=True, title="Zebrafrost heat from waste water"), _later(world)
    _agree(world, idea, author)
    offer = _ask(world, later, idea, message="Your Zebrafrost fits us.")
    world.settle()
    told = [each for each in world.letters() if "asks for your idea" in each.subject]
    assert [(each.to, "Zebrafrost" in each.whole, f"/offers/{offer.public_id}" in each.text) for each in told] == [
        ("authoress@example.org", False, True)
    ]
    offers.bring(actor=author, offer=_offer(world, offer))
    world.settle()
    answered = [each for each in world.letters() if "earlier idea comes to you" in each.subject]
    sponsor = world.sponsor_of(later)
    assert [(each.to, "Zebrafrost" in each.whole, "Authoress" in each.whole) for each in answered] == [
        (f"{sponsor.name}@example.org", False, False)
    ]


def test_facts_hold_ids_alone(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea, later = _not_chosen(world, author), _later(world)
    _agree(world, idea, author)
    _agree(world, idea, author)
    offer = _ask(world, later, idea)
    offers.refuse(actor=author, offer=_offer(world, offer))
    offers.take_back(actor=author, idea=world.idea_again(idea))
    offers.take_back(actor=author, idea=world.idea_again(idea))
    names = ("OfferAgreed", "IdeaAskedFor", "OfferAnswered", "OfferTakenBack")
    rows = db.session.execute(
        select(Event.name, Event.challenge_id, Event.payload).where(Event.name.in_(names)).order_by(Event.id)
    )
    assert [tuple(row) for row in rows] == [
        ("OfferAgreed", idea.challenge_id, {"person_id": author.person_id}),
        ("IdeaAskedFor", later.id, {"offer_id": offer.id}),
        ("OfferAnswered", later.id, {"offer_id": offer.id, "brought": False}),
        ("OfferTakenBack", idea.challenge_id, {"person_id": author.person_id}),
    ]


def test_the_list_asks_a_fixed_number_of_questions_of_the_database(world: World) -> None:
    later = _later(world)
    sponsor = world.sponsor_of(later)
    earlier = world.challenge(who_may="experts")

    def on_offer(count: int) -> None:
        for number in range(count):
            author = world.person("", Circle.EXPERT)
            made = world.idea(world.again(earlier), author, title=f"{TITLE} {number}", text=TEXT)
            ideas.append((made, author))
        for made, author in ideas:
            _declined(world, made)
            _agree(world, made, author)
        with transaction():
            db.session.execute(
                update(Challenge).where(Challenge.id == earlier.id).values({"state": "published", "decided_at": None})
            )

    def counted() -> int:
        with transaction():
            db.session.execute(
                update(Challenge).where(Challenge.id == earlier.id).values({"state": "decided", "decided_at": clock.now()})
            )
        browser = world.browser(sponsor)
        browser.get(f"/challenges/{later.public_id}/earlier-ideas")
        with counting() as statements:
            assert browser.get(f"/challenges/{later.public_id}/earlier-ideas").status_code == 200
        with transaction():
            db.session.execute(
                update(Challenge).where(Challenge.id == earlier.id).values({"state": "published", "decided_at": None})
            )
        return len(statements)

    ideas: list[tuple[Idea, Actor]] = []
    on_offer(1)
    few = counted()
    on_offer(14)
    assert counted() == few


def test_consent_ask_and_answer_by_the_pages(world: World) -> None:
    author = world.person("", Circle.EXPERT)
    idea, later = _not_chosen(world, author, sealed=True), _later(world)
    mine, theirs = world.browser(author), world.browser(world.sponsor_of(later))
    assert "Let it be offered to later challenges" in words(mine.get(f"/ideas/{idea.public_id}"))
    page = words(mine.get(f"/ideas/{idea.public_id}/offer"))
    assert "Your rights are yours again" in page
    assert mine.post(f"/ideas/{idea.public_id}/offer", {}).status_code == 422
    assert mine.post(f"/ideas/{idea.public_id}/offer", {"readable": "y"}).status_code == 303
    here = f"/challenges/{later.public_id}/earlier-ideas"
    assert TITLE in words(theirs.get(here))
    assert theirs.post(f"{here}/{idea.public_id}", {"message": ""}).status_code == 422
    assert theirs.post(f"{here}/{idea.public_id}", {"message": "It fits us."}).status_code == 303
    world.anew()
    offer = db.session.scalars(select(Offer)).one()
    assert "It fits us." in words(mine.get(f"/offers/{offer.public_id}"))
    assert "Read what they say" in words(mine.get(f"/ideas/{idea.public_id}"))
    strangers = (world.person(), world.sponsor_of(later), world.manager)
    assert [world.browser(who).get(f"/offers/{offer.public_id}").status_code for who in strangers] == [404] * 3
    assert [world.browser(who).get(f"/ideas/{idea.public_id}/offer").status_code for who in strangers] == [404] * 3
    done = mine.post(f"/offers/{offer.public_id}/draft")
    assert done.status_code == 303
    assert typed(mine.get(done.headers["Location"]), "title") == TITLE
    assert "You bring it" in words(mine.get(f"/offers/{offer.public_id}"))
    assert "Its authors bring it" in words(theirs.get(here))
    assert mine.post(f"/ideas/{idea.public_id}/offer/removal").status_code == 303


def test_the_decision_says_whose_the_idea_is_now(world: World) -> None:
    challenge, author = world.challenge(), world.person("Authoress")
    world.idea(challenge, author)
    for _ in range(3):
        world.vote(world.idea(world.again(challenge)))
    world.announced(challenge)
    world.settle()
    told = [each for each in world.letters() if each.to == "authoress@example.org" and "Not chosen" in each.subject]
    terms = challenges.by_id(challenge.id).terms
    said = "What was yours is yours again" if terms and terms.key == "employee" else "Your rights are yours again"
    assert [(said in each.text, said in each.html, "/offer" in each.text) for each in told] == [(True, True, True)]
