"""Every mail says why it came; those that can be ended are ended by one click (RFC 8058), and by nothing less."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from flask import Flask

from innovation.ideas.models import Idea
from innovation.ideas.service import talking
from innovation.kernel import mail
from innovation.kernel.actor import Actor, Circle
from innovation.notifications.service import links
from innovation.people import queries as people
from innovation.rules.notices import PLANS, Topic
from innovation.rules.predicates import Role
from tests.integration.notifications.conftest import Told
from tests.support.world import World


def letters(world: World, to: str) -> list[EmailMessage]:
    """Every mail to an address, as it went, by subject."""
    world.settle()
    found = [letter for _name, letter in mail.kept(world.settings.mail_folder, 10_000) if letter["To"] == to]
    return sorted(found, key=lambda letter: str(letter["Subject"]))


def commented(world: World, author: Actor) -> Idea:
    idea = world.idea(world.challenge(world.person("Sponsor")), author)
    talking.say(actor=world.person("Writer"), idea=world.idea_again(idea), text="Good.")
    return idea


def way_out(letter: EmailMessage) -> str:
    """The path of the link out of a mail."""
    found = re.fullmatch(r"<http://127\.0\.0\.1:8000(/unsubscribe/[^<>\s]+)>", str(letter["List-Unsubscribe"]))
    assert found is not None
    return found[1]


def test_a_mail_that_can_be_ended_says_how_and_one_that_cannot_says_why(world: World) -> None:
    commented(world, world.person("Author"))
    comment, receipt = letters(world, "author@example.org")
    assert "comment on your idea" in str(comment["Subject"])
    body = comment.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert ("it is about “Comments”" in text, way_out(comment) in text, "/account/notifications" in text) == (True,) * 3
    assert receipt["List-Unsubscribe"] is None
    body = receipt.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert ("Such mails always come" in text, "/unsubscribe/" in text, "/account/notifications" in text) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize(("base", "one_click"), [("https://ideas.example.org", True), ("http://ideas.example.org", False)])
def test_one_click_is_offered_over_https_alone(base: str, one_click: bool) -> None:
    out = f"{base}/unsubscribe/{'x' * 90}"
    letter = mail.build(mail.Mail("a@b.org", "S", "t", "<p>h</p>", "m", "en", unsubscribe=out), "in@b.org")
    lines = letter.as_bytes().split(b"\r\n")
    assert f"List-Unsubscribe: <{out}>".encode() in lines
    assert (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines) == one_click


def test_opening_the_link_changes_nothing_and_one_click_ends_the_mails(world: World, told: Told) -> None:
    author = world.person("Author")
    idea = commented(world, author)
    path = way_out(letters(world, "author@example.org")[0])
    nobody = world.browser()
    for _ in range(2):
        page = nobody.get(path)
        assert (page.status_code, "End these mails" in page.text) == (200, True)
    talking.say(actor=world.person(), idea=world.idea_again(idea), text="Still told.")
    assert told("comment_idea", channel="mail") == [("Author", "comment_idea")] * 2
    for _ in range(2):
        answer = world.browser().post(path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "no more mails" in answer.text) == (200, True)
    talking.say(actor=world.person(), idea=world.idea_again(idea), text="Not mailed.")
    assert told("comment_idea", channel="mail") == [("Author", "comment_idea")] * 2
    assert told("comment_idea") == [("Author", "comment_idea")] * 3
    talking.say(actor=world.person(), idea=world.idea_again(idea), text="@Author is another topic.")
    assert told("mention", channel="mail") == [("Author", "mention")]


def test_it_can_be_undone(world: World, told: Told) -> None:
    author = world.person("Author")
    idea = commented(world, author)
    path = way_out(letters(world, "author@example.org")[0])
    browser = world.browser()
    browser.post(path)
    answer = browser.post(path, {"again": "yes"})
    assert (answer.status_code, "You get these mails again." in answer.text) == (200, True)
    talking.say(actor=world.person(), idea=world.idea_again(idea), text="Told again.")
    assert told("comment_idea", channel="mail") == [("Author", "comment_idea")] * 2


def test_a_foreign_or_broken_link_has_a_sentence_of_its_own(world: World) -> None:
    author = world.person("Author")
    row = people.persons([author.person_id or 0])[0]
    keys, forged = world.settings.signing_keys, ("another key",)
    tokens = [
        "x",
        links.sign(forged, row.public_id, Topic.COMMENT),
        links.sign(keys, row.public_id, Topic.COMMENT)[:-2],
        links.sign(keys, "0000000000", Topic.COMMENT),
        *(links.sign(keys, row.public_id, topic) for topic, plan in PLANS.items() if plan.must),
    ]
    browser = world.browser()
    for token in tokens:
        for answer in (browser.get(f"/unsubscribe/{token}"), browser.post(f"/unsubscribe/{token}")):
            assert (answer.status_code, "This link does not fit" in answer.text) == (404, True)
    assert browser.get(f"/unsubscribe/{links.sign(keys, row.public_id, Topic.COMMENT)}").status_code == 200


def test_the_one_click_needs_no_form_of_ours(world: World, app: Flask) -> None:
    world.person("Author")
    row = people.by_email("author@example.org")
    assert row is not None
    path = f"/unsubscribe/{links.sign(world.settings.signing_keys, row.public_id, Topic.COMMENT)}"
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert world.browser().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert world.browser().post("/follows", {"kind": "idea"}).status_code == 422
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


# --- who is answered -------------------------------------------------------------------------------------------------


def test_an_answer_reaches_the_sponsor_and_never_oneself(world: World) -> None:
    commented(world, world.person("Author"))
    assert {str(each["Reply-To"]) for each in letters(world, "author@example.org")} == {"Sponsor <sponsor@example.org>"}
    assert {str(each["Reply-To"]) for each in letters(world, "sponsor@example.org")} == {"Manager <manager@example.org>"}


def test_an_answer_to_a_mail_about_a_sealed_challenge_reaches_the_manager(world: World) -> None:
    world.idea(world.sealed(), world.person("Author", Circle.EXPERT))
    assert {str(each["Reply-To"]) for each in letters(world, "author@example.org")} == {"Manager <manager@example.org>"}


def test_the_programmes_own_manager_comes_before_the_houses(world: World) -> None:
    challenge = world.sealed()
    world.grant(world.person("Near"), Role.MANAGER, "programme", challenge.programme_id)
    world.idea(challenge, world.person("Author", Circle.EXPERT))
    assert {str(each["Reply-To"]) for each in letters(world, "author@example.org")} == {"Near <near@example.org>"}


def test_a_mail_about_an_account_has_no_other_answer(world: World) -> None:
    browser = world.browser()
    world.person("Author")
    browser.post("/password-reset", {"email": "author@example.org"})
    (letter,) = letters(world, "author@example.org")
    assert (letter["Reply-To"], letter["List-Unsubscribe"]) == (None, None)
