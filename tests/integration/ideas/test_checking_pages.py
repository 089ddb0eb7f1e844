"""The pages and mails of ideas that are looked at before others see them, and who is reminded."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Deputy
from innovation.challenges.service import briefs, deputies
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.queries import openings
from innovation.ideas.service import checking, writing
from innovation.kernel import clock
from innovation.kernel.actor import Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.rules.predicates import Role
from tests.support.checked import Checked
from tests.support.pages import typed, words
from tests.support.refusals import answer
from tests.support.world import World

SECRET = "zyzzyva"


def _letters(world: World, *starts: str) -> list[tuple[str, str]]:
    """(to whom, the subject up to its colon) of the mails whose subject begins so."""
    return [
        (each.to.split("@")[0], each.subject.split(":")[0]) for each in world.letters() if each.subject.startswith(starts)
    ]


# --- pages ---------------------------------------------------------------------------------------------------------


def test_who_checks_finds_it_and_decides_in_three_ways(world: World) -> None:
    made = Checked(world)
    first, second, third = (made.idea(f"Idea {n}") for n in "ABC")
    browser, number = world.browser(made.checker), made.challenge.public_id
    assert "Check 3 ideas before others see them" in words(browser.get("/my-work"))
    assert f"/challenges/{number}/ideas-to-check" in browser.get(f"/challenges/{number}").get_data(as_text=True)
    listed = words(browser.get(f"/challenges/{number}/ideas-to-check"))
    assert [title in listed for title in ("Idea A", "Idea B", "Idea C")] == [True] * 3
    page = words(browser.get(f"/ideas/{first.public_id}"))
    assert [each in page for each in ("Check this idea", "Accept it", "Ask something first", "Turn it down")] == [True] * 4
    assert browser.post(f"/ideas/{first.public_id}/acceptance", {"revision": "1"}).status_code == 303
    asked = {"revision": "1", "note": "At what scale?", "until": world.wall(days=30).isoformat(timespec="minutes")}
    assert browser.post(f"/ideas/{second.public_id}/question-back", asked).status_code == 303
    refused = {"revision": "1", "note": "This is an advertisement."}
    assert browser.post(f"/ideas/{third.public_id}/refusal", refused).status_code == 303
    assert [made.stand(each)[0] for each in (first, second, third)] == ["submitted", "returned", "declined"]
    after = words(browser.get(f"/challenges/{number}/ideas-to-check"))
    assert ["Nothing waits to be checked" in after, "1 idea was sent back" in after] == [True, True]


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(world: World) -> None:
    made = Checked(world)
    idea, browser = made.idea(), world.browser(made.checker)
    address = f"/ideas/{idea.public_id}/question-back"
    page = browser.post(address, {"revision": "1", "note": "Why?", "until": "2020-01-01T10:00"})
    assert (page.status_code, typed(page, "note"), "This time is past" in words(page)) == (422, "Why?", True)
    empty = browser.post(f"/ideas/{idea.public_id}/refusal", {"revision": "1", "note": " "})
    assert (empty.status_code, made.stand(idea)[0]) == (422, "checking")


def test_what_was_changed_since_it_was_read_is_not_accepted_unread(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    writing.revise(actor=made.author, idea=made.again(idea), title="Other", text="Words.", requested_minor=None)
    page = world.browser(made.checker).post(f"/ideas/{idea.public_id}/acceptance", {"revision": "1"}, follow_redirects=True)
    assert "changed the idea since you opened it" in words(page)
    assert made.stand(idea)[0] == "checking"


def test_an_author_reads_what_he_is_asked_and_sends_it_again_from_the_editor(world: World) -> None:
    made = Checked(world)
    idea = made.idea("Mine")
    browser, address = world.browser(made.author), f"/ideas/{idea.public_id}"
    waits = words(browser.get(address))
    assert ["Somebody looks at it before others see it" in waits, "Checker" in waits] == [True, True]
    made.ask(idea, "At what scale?", until=clock.now() + timedelta(days=30))
    made.past(closes_at=timedelta(seconds=1))
    page = browser.get(address)
    assert ["At what scale?" in words(page), "Answer, and send it again" in words(page)] == [True, True]
    editor = browser.get(f"{address}/edit")
    assert ["At what scale?" in words(editor), "This challenge takes no ideas now" in words(editor)] == [True, False]
    assert "Answer the question about “Mine”" in words(browser.get("/my-work"))
    form = {"title": "Mine", "text": "At ten litres.", "state": "returned", "then": "send", "accept_terms": "y"}
    sent = browser.post(f"{address}/edit", form | {"mine": "yes", "employer": "no"})
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{address}/receipt")
    assert (made.stand(idea)[0], made.again(idea).text) == ("checking", "At ten litres.")
    made.decline(idea, "Still too small.")
    told = words(browser.get(address))
    assert ["Still too small." in told, "Your rights stay yours" in told] == [True, True]


def test_a_note_of_who_checks_is_read_by_authors_and_checkers_alone(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    made.ask(idea, f"Is it {SECRET}?")
    made.send(idea)
    made.accept(idea)
    db.session.execute(update(Idea).where(Idea.id == idea.id).values(check_note=SECRET))
    db.session.commit()
    for who in (made.sponsor, world.person("Reader"), world.manager):
        page = world.browser(who).get(f"/ideas/{idea.public_id}")
        assert (page.status_code, SECRET in page.get_data(as_text=True)) == (200, False)


def test_the_doors_of_checking_are_there_for_who_checks(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    there = f"/challenges/{made.challenge.public_id}/ideas-to-check"
    doors = [f"/ideas/{idea.public_id}/{each}" for each in ("question-back", "refusal")]
    found = {
        who.name: [world.browser(who).get(each).status_code for each in (there, *doors)]
        for who in (made.checker, made.author, made.sponsor, world.manager, world.person("Reader"))
    }
    assert found == {
        "Checker": [200, 200, 200],
        "Author": [403, 403, 403],
        "Sponsor": [403, 404, 404],
        "Manager": [403, 404, 404],
        "Reader": [403, 404, 404],
    }


def test_an_opening_by_who_checks_is_noted_for_the_author(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    world.browser(made.checker).get(f"/ideas/{idea.public_id}")
    world.anew()
    found = openings.page(made.author, made.again(idea), None)
    assert [(each.role, each.name) for each in found.items] == [("checker", "Checker")]


def test_who_reads_it_first_is_said_before_sending(world: World) -> None:
    made = Checked(world)
    page = words(world.browser(made.author).get(f"/challenges/{made.challenge.public_id}/ideas/new"))
    assert "Somebody looks at it before others see it, within two days: Checker." in page
    with transaction():
        challenges.by_id(made.challenge.id).sponsor_withheld = True
    briefs.remove_person(
        actor=made.sponsor,
        challenge=world.again(made.challenge),
        person_id=made.checker.person_id or 0,
        role=Role.CHECKER,
    )
    again = words(world.browser(made.author).get(f"/challenges/{made.challenge.public_id}/ideas/new"))
    assert ["within two days: the sponsor (name withheld)." in again, "Sponsor" in again] == [True, False]


# --- the setting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who_may", "visibility", "said", "checked"),
    [
        ("staff", "open", "usual", False),
        ("experts", "open", "usual", True),
        ("everyone", "open", "usual", True),
        ("everyone", "open", "at_once", False),
        ("experts", "sealed", "usual", False),
        ("experts", "sealed", "first", True),
        ("staff", "open", "first", True),
    ],
)
def test_it_is_usual_where_people_from_outside_answer_openly(
    world: World, who_may: str, visibility: str, said: str, checked: bool
) -> None:
    draft = world.draft_challenge(world.person("Sponsor"))
    browser, address = world.browser(world.sponsor_of(draft)), f"/challenges/{draft.public_id}/edit"
    assert typed(browser.get(address), "title") == draft.title
    form = {
        "title": "Which?",
        "must": "Work.",
        "language": "en",
        "who_may": who_may,
        "visibility": visibility,
        "checked": said,
        "zone": "Europe/Amsterdam",
        "closes": world.wall(days=20).isoformat(timespec="minutes"),
        "who_decides": "sponsor",
        "ballot": "approval",
        "totals_shown": "closed",
        "names": "usual",
        "record_for": "sponsor",
        "how_many": "top",
        "k": "3",
        "currency": "EUR",
        "terms": "author_keeps",
        "announce": "sponsor",
        "then": "save",
    }
    assert browser.post(address, form).status_code == 303
    world.anew()
    assert challenges.by_id(draft.id).checked_first is checked
    shown = browser.get(address).get_data(as_text=True)
    chosen = [
        tag
        for tag in re.findall(r'<input[^>]*name="checked"[^>]*>', shown)
        if " checked" in tag.replace('name="checked"', "")
    ]
    assert [f'value="{said}"' in tag for tag in chosen] == [True]


def test_a_copy_keeps_it_and_a_published_one_stays_as_it_is(world: World) -> None:
    made = Checked(world)
    copied = briefs.copy(actor=made.sponsor, original=world.again(made.challenge))
    assert copied.checked_first
    brief = briefs.Brief(title="x", must="y", who_may="experts", closes=world.wall(days=9), vote_closes=world.wall(days=12))
    edited = answer(lambda: briefs.edit(actor=made.sponsor, challenge=world.again(made.challenge), brief=brief))
    assert edited == "NotPossible brief_is_published"


# --- who checks, and in whose place --------------------------------------------------------------------------------


def test_a_sponsor_names_who_checks_and_no_author_does(world: World) -> None:
    made = Checked(world, named=False)
    made.idea()
    world.person("Ann")
    browser, address = world.browser(made.sponsor), f"/challenges/{made.challenge.public_id}/people"
    assert browser.post(address, {"email": "ann@example.org", "role": "checker"}).status_code == 303
    own = browser.post(address, {"email": "author@example.org", "role": "checker"})
    assert (own.status_code, "Nobody is judge in his own cause" in words(own)) == (422, True)
    world.anew()
    assert [each.name for each in challenges.checkers_named(made.challenge.id)] == ["Ann"]


def test_where_nothing_is_checked_nobody_is_named_for_it(world: World) -> None:
    plain = world.challenge(world.person("Sponsor"))
    world.person("Ann")
    address = f"/challenges/{plain.public_id}/people"
    page = world.browser(world.sponsor_of(plain)).post(address, {"email": "ann@example.org", "role": "checker"})
    assert page.status_code == 422


def test_who_checks_names_a_deputy_for_himself_alone(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    dora = world.person("Dora")
    browser, number = world.browser(made.checker), made.challenge.public_id
    own = browser.post(f"/challenges/{number}/checking-deputies", {"email": "author@example.org"})
    assert (own.status_code, "Nobody is judge in his own cause" in words(own)) == (422, True)
    assert browser.post(f"/challenges/{number}/checking-deputies", {"email": "dora@example.org"}).status_code == 303
    for_another = {
        "actor": made.checker,
        "challenge": world.again(made.challenge),
        "person_id": made.sponsor.person_id or 0,
        "email": "dora@example.org",
    }
    assert answer(lambda: deputies.name_deputy(**for_another)) == "Refused edit_challenge"
    world.settle()
    assert _letters(world, "You check ideas") == [("dora", "You check ideas in somebody’s place")]
    dora = world.actor(dora.person_id or 0)
    assert made.accept(idea, dora) == "done"
    assert browser.post(f"/challenges/{number}/checking-deputies/removal").status_code == 303
    world.anew()
    assert people.holders(Role.CHECKER, "challenge", made.challenge.id) == [made.checker.person_id]
    assert db.session.scalar(select(Deputy.id)) is None


# --- mails ---------------------------------------------------------------------------------------------------------


def test_mails_tell_of_it_and_quote_nothing_of_the_idea(world: World) -> None:
    made = Checked(world)
    follower = world.person("Follower")
    world.browser(follower).post("/follows", {"kind": "challenge", "public_id": made.challenge.public_id, "level": "all"})
    kept, back, down = (made.idea(f"{SECRET} {n}", text=f"All about {SECRET}.") for n in "abc")
    world.settle()
    assert _letters(world, "Please check") == [("checker", "Please check")] * 3
    assert _letters(world, "We have your idea") == [("author", "We have your idea")] * 3
    made.ask(back, "At what scale?", until=clock.now() + timedelta(days=30))
    made.decline(down, "It is an advertisement.")
    world.settle()
    assert _letters(world, "A question about", "Not let through") == [
        ("author", "A question about your idea"),
        ("author", "Not let through"),
    ]
    told = {each.subject.split(":")[0]: each for each in world.letters()}
    assert "At what scale?" in told["A question about your idea"].text
    assert "It is an advertisement." in told["Not let through"].text
    assert {each.to for each in world.letters() if SECRET in each.whole} == set()
    made.accept(kept)
    world.settle()
    accepted = [each for each in world.letters() if each.subject.startswith("Checked, and there")]
    assert [(each.to, SECRET in each.subject) for each in accepted] == [("author@example.org", True)]


def _waiting(world: World, made: Checked, **ago: float) -> None:
    """Let what waits have been sent so long ago, and the clock look, twice."""
    with transaction():
        sent = clock.now() - timedelta(**ago)
        db.session.execute(update(Idea).where(Idea.state == "checking").values(submitted_at=sent))
    world.anew()
    for _again in range(2):
        checking.remind(actor=house(Origin.CLOCK))
    world.settle()


def test_who_checks_is_reminded_after_a_day_and_managers_when_two_are_over(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    made.idea(author=world.person("", Circle.EXPERT))
    mails = ("Still for you", "Ideas wait longer", "Longer than promised")
    _waiting(world, made, hours=23)
    assert _letters(world, *mails) == []
    _waiting(world, made, hours=25)
    assert _letters(world, *mails) == [("checker", "Still for you to check")]
    _waiting(world, made, hours=49)
    assert sorted(_letters(world, *mails)) == [
        ("checker", "Ideas wait longer than promised"),
        ("checker", "Still for you to check"),
        ("manager", "Longer than promised"),
    ]
    late = [each for each in world.letters() if each.subject.startswith("Longer than promised")]
    assert ["2 ideas wait" in each.text for each in late] == [True]
    assert ideas.get(world.manager, idea.public_id) is None


def test_what_was_checked_is_not_reminded_of(world: World) -> None:
    made = Checked(world)
    made.accept(made.idea())
    _waiting(world, made, hours=49)
    assert _letters(world, "Still for you", "Ideas wait longer", "Longer than promised") == []


def test_what_waits_too_long_stands_on_the_manager_s_page_by_number(world: World) -> None:
    made = Checked(world)
    idea = made.idea(f"{SECRET} one")
    _waiting(world, made, hours=49)
    page = world.browser(world.manager).get(f"/challenges/{made.challenge.public_id}/funnel")
    assert ["1 idea that nobody has checked" in words(page), SECRET in words(page)] == [True, False]
    listed = world.browser(world.manager).get(f"/challenges/{made.challenge.public_id}/funnel/idea/checking/inside")
    said = words(listed)
    assert (listed.status_code, idea.public_id in said, SECRET in said) == (200, True, False)


def test_a_challenge_that_checks_says_so(world: World) -> None:
    made = Checked(world)
    reader = world.browser(world.person("Reader"))
    assert "somebody checks it, within two days" in words(reader.get(f"/challenges/{made.challenge.public_id}"))
    with transaction():
        db.session.execute(update(Challenge).values(checked_first=False))
    assert "somebody checks it" not in words(reader.get(f"/challenges/{made.challenge.public_id}"))
