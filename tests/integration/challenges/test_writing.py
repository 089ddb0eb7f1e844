"""From four answers to publication: the defaults, the times, who publishes, and what stays afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme, Terms
from innovation.challenges.service import briefs, course
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.people.models import Person
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from tests.support.pages import typed
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import ZONE, World


def _form(world: World, programme: Any, **changes: str) -> dict[str, str]:
    values = {
        "title": "How do we cool without water?",
        "must": "Half the water, same output.",
        "who_may": "staff",
        "closes": world.wall(days=28).isoformat(timespec="minutes"),
        "zone": ZONE,
        "programme": programme.public_id,
    }
    return values | changes


def _started(world: World, who_may: str) -> Challenge:
    programme = world.programme()
    sponsor = world.person("Sponsor")
    page = world.browser(sponsor).post("/challenges/new", _form(world, programme, who_may=who_may))
    assert page.status_code == 303
    world.anew()
    return challenges.by_id(db.session.scalars(select(Challenge.id)).one())


def test_four_answers_make_an_open_vote_for_staff(world: World) -> None:
    made = _started(world, "staff")
    assert (made.visibility, made.who_decides, made.state) == ("open", "votes", "draft")
    assert made.vote_closes_at is not None
    assert made.vote_closes_at - made.closes_at == timedelta(days=7)
    assert [(line.kind, line.value) for line in made.audience] == [("circle", "staff")]
    somebody_liked_it = {"all": [{"measure": "for", "at_least": {"value": 1}}]}
    assert made.rule == ready_rule("support_top", eligibility=somebody_liked_it)
    assert made.terms is not None
    assert made.terms.key == "employee"


@pytest.mark.parametrize(
    ("who_may", "circles"),
    [("experts", ["expert", "partner", "staff"]), ("everyone", ["expert", "partner", "public", "staff"])],
)
def test_four_answers_make_a_sealed_choice_of_the_sponsor_beyond_staff(
    world: World, who_may: str, circles: list[str]
) -> None:
    made = _started(world, who_may)
    assert (made.visibility, made.who_decides) == ("sealed", "sponsor")
    assert (made.vote_opens_at, made.vote_closes_at) == (None, None)
    assert sorted(line.value for line in made.audience) == circles
    assert made.rule == ready_rule("sponsor_picks")
    assert made.terms is not None
    assert made.terms.key == "author_keeps"


def test_who_begins_a_challenge_is_its_sponsor(world: World) -> None:
    made = _started(world, "staff")
    assert world.sponsor_of(made).name == "Sponsor"
    assert challenges.sponsor_names([made.id]) == {made.id: "Sponsor"}


def test_the_same_form_twice_begins_one_challenge(world: World) -> None:
    programme = world.programme()
    browser = world.browser(world.person())
    form = _form(world, programme, once="k" * 20)
    answers = [browser.post("/challenges/new", form) for _ in range(3)]
    assert [page.status_code for page in answers] == [303, 303, 303]
    assert len({page.headers["Location"] for page in answers}) == 1
    assert db.session.scalar(select(func.count()).select_from(Challenge)) == 1


def test_only_staff_and_managers_begin_challenges(world: World) -> None:
    world.programme()
    circles = [Circle.STAFF, Circle.PARTNER, Circle.EXPERT, Circle.PUBLIC]
    answers = [world.browser(world.person("", circle)).get("/challenges/new").status_code for circle in circles]
    assert answers == [200, 403, 403, 403]
    assert world.browser().get("/challenges/new").status_code == 303


# --- times ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "code"),
    [(datetime(2027, 3, 28, 2, 30), "nonexistent"), (datetime(2027, 10, 31, 2, 30), "ambiguous")],
)
@pytest.mark.parametrize("field", ["closes", "opens", "vote_closes", "answer_by"])
def test_times_that_do_not_exist_or_exist_twice_are_refused_at_their_field(
    world: World, field: str, moment: datetime, code: str
) -> None:
    sponsor, programme = world.person(), world.programme()
    times = {
        "opens": moment - timedelta(days=10),
        "closes": moment - timedelta(days=5),
        "vote_closes": moment,
        "answer_by": moment + timedelta(days=5),
    }
    values = {"title": "T", "must": "M", "who_may": "staff", "zone": ZONE} | times
    if field == "opens":
        values |= {"opens": moment, "closes": moment + timedelta(days=1), "vote_closes": moment + timedelta(days=2)}
    elif field == "closes":
        values |= {"closes": moment, "vote_closes": moment + timedelta(days=2)}
    elif field == "answer_by":
        values |= {"vote_closes": moment - timedelta(days=1), "answer_by": moment}
    brief = briefs.Brief(**values)
    with pytest.raises(briefs.Invalid) as refusal:
        briefs.start(actor=sponsor, programme=programme, brief=brief)
    assert (refusal.value.code, refusal.value.field) == (f"time_{code}", field)
    assert db.session.scalar(select(func.count()).select_from(Challenge)) == 0


def test_the_door_keeps_what_was_typed_and_says_it_at_the_field(world: World) -> None:
    programme = world.programme()
    form = _form(world, programme, closes="2027-03-28T02:30", title="Why <b>not</b>?")
    page = world.browser(world.person()).post("/challenges/new", form)
    assert page.status_code == 422
    assert typed(page, "title") == "Why &lt;b&gt;not&lt;/b&gt;?"
    assert typed(page, "must") == "Half the water, same output."
    assert typed(page, "closes") == "2027-03-28T02:30"
    assert 'href="#closes"' in page.get_data(as_text=True)


@pytest.mark.parametrize("closes", ["9999-12-31T17:00", "0001-01-01T00:00", "not a date", "", "2026-13-45T99:99"])
def test_dates_out_of_reach_are_form_errors(world: World, closes: str) -> None:
    programme = world.programme()
    page = world.browser(world.person()).post("/challenges/new", _form(world, programme, closes=closes))
    assert page.status_code == 422


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"opens": 30}, ("closes_before_it_opens", "closes")),
        ({"vote_opens": 36}, ("vote_ends_before_it_begins", "vote_closes")),
        ({"opens": 5, "vote_opens": 2}, ("vote_before_ideas", "vote_opens")),
        ({"vote_closes": 20}, ("vote_ends_before_ideas", "vote_closes")),
        ({"answer_by": 30}, ("answer_before_the_end", "answer_by")),
    ],
)
def test_times_out_of_order_are_refused_at_their_field(
    world: World, changes: dict[str, int], refusal: tuple[str, str]
) -> None:
    sponsor = world.person()
    times = {name: world.wall(days=days) for name, days in changes.items()}
    with pytest.raises(briefs.Invalid) as caught:
        world.draft_challenge(sponsor, **times)
    assert (caught.value.code, caught.value.field) == refusal


def test_wall_time_zone_and_instant_are_all_kept(world: World) -> None:
    closes = datetime(2031, 7, 1, 17, 0)
    made = world.draft_challenge(world.person(), closes=closes, vote_closes=None, zone="Asia/Tokyo")
    again = world.again(made)
    assert (again.zone, again.wall_times["closes"]) == ("Asia/Tokyo", "2031-07-01T17:00:00")
    assert again.closes_at.isoformat() == "2031-07-01T08:00:00+00:00"


# --- sealed has no crowd -------------------------------------------------------------------------------------------


def test_a_sealed_challenge_is_not_decided_by_votes(world: World) -> None:
    with pytest.raises(briefs.Invalid) as caught:
        world.draft_challenge(world.person(), visibility="sealed", who_decides="votes")
    assert (caught.value.code, caught.value.field) == ("sealed_has_no_crowd", "who_decides")


def test_the_schema_refuses_a_sealed_vote_too(world: World) -> None:
    made = world.challenge()
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Challenge).where(Challenge.id == made.id).values(visibility="sealed"))


@pytest.mark.parametrize(
    "values", [{"state": "open"}, {"visibility": "secret"}, {"who_decides": "crowd"}, {"ballot": "score"}]
)
def test_the_schema_refuses_words_that_are_not_in_use(world: World, values: dict[str, str]) -> None:
    made = world.challenge()
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Challenge).where(Challenge.id == made.id).values(**values))


# --- rules and money -----------------------------------------------------------------------------------------------


def test_a_rule_that_spends_a_budget_needs_one(world: World) -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "budget", "overrun": "skip"})
    with pytest.raises(briefs.Invalid) as caught:
        world.draft_challenge(world.person(), rule=rule)
    assert (caught.value.code, caught.value.field) == ("rule_needs_a_budget", "budget")


def test_a_rule_that_is_not_sound_is_refused(world: World) -> None:
    with pytest.raises(briefs.Invalid) as caught:
        world.draft_challenge(world.person(), rule={"version": 1, "capacity": {"kind": "all"}})
    assert caught.value.code == "rule_order_needed"


# --- publication ---------------------------------------------------------------------------------------------------


def test_only_a_manager_publishes(world: World) -> None:
    sponsor = world.person()
    made = world.handed_in(world.draft_challenge(sponsor))
    sponsor = world.actor(sponsor.person_id)  # type: ignore[arg-type]
    administrator = world.grant(world.person(), Role.ADMINISTRATOR)
    answers = [
        answer(lambda who=who: briefs.publish(actor=who, challenge=world.again(made)))
        for who in (sponsor, world.person(), administrator, world.manager)
    ]
    assert answers == ["Refused publish_challenge"] * 3 + ["done"]
    assert world.again(made).state == "published"


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_what_its_sponsor_has_not_handed_in_is_not_published(world: World, state: str) -> None:
    made = world.draft_challenge(world.person())
    if state == "returned":
        briefs.send_back(actor=world.manager, challenge=world.handed_in(made), note="Say more.")
    path = f"/challenges/{made.public_id}"
    browser = world.browser(world.manager)
    assert "Check and publish" not in browser.get(path).get_data(as_text=True)
    page = browser.post(f"{path}/publication")
    assert page.status_code == 409
    assert "Its sponsor hands it in first; then you can publish it." in page.get_data(as_text=True)
    assert world.again(made).state == state


def test_a_manager_hands_in_and_publishes_his_own_draft_in_one_act(world: World) -> None:
    begun = world.draft_challenge(world.manager)
    named = world.draft_challenge(world.person())
    boss = world.grant(world.manager, Role.SPONSOR, "challenge", named.id)
    for made in (begun, named):
        path = f"/challenges/{made.public_id}"
        assert "Check and publish" in world.browser(boss).get(path).get_data(as_text=True)
        check = world.browser(boss).get(f"{path}/check").get_data(as_text=True)
        assert made.title in check
        assert "The terms: " in check
        assert world.browser(boss).post(f"{path}/publication").status_code == 303
        facts = select(Event.name).where(Event.challenge_id == made.id).order_by(Event.id.desc()).limit(2)
        assert (world.again(made).state, list(db.session.scalars(facts))) == (
            "published",
            ["ChallengePublished", "ChallengeProposed"],
        )


def test_a_managers_own_draft_that_was_sent_back_is_handed_in_again_first(world: World) -> None:
    made = world.draft_challenge(world.manager)
    boss = world.actor(world.manager.person_id)  # type: ignore[arg-type]
    briefs.send_back(actor=boss, challenge=world.handed_in(made), note="Sleep on it.")

    def publish() -> None:
        briefs.publish(actor=boss, challenge=world.again(made))

    assert answer(publish) == "NotPossible cannot_publish"
    world.handed_in(made)
    assert answer(publish) == "done"


def test_managers_are_asked_to_look_only_at_what_waits_for_them(world: World) -> None:
    world.grant(world.person("Colleague"), Role.MANAGER)
    briefs.publish(actor=world.manager, challenge=world.draft_challenge(world.manager, title="Mine alone?"))
    world.handed_in(world.draft_challenge(world.person(), title="Waits for you?"))
    world.settle()
    mails = [letter for letter in world.letters() if "colleague@example.org" in letter.to]
    assert [("Waits for you?" in mail.whole, "Mine alone?" in mail.whole) for mail in mails] == [(True, False)]


def test_a_manager_of_another_programme_does_not_publish(world: World) -> None:
    made = world.handed_in(world.draft_challenge(world.person()))
    other = world.programme("Other")
    stranger = world.grant(world.person(), Role.MANAGER, "programme", other.id)
    own = world.grant(world.person(), Role.MANAGER, "programme", made.programme_id)
    assert answer(lambda: briefs.publish(actor=stranger, challenge=world.again(made))) == "Refused publish_challenge"
    assert answer(lambda: briefs.publish(actor=own, challenge=world.again(made))) == "done"


def test_a_challenge_is_handed_in_returned_with_a_note_and_published(world: World) -> None:
    sponsor = world.person()
    made = world.draft_challenge(sponsor)
    sponsor, browser = world.sponsor_of(made), world.browser(world.manager)
    own, path = world.browser(sponsor), f"/challenges/{made.public_id}"
    assert own.post(f"{path}/proposal").status_code == 303
    assert browser.post(f"{path}/return", {"note": ""}).status_code == 422
    assert browser.post(f"{path}/return", {"note": "Say what was tried."}).status_code == 303
    assert (world.again(made).state, world.again(made).note) == ("returned", "Say what was tried.")
    assert own.post(f"{path}/proposal").status_code == 303
    assert browser.post(f"{path}/publication").status_code == 303
    assert (world.again(made).state, world.again(made).note) == ("published", "")
    assert browser.post(f"{path}/publication").status_code == 409


def test_publishing_opens_it_at_once_unless_its_schedule_says_later(world: World) -> None:
    now = world.challenge()
    later = world.challenge(opens=world.wall(days=3))
    assert now.opens_at == now.published_at
    assert later.opens_at == clock.to_utc(datetime.fromisoformat(later.wall_times["opens"]), ZONE)
    assert later.opens_at > later.published_at  # type: ignore[operator]


def test_a_challenge_that_is_over_is_not_published(world: World) -> None:
    made = world.handed_in(world.draft_challenge(world.person()))
    world.close(made)
    assert answer(lambda: briefs.publish(actor=world.manager, challenge=world.again(made))) == "Invalid closes_in_the_past"


def test_publishing_twice_at_once_publishes_once(world: World) -> None:
    made = world.handed_in(world.draft_challenge(world.person()))
    boss, number = world.manager, made.id

    def publish() -> None:
        row = challenges.by_id(number)
        db.session.rollback()
        briefs.publish(actor=boss, challenge=row)

    results = at_once(world.app, [publish] * 4)
    assert sorted(spelled(each) for each in results) == ["NoneType"] + ["NotPossible cannot_publish"] * 3
    facts = select(func.count()).select_from(Event).where(Event.name == "ChallengePublished")
    assert db.session.scalar(facts) == 1


def test_the_first_challenges_of_a_house_may_begin_at_once(world: World) -> None:
    programme, people = world.programme(), world.crowd(4)
    key = {"title": "T", "must": "M", "who_may": "staff", "closes": world.wall(days=28), "zone": ZONE}

    number = programme.id

    def start(who: Actor) -> None:
        with transaction():
            row = db.session.get_one(Programme, number)
            briefs.start(actor=who, programme=row, brief=briefs.Brief(**key))

    results = at_once(world.app, [lambda who=who: start(who) for who in people])
    assert [spelled(each) for each in results if isinstance(each, Exception)] == []
    assert db.session.scalar(select(func.count()).select_from(Terms)) == 1


# --- what was promised stays ---------------------------------------------------------------------------------------


def _brief_of(challenge: Challenge, **changes: Any) -> briefs.Brief:
    closes = datetime.fromisoformat(challenge.wall_times["closes"])
    brief = briefs.Brief(title=challenge.title, must=challenge.must, who_may="staff", closes=closes, zone=challenge.zone)
    return replace(brief, **changes)


def test_a_published_brief_is_not_edited_by_anybody(world: World) -> None:
    made = world.challenge()
    for who in (world.sponsor_of(made), world.manager):
        again = world.again(made)
        brief = _brief_of(again, title="Another question")
        assert answer(lambda w=who, c=again, b=brief: briefs.edit(actor=w, challenge=c, brief=b)) == (
            "NotPossible brief_is_published"
        )
    assert world.again(made).title == made.title


def test_a_draft_is_edited_by_its_sponsor_and_by_nobody_else(world: World) -> None:
    made = world.draft_challenge(world.person())
    again = world.again(made)
    assert answer(lambda: briefs.edit(actor=world.person(), challenge=again, brief=_brief_of(again, title="No"))) == (
        "Refused edit_challenge"
    )
    sponsor = world.sponsor_of(made)
    again = world.again(made)
    briefs.edit(actor=sponsor, challenge=again, brief=_brief_of(again, title="Yes", who_may="everyone"))
    again = world.again(made)
    assert (again.title, sorted(line.value for line in again.audience)) == ("Yes", ["expert", "partner", "public", "staff"])


def test_a_deadline_moves_only_later_and_takes_the_vote_along(world: World) -> None:
    made = world.challenge()
    sponsor = world.sponsor_of(made)
    closes = datetime.fromisoformat(made.wall_times["closes"])
    before, gap = made.closes_at, made.vote_closes_at - made.closes_at  # type: ignore[operator]
    moves = [closes, closes - timedelta(minutes=1), closes - timedelta(days=20)]
    refused = [
        answer(lambda to=to: course.extend(actor=sponsor, challenge=world.again(made), closes=to, reason="More time."))
        for to in moves
    ]
    assert refused == ["Invalid deadline_only_later"] * 3
    course.extend(actor=sponsor, challenge=world.again(made), closes=closes + timedelta(days=3), reason="More time.")
    again = world.again(made)
    assert again.wall_times["closes"] == (closes + timedelta(days=3)).isoformat()
    assert (again.closes_at - before, again.vote_closes_at - again.closes_at) == (timedelta(days=3), gap)  # type: ignore[operator]
    facts = db.session.scalars(select(Event.payload).where(Event.name == "ChallengeExtended")).all()
    assert [(fact["field"], fact["before"]) for fact in facts] == [("closes", before.isoformat())]


def test_a_deadline_that_has_passed_does_not_move(world: World) -> None:
    made = world.challenge()
    world.close(made)
    late = answer(
        lambda: course.extend(
            actor=world.manager, challenge=world.again(made), closes=world.wall(days=60), reason="More time."
        )
    )
    assert late == "NotPossible too_late_to_extend"


def test_a_deadline_is_not_moved_to_a_time_that_does_not_exist(world: World) -> None:
    made = world.challenge()
    gap = datetime(2028, 3, 26, 2, 30)
    said = answer(lambda: course.extend(actor=world.manager, challenge=world.again(made), closes=gap, reason="More time."))
    assert said == "Invalid time_nonexistent"


def test_only_a_manager_stops_a_challenge_and_it_says_why(world: World) -> None:
    made = world.challenge()
    sponsor = world.sponsor_of(made)
    refused = answer(lambda: course.stop(actor=sponsor, challenge=world.again(made), note="x", ideas="They stay yours."))
    assert refused == "Refused stop_challenge"
    course.stop(actor=world.manager, challenge=world.again(made), note="The plant is sold.", ideas="They stay yours.")
    again = world.again(made)
    assert (again.state, again.note) == ("stopped", "The plant is sold.")


# --- copies and people ---------------------------------------------------------------------------------------------


def test_a_copy_has_the_same_words_and_rule_and_new_dates(world: World) -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 7})
    changes = {"background": "B", "constraints": "C", "summary": "S", "rule": rule, "prize_minor": 500_00}
    original = world.challenge(who_may="experts", **changes)
    world.close(original)
    copier = world.person("Copier")
    page = world.browser(copier).post(f"/challenges/{original.public_id}/copy", {"once": "k" * 20})
    assert page.status_code == 303
    world.anew()
    number = db.session.scalars(select(Challenge.id).where(Challenge.copied_from_id == original.id)).one()
    made = challenges.by_id(number)
    same = ["title", "must", "background", "constraints", "summary", "rule", "prize_minor", "terms_id", "visibility"]
    assert {name: getattr(made, name) for name in same} == {name: getattr(original, name) for name in same}
    assert (made.state, made.public_id != original.public_id) == ("draft", True)
    assert [line.value for line in made.audience] == [line.value for line in original.audience]
    assert made.closes_at > clock.now() + timedelta(days=26)
    assert world.sponsor_of(made).name == "Copier"


def test_copying_twice_by_a_double_click_makes_one(world: World) -> None:
    original = world.challenge()
    browser = world.browser(world.person())
    for _ in range(2):
        assert browser.post(f"/challenges/{original.public_id}/copy", {"once": "k" * 20}).status_code == 303
    copies = select(func.count()).select_from(Challenge).where(Challenge.copied_from_id == original.id)
    assert db.session.scalar(copies) == 1


def test_a_challenge_keeps_its_last_sponsor(world: World) -> None:
    made = world.challenge()
    sponsor = world.sponsor_of(made)
    leave = answer(
        lambda: briefs.remove_person(
            actor=sponsor,
            challenge=world.again(made),
            person_id=sponsor.person_id,  # type: ignore[arg-type]
            role=Role.SPONSOR,
        )
    )
    assert leave == "Invalid last_sponsor"


def test_people_are_taken_off_by_their_public_name_alone(world: World) -> None:
    made = world.challenge()
    helper = world.person("Helper")
    world.grant(helper, Role.PANEL, "challenge", made.id)
    row = db.session.get_one(Person, helper.person_id)
    browser, path = world.browser(world.manager), f"/challenges/{made.public_id}/people"
    assert f'name="person" value="{row.public_id}"' in browser.get(path).get_data(as_text=True)
    answers = [browser.post(f"{path}/panel/removal", {"person": who}) for who in (str(helper.person_id), row.public_id)]
    assert [page.status_code for page in answers] == [404, 303]
    assert people.holders(Role.PANEL, "challenge", made.id) == []


def test_the_edit_page_of_what_is_published_leads_to_the_challenge_with_the_reason(world: World) -> None:
    made = world.challenge()
    browser = world.browser(world.sponsor_of(made))
    page = browser.get(f"/challenges/{made.public_id}/edit")
    assert (page.status_code, page.headers["Location"]) == (303, f"/challenges/{made.public_id}")
    text = browser.get(page.headers["Location"]).get_data(as_text=True)
    assert "This challenge is published, so its brief stays as it was promised." in text


@pytest.mark.parametrize("role", ["nonsense", "administrator", "audience"])
def test_a_role_that_a_challenge_does_not_give_is_not_taken_either(world: World, role: str) -> None:
    made = world.challenge()
    page = world.browser(world.manager).post(f"/challenges/{made.public_id}/people/{role}/removal", {"person": "1"})
    assert page.status_code == 404
