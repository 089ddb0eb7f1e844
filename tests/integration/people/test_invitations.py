"""Invitations one by one: what the link shows, who it lets in, how it says no, and that it is used once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.challenges.models import Audience, Challenge
from innovation.challenges.service import joining
from innovation.kernel.actor import VISITOR, Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.people.models import CircleMembership, Invitation, NeverInvite, Person
from innovation.people.service import accounts, grants, invitations
from tests.support.forms import filled
from tests.support.letters import Letter
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

GUEST = "guest@example.com"
TAKEN = "Whoever asked not to be invited gets no mail."


def _invite(world: World, email: str = GUEST, *, to: Challenge | None = None, **changes: Any) -> Invitation:
    values: dict[str, Any] = {
        "name": "Grace Guest",
        "circle": Circle.EXPERT,
        "organisation": "Institute",
        "department": "",
        "language": "en",
        "challenge_id": to.id if to is not None else None,
    }
    return invitations.invite(actor=world.manager, email=email, **(values | changes))


def _path(made: Invitation, act: str = "") -> str:
    return f"/invitation/{made.public_id}/{made.nonce}{'/' + act if act else ''}"


def _joined(email: str = GUEST) -> list[tuple[str, str]]:
    person = people.by_email(email)
    if person is None:
        return []
    rows = db.session.execute(
        select(CircleMembership.circle, CircleMembership.verified_by)
        .where(CircleMembership.person_id == person.id)
        .order_by(CircleMembership.id)
    )
    return [(circle, verified) for circle, verified in rows]


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _audience(challenge: Challenge) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(Audience.kind, Audience.value).where(Audience.challenge_id == challenge.id).order_by(Audience.id)
    )
    return [(row.kind, row.value) for row in rows]


def _again(made: Invitation) -> Invitation:
    return db.session.get_one(Invitation, made.id, populate_existing=True)


def _letter(world: World, to: str) -> Letter:
    return next(each for each in world.letters() if each.to == to)


def _join(made_id: int, name: str = "G") -> int:
    return joining.join(actor=VISITOR, invitation_id=made_id, name=name)


# --- what the link shows ----------------------------------------------------------------------------------------------


def test_the_link_shows_the_brief_to_a_visitor(world: World) -> None:
    sponsor = world.person("Sven Sponsor")
    challenge = world.sealed(sponsor, title="How dry is dry?", must="- Save steam", prize_minor=2_500_000)
    made = _invite(world, to=challenge, message="You know dryers.")
    page = world.browser().get(_path(made))
    said = words(page)
    wanted = ["How dry is dry?", "Save steam", "€25,000", "Sven Sponsor", "You know dryers.", "besides its authors", "CE"]
    assert [each for each in wanted if each not in said] == []
    assert (page.status_code, page.headers["X-Robots-Tag"], page.headers["Referrer-Policy"]) == (
        200,
        "noindex",
        "no-referrer",
    )


def test_opening_the_link_changes_nothing(world: World) -> None:
    challenge = world.sealed()
    made = _invite(world, to=challenge)
    before, facts = {c.key: getattr(made, c.key) for c in Invitation.__table__.columns}, _count(Event)
    browser = world.browser()
    assert [browser.get(_path(made)).status_code for _ in range(3)] == [200, 200, 200]
    assert [browser.get(_path(made, act)).status_code for act in ("acceptance", "refusal", "colleague")] == [405] * 3
    after = {c.key: getattr(_again(made), c.key) for c in Invitation.__table__.columns}
    assert (before, facts, _joined()) == (after, _count(Event), [])


def test_the_link_shows_no_idea_and_nothing_of_a_full_part(world: World) -> None:
    challenge = world.challenge(who_may="experts")
    world.idea(challenge, title="A very own idea", text="Press it with a membrane.")
    with transaction():
        row = db.session.get_one(Challenge, challenge.id)
        row.full_access, row.full_text, row.full_terms = "terms", "The reactor is a Zwanenburg 7.", "Keep the Zwanenburg."
    made = _invite(world, to=challenge)
    world.settle()
    said = world.browser().get(_path(made)).get_data(as_text=True) + _letter(world, GUEST).whole
    assert [secret for secret in ("A very own idea", "membrane", "Zwanenburg") if secret in said] == []


def test_the_link_and_the_mail_name_no_sponsor_who_withholds_his_name(world: World) -> None:
    challenge = world.sealed(world.person("Sven Sponsor"))
    with transaction():
        row = db.session.get_one(Challenge, challenge.id)
        row.sponsor_withheld, row.sponsor_name = True, "Acme Secret BV"
    made = _invite(world, to=challenge)
    world.settle()
    letter = _letter(world, GUEST)
    said = world.browser().get(_path(made)).get_data(as_text=True) + letter.whole
    assert [name for name in ("Sven Sponsor", "Acme Secret") if name in said] == []
    assert challenge.title in letter.whole


def test_a_link_needs_its_secret(world: World) -> None:
    made, other = _invite(world), _invite(world, "second@example.com")
    paths = [f"/invitation/{made.public_id}/{other.nonce}", f"/invitation/{made.public_id}/x"]
    assert [world.browser().get(path).status_code for path in paths] == [404, 404]


def test_a_closed_challenge_is_not_shown(world: World) -> None:
    challenge = world.sealed(title="A question that closed?")
    made = _invite(world, to=challenge)
    world.close(challenge)
    page = world.browser().get(_path(made))
    assert (page.status_code, "A question that closed?" in page.get_data(as_text=True)) == (200, False)


# --- taking part ------------------------------------------------------------------------------------------------------


def test_take_part_makes_the_person_proves_the_address_and_leads_to_the_challenge(world: World) -> None:
    challenge = world.sealed()
    made = _invite(world, to=challenge)
    browser = world.browser()
    form = {"name": "Grace Hopper", "circle": "staff", "organisation": "Host", "email": "other@example.com"}
    answered = browser.post(_path(made, "acceptance"), form)
    assert (answered.status_code, answered.headers["Location"]) == (303, f"/challenges/{challenge.public_id}")
    page = browser.get(f"/challenges/{challenge.public_id}")
    assert (page.status_code, "Send an idea" in page.get_data(as_text=True)) == (200, True)
    world.anew()
    person = people.by_email(GUEST)
    assert person is not None
    found = people.circle_of(person.id)
    address = people.address_of(person.id)
    assert found is not None
    assert address is not None
    assert (person.name, _joined(), found.organisation.name) == ("Grace Hopper", [("expert", "invitation")], "Institute")  # type: ignore[union-attr]
    assert (address.verified_at is not None, people.password_of(person.id)) == (True, None)
    assert people.by_email("other@example.com") is None


def test_taking_part_sends_no_second_mail(world: World) -> None:
    made = _invite(world)
    world.settle()
    assert world.browser().post(_path(made, "acceptance"), {"name": "G"}).status_code == 303
    world.settle()
    assert [letter.to for letter in world.letters()] == [GUEST]


def test_a_name_is_asked_for_and_nothing_typed_is_lost(world: World) -> None:
    made = _invite(world, name="")
    page = world.browser().post(_path(made, "acceptance"), {"name": " "})
    assert (page.status_code, _joined()) == (422, [])


def test_an_expert_is_named_in_the_audience_of_what_he_was_asked_for(world: World) -> None:
    challenge = world.challenge(who_may="staff")
    made = _invite(world, to=challenge)
    person_id = _join(made.id)
    assert _audience(challenge) == [("circle", "staff"), ("person", str(person_id))]


def test_nobody_is_named_in_an_audience_that_has_his_circle(world: World) -> None:
    challenge = world.sealed()
    before = _audience(challenge)
    _join(_invite(world, to=challenge).id)
    assert _audience(challenge) == before


def test_a_question_for_staff_is_opened_by_who_manages_it_alone(world: World) -> None:
    """Neither a co-author whom an author named nor a colleague named instead sees a brief that is for staff alone."""
    challenge = world.challenge(who_may="staff", title="For our own staff alone?")
    author = world.person()
    with transaction() as session:
        asked = invitations.ask(actor=author, email=GUEST, name="", challenge_id=challenge.id, now=world.now())
        session.flush()
        made_id = asked.id
    made = db.session.get_one(Invitation, made_id)
    world.settle()
    said = world.browser().get(_path(made)).get_data(as_text=True) + _letter(world, GUEST).whole
    person_id = _join(made_id)
    assert ("For our own staff alone?" in said, ("person", str(person_id)) in _audience(challenge)) == (False, False)


def test_an_invitation_is_used_once_by_sixteen_at_once(world: World) -> None:
    challenge = world.challenge(who_may="staff")
    number = _invite(world, to=challenge).id
    before = _count(Person)
    results = at_once(world.app, [lambda: _join(number)] * 16)
    assert sorted(spelled(each) for each in results) == ["Invalid invitation_spent"] * 15 + ["int"]
    assert (_count(Person), len(_audience(challenge))) == (before + 1, 2)


def test_one_answer_settles_everything_somebody_was_asked_by(world: World) -> None:
    """The nearest circle that was promised holds, and each invitation is stated as accepted."""
    first, second = world.sealed(), world.sealed()
    expert, partner = _invite(world, to=first), _invite(world, to=second, circle=Circle.PARTNER)
    person_id = _join(expert.id)
    facts = db.session.scalars(select(Event).where(Event.name == "InvitationAccepted").order_by(Event.id)).all()
    assert [(each.payload["invitation_id"], each.challenge_id) for each in facts] == [
        (expert.id, first.id),
        (partner.id, second.id),
    ]
    assert {_again(expert).accepted_by, _again(partner).accepted_by} == {person_id}
    assert _joined() == [("partner", "invitation")]


# --- each end in its own words ----------------------------------------------------------------------------------------

SENTENCES = {
    "expired": "It was good until",
    "used": "If that was you, sign in with the address guest@example.com.",
    "used by you": "You used this invitation on",
    "used by somebody else": "the person of that address used it on",
    "foreign": "Sign out first if both are you.",
    "revoked": "Whoever invited you took it back on",
    "replaced": "Look for the later mail and use its link.",
    "changed address": "belongs to an account by now.",
    "never": "You asked never to be invited again, and we keep to it",
}


def _end(world: World, made: Invitation, how: str) -> Actor | None:
    """Bring an invitation to an end; who looks at it then."""
    if how == "expired":
        with transaction():
            _again(made).expires_at = made.created_at
    elif how in ("used", "used by you", "used by somebody else"):
        person_id = _join(made.id)
        return {"used": None, "used by you": world.actor(person_id)}.get(
            how, world.person("Other") if "else" in how else None
        )
    elif how == "foreign":
        return world.person("Other")
    elif how == "revoked":
        invitations.revoke(actor=world.manager, invitation=made)
    elif how == "replaced":
        _invite(world)
    elif how == "changed address":
        with transaction():
            accounts.add_person(actor=VISITOR, name="G", email=GUEST, language="en", verified=True, now=world.now())
    elif how == "never":
        invitations.refuse_for_good(actor=VISITOR, invitation_id=made.id)
    return None


@pytest.mark.parametrize("how", SENTENCES)
def test_each_end_has_its_own_sentence(world: World, how: str) -> None:
    made = _invite(world)
    viewer = _end(world, made, how)
    browser = world.browser(viewer)
    page = browser.get(_path(made))
    said = words(page)
    assert [name for name, sentence in SENTENCES.items() if sentence in said] == [how]
    assert page.status_code == (200 if how in ("foreign", "changed address") else 410)
    before = _count(Person)
    assert browser.post(_path(made, "acceptance"), {"name": "G"}).status_code >= 409
    assert _count(Person) == before


def test_who_has_the_address_already_takes_part_as_himself(world: World) -> None:
    challenge = world.challenge(who_may="staff")
    made = _invite(world, "late.comer@example.org", to=challenge)
    owner = world.person("Late Comer", Circle.PARTNER)
    other = world.person("Other", Circle.PARTNER)
    assert answer(lambda: joining.join_as_oneself(actor=other, invitation_id=made.id)) == "Invalid invitation_foreign"
    answered = world.browser(owner).post(_path(made, "acceptance"))
    assert answered.headers["Location"] == f"/challenges/{challenge.public_id}"
    assert (_joined("late.comer@example.org"), _audience(challenge)[1:]) == (
        [("partner", "manager")],
        [("person", str(owner.person_id))],
    )


def test_signing_out_leads_back_to_the_link(world: World) -> None:
    made = _invite(world)
    browser = world.browser(world.person("Other"))
    assert browser.post("/sign-out", {"next": _path(made)}).headers["Location"] == _path(made)
    assert browser.post(_path(made, "acceptance"), {"name": "G"}).status_code == 303


# --- saying no --------------------------------------------------------------------------------------------------------


def test_not_for_me_is_one_button_and_can_be_thought_better_of(world: World) -> None:
    made = _invite(world)
    browser = world.browser()
    assert [browser.post(_path(made, "refusal")).status_code for _ in range(2)] == [303, 303]
    page = browser.get(_path(made))
    assert (page.status_code, "You said that it is not for you" in words(page)) == (200, True)
    facts = db.session.scalars(select(Event.name).where(Event.name.like("Invitation%"))).all()
    assert facts == ["InvitationDeclined"]
    assert browser.post(_path(made, "acceptance"), {"name": "G"}).status_code == 303


def test_who_said_never_is_never_mailed_again_by_any_door(world: World) -> None:
    challenge = world.sealed()
    made = _invite(world, to=challenge)
    other = _invite(world, "other@example.com", to=challenge)
    world.settle()
    assert world.browser().post(_path(made, "refusal-for-good")).status_code == 303
    sent = len(world.letters())
    manager = world.browser(world.manager)
    form = {"email": "Guest@Example.COM", "circle": "expert", "language": "en"}
    assert manager.post("/people/invitations", form).status_code == 303
    assert TAKEN in words(manager.get("/people/invitations"))
    invitations.invite_list(actor=world.manager, text=f"{GUEST}\nGUEST@example.com", circle=Circle.EXPERT, language="en")
    invitations.pass_on(actor=VISITOR, invitation_id=other.id, name="G", email=GUEST)
    author = world.person()
    with transaction():
        invitations.ask(actor=author, email=GUEST, name="", now=world.now())
    world.settle()
    invitations.hand_over(actor=house(Origin.CLOCK), at_most=100)
    world.settle()
    assert len(world.letters()) == sent
    assert [len(row.key_digest) for row in db.session.scalars(select(NeverInvite))] == [64]


def test_never_ends_a_mail_that_is_on_its_way(world: World) -> None:
    """Said between the fact and the sending: the letter is not written."""
    made = _invite(world)
    invitations.refuse_for_good(actor=VISITOR, invitation_id=made.id)
    world.settle()
    assert world.letters() == []


def test_the_inviter_reads_the_same_whether_somebody_said_never_or_not(world: World) -> None:
    made = _invite(world, "never@example.com")
    invitations.refuse_for_good(actor=VISITOR, invitation_id=made.id)
    manager, said = world.browser(world.manager), []
    for email in ("never@example.com", "other@example.com"):
        form = {"email": email, "circle": "expert", "language": "en"}
        answered = manager.post("/people/invitations", form)
        told = words(manager.get("/people/invitations")).partition(TAKEN)[0].rpartition("Sign out")[2]
        newest = people.invitations_page(None).items[0][0]
        kept = {
            c.key: getattr(newest, c.key) for c in Invitation.__table__.columns if c.key in ("revoked_at", "declined_at")
        }
        said.append((answered.status_code, told.replace(email, "ADDRESS"), kept))
    assert said[0] == said[1]


def test_a_colleague_is_asked_in_the_name_of_the_house(world: World) -> None:
    challenge = world.sealed()
    made = _invite(world, to=challenge, circle=Circle.PARTNER)
    world.settle()
    form = {"colleague": "Carl Colleague", "email": "carl@example.net"}
    assert world.browser().post(_path(made, "colleague"), form).status_code == 303
    world.settle()
    passed = db.session.scalars(select(Invitation).where(Invitation.email_key == "carl@example.net")).one()
    letter = _letter(world, "carl@example.net")
    assert (passed.circle, passed.challenge_id, passed.invited_by, passed.passed_on_from_id, passed.organisation_id) == (
        "expert",
        challenge.id,
        None,
        made.id,
        None,
    )
    assert ("Grace Guest thought of you" in letter.whole, "Dear Carl Colleague" in letter.whole) == (True, True)
    assert _again(made).declined_at is not None


@pytest.mark.parametrize(("own", "colleague"), [("staff", "expert"), ("expert", "expert"), ("public", "public")])
def test_a_colleague_is_never_nearer_than_an_expert_or_who_names_him(world: World, own: str, colleague: str) -> None:
    made = _invite(world, circle=Circle(own))
    invitations.pass_on(actor=VISITOR, invitation_id=made.id, name="C", email="carl@example.net")
    assert [row.circle for row in db.session.scalars(select(Invitation).order_by(Invitation.id))] == [own, colleague]


def test_a_colleague_is_named_once_and_is_somebody_else(world: World) -> None:
    made = _invite(world)
    name = [
        answer(lambda to=to: invitations.pass_on(actor=VISITOR, invitation_id=made.id, name="C", email=to))
        for to in ("GUEST@example.com", "carl@example.net", "dora@example.net")
    ]
    assert name == ["Invalid own_address", "done", "Invalid passed_on_before"]


def test_naming_a_colleague_tells_nobody_who_has_an_account(world: World) -> None:
    world.person("Known")
    made, other = _invite(world), _invite(world, "second@example.com")
    said = []
    for invitation, email in ((made, "known@example.org"), (other, "unknown@example.org")):
        browser = world.browser()
        answered = browser.post(_path(invitation, "colleague"), {"colleague": "C", "email": email})
        said.append((answered.status_code, "Taken, and thank you." in words(browser.get(_path(invitation)))))
    world.settle()
    assert said == [(303, True), (303, True)]
    assert sorted(each.to for each in world.letters() if each.to.endswith("@example.org")) == ["unknown@example.org"]


# --- who invites ------------------------------------------------------------------------------------------------------


def test_only_managers_and_administrators_invite(world: World) -> None:
    staff = world.person()
    form = {"email": "new@example.com", "circle": "staff", "language": "en"}
    assert world.browser(staff).post("/people/invitations", form).status_code == 403
    assert world.browser(world.manager).post("/people/invitations", form).status_code == 303
    assert [row.circle for row in db.session.scalars(select(Invitation))] == ["staff"]


def test_a_challenge_that_one_cannot_invite_to_is_no_choice(world: World) -> None:
    draft = world.draft_challenge(world.person(), title="A draft nobody reads?")
    form = {"email": "new@example.com", "circle": "expert", "language": "en", "challenge": draft.public_id}
    assert world.browser(world.manager).post("/people/invitations", form).status_code == 422
    assert _count(Invitation) == 0


def test_somebody_who_is_here_is_not_invited(world: World) -> None:
    world.person("Known")
    with pytest.raises(Invalid, match="already_here"):
        _invite(world, "KNOWN@example.org")


def test_an_invitation_that_was_taken_back_is_not_mailed(world: World) -> None:
    made = _invite(world)
    path = f"/people/invitations/{made.public_id}/revocation"
    assert world.browser(world.person()).post(path).status_code == 403
    assert world.browser(world.manager).post(path).status_code == 303
    world.settle()
    assert (world.letters(), answer(lambda: _join(made.id))) == ([], "Invalid invitation_spent")


def test_a_newer_invitation_replaces_the_open_one_for_the_same_challenge(world: World) -> None:
    first, second = _invite(world), _invite(world, circle=Circle.PARTNER)
    assert [answer(lambda i=each.id: _join(i)) for each in (first, second)] == ["Invalid invitation_spent", "done"]
    assert _joined() == [("partner", "invitation")]


def test_without_a_password_one_signs_in_by_a_mailed_link(world: World) -> None:
    _join(_invite(world).id, "Grace")
    browser = world.browser()
    assert "Send me a sign-in link" in words(browser.get("/sign-in"))
    assert browser.post("/password-reset", {"email": GUEST}).status_code == 200
    world.anew()
    assert browser.get(world.link("reset")).status_code == 200


# --- a circle that changes while an idea is being sent ----------------------------------------------------------------


def _move(world: World, who: Actor, circle: Circle) -> None:
    world.anew()
    person = db.session.get_one(Person, who.person_id)
    grants.change_circle(actor=world.manager, person=person, circle=circle, organisation="", department="")


def test_a_circle_change_before_sending_is_decided_by_the_rights_at_sending(world: World) -> None:
    """The page was open already when he was moved out of the audience: what he wrote stays, and is not sent."""
    challenge, expert = world.sealed(), world.person("Expert", Circle.EXPERT)
    idea = world.draft_idea(challenge, expert)
    browser, path = world.browser(expert), f"/ideas/{idea.public_id}/check"
    form = filled(browser.get(path), path) | {"accept_terms": "y"}
    _move(world, expert, Circle.PUBLIC)
    assert browser.post(path, form).status_code == 403
    assert world.idea_again(idea).state == "draft"
    _move(world, expert, Circle.PARTNER)
    assert browser.post(path, form).status_code == 303
    assert (world.idea_again(idea).state, world.idea_again(idea).circle) == ("submitted", "partner")


def test_a_circle_change_after_sending_takes_no_idea_back(world: World) -> None:
    challenge, expert = world.sealed(), world.person("Expert", Circle.EXPERT)
    idea = world.idea(challenge, expert)
    _move(world, expert, Circle.PUBLIC)
    assert (world.idea_again(idea).state, world.idea_again(idea).circle) == ("submitted", "expert")


def test_a_circle_change_at_the_moment_of_sending_decides_one_way_or_the_other(world: World) -> None:
    challenge, expert = world.sealed(), world.person("Expert", Circle.EXPERT)
    idea = world.draft_idea(challenge, expert)
    browser, path, manager = world.browser(expert), f"/ideas/{idea.public_id}/check", world.manager
    form = filled(browser.get(path), path) | {"accept_terms": "y"}

    def move() -> None:
        person = db.session.get_one(Person, expert.person_id)
        grants.change_circle(actor=manager, person=person, circle=Circle.PUBLIC, organisation="", department="")

    status, moved = at_once(world.app, [lambda: browser.post(path, form).status_code, move])
    after = world.idea_again(idea)
    assert (status, moved, after.state, after.circle) in (
        (303, None, "submitted", "expert"),
        (403, None, "draft", None),
    )
