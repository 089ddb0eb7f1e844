"""The mails that are shown before anything is decided are the very mails that leave, and looking at them leaves no trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select, text

from innovation.challenges.service import inquiries
from innovation.kernel import mail as post
from innovation.kernel.actor import Actor
from innovation.kernel.db import Base, db
from innovation.kernel.mail import Mail
from innovation.rules.predicates import Role
from innovation.rules.sending import Chosen, SendingAct
from innovation.steering.service import rehearsing
from tests.integration.steering.conftest import Desk
from tests.support.letters import letters


def tried(desk: Desk, act: str, chosen: Sequence[Chosen], words: str, who: Actor, **more: Any) -> list[rehearsing.Tried]:
    desk.world.anew()
    said: dict[str, Any] = {"personal": {}, "params": {}} | more
    found = rehearsing.try_out(actor=who, act=SendingAct(act), chosen=chosen, words=words, **said)
    desk.world.anew()
    return found


def _whole(mail: Mail) -> dict[str, Any]:
    """A mail but for its id: a house that tries something moves a counter on, so the real one has another number."""
    return asdict(mail) | {"message_id": ""}


def same_as_sent(
    desk: Desk, act: str, chosen: Sequence[Chosen], words: str, who: Actor, monkeypatch: Any, **more: Any
) -> int:
    """Try, decide, let it leave, and compare every mail byte for byte. How many there were."""
    shown = [_whole(each.mail) for one in tried(desk, act, chosen, words, who, **more) for each in one.letters]
    sent: list[dict[str, Any]] = []
    really = post.send

    def note(letter: Mail, settings: Any) -> None:
        sent.append(_whole(letter))
        really(letter, settings)

    desk.world.settle()
    monkeypatch.setattr(post, "send", note)
    desk.decide_for(chosen, act, words, who, **more)
    desk.sent()
    desk.world.settle()
    order = sorted(shown, key=lambda each: (each["to"], each["subject"], each["text"]))
    assert sorted(sent, key=lambda each: (each["to"], each["subject"], each["text"])) == order
    return len(order)


def test_the_mails_of_a_refusal_are_the_ones_that_were_shown(desk: Desk, monkeypatch: Any) -> None:
    author = desk.world.person("Ada", language="nl")
    one, other = desk.idea(author=author), desk.idea()
    chosen = [Chosen("idea", each.public_id) for each in (one, other)]
    personal = {f"idea:{one.public_id}": "Met dank."}
    assert (
        same_as_sent(desk, "decline_idea", chosen, "Not <b>now</b> & here.", desk.sponsor, monkeypatch, personal=personal)
        == 2
    )


def test_the_mails_of_a_question_back_are_the_ones_that_were_shown(desk: Desk, monkeypatch: Any) -> None:
    chosen = [Chosen("idea", desk.idea().public_id)]
    assert same_as_sent(desk, "return_idea", chosen, "How would it work?", desk.sponsor, monkeypatch) == 1


def test_the_mails_of_a_returned_challenge_are_the_ones_that_were_shown(desk: Desk, monkeypatch: Any) -> None:
    asked = desk.world.handed_in(desk.world.draft_challenge(desk.world.person(), desk.programme))
    chosen = [Chosen("challenge", asked.public_id)]
    assert same_as_sent(desk, "return_challenge", chosen, "Ask one question.", desk.world.manager, monkeypatch) == 1


def test_the_mails_of_answers_are_the_ones_that_were_shown(desk: Desk, monkeypatch: Any) -> None:
    asked = [
        inquiries.ask(actor=desk.world.person(), challenge=desk.world.again(desk.challenge), text="How thick?", private=True)
        for _ in range(2)
    ]
    chosen = [Chosen("inquiry", each.public_id) for each in asked]
    assert same_as_sent(desk, "answer", chosen, "Two millimetres.", desk.sponsor, monkeypatch) == 2


def test_the_mails_of_reminders_are_the_ones_that_were_shown(desk: Desk, monkeypatch: Any) -> None:
    asked = inquiries.ask(actor=desk.world.person(), challenge=desk.world.again(desk.challenge), text="How?", private=False)
    chosen = [Chosen("inquiry", asked.public_id), Chosen("idea", desk.idea().public_id)]
    assert same_as_sent(desk, "remind", chosen, "Please look at it today.", desk.world.manager, monkeypatch) == 2


def _everything() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables
    }


def test_looking_leaves_no_trace(desk: Desk) -> None:
    idea = desk.idea()
    desk.world.settle()
    before, written = _everything(), len(letters(desk.world.settings.mail_folder))
    shown = tried(desk, "decline_idea", [Chosen("idea", idea.public_id)], "No.", desk.sponsor)
    assert [len(each.letters) for each in shown] == [1]
    desk.world.settle()
    assert _everything() == before
    assert len(letters(desk.world.settings.mail_folder)) == written
    assert db.session.execute(text("SELECT 1")).scalar_one() == 1
    assert desk.states(idea) == ["checking"]


def test_what_cannot_be_done_is_said_before(desk: Desk) -> None:
    other = desk.checked_challenge()
    mine, foreign = desk.idea(), desk.idea(other)
    desk.world.close(desk.challenge)
    shown = tried(desk, "return_idea", [Chosen("idea", mine.public_id)], "How?", desk.sponsor)
    assert [(each.problem, each.letters) for each in shown] == [("day_needed", ())]
    assert desk.states(mine, foreign) == ["checking", "checking"]


def test_twenty_mails_are_shown_and_the_rest_only_tried(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr(rehearsing, "SHOWN", 2)
    ideas = [desk.idea() for _ in range(4)]
    desk.world.close(desk.challenge)
    shown = tried(desk, "decline_idea", [Chosen("idea", each.public_id) for each in ideas], "No.", desk.sponsor)
    assert [(len(each.letters), each.looked, each.problem) for each in shown] == [
        (1, True, ""),
        (1, True, ""),
        (0, False, ""),
        (0, False, ""),
    ]


def test_the_same_words_to_several_authors_are_shown_once_and_no_address_with_them(desk: Desk) -> None:
    asked = inquiries.ask(actor=desk.world.person(), challenge=desk.world.again(desk.challenge), text="How?", private=False)
    desk.world.grant(desk.world.person("Second"), Role.SPONSOR, "challenge", desk.challenge.id)
    (shown,) = tried(desk, "remind", [Chosen("inquiry", asked.public_id)], "Please answer.", desk.world.manager)
    (copy,) = shown.copies
    own = {each.mail.unsubscribe for each in shown.letters}
    assert (copy.to, len(own)) == (2, 2)
    assert not any(link in copy.text for link in own)
    assert "End these mails: …" in copy.text
