"""What people of the demo ask a sponsor and the authors of an idea, and which idea they let be offered."""

from __future__ import annotations

from typing import Any

from innovation.challenges.models import Challenge
from innovation.challenges.queries import by_id
from innovation.challenges.service import inquiries
from innovation.exchange.service.demo.telling import Demo, read
from innovation.ideas.service import offers, questioning
from innovation.kernel.actor import Actor, Origin
from innovation.people import queries as people
from innovation.rules.predicates import Role


def tell(demo: Demo) -> None:
    """Ask, answer and offer, each on its day."""
    story = read("asking")
    for row in story["inquiry"]:
        _inquire(demo, row)
    for row in story["question"]:
        _question(demo, row)
    for row in story["offer"]:
        _offer(demo, row)


def _inquire(demo: Demo, row: dict[str, Any]) -> None:
    challenge_id = demo.challenge_ids[row["on"]]
    with demo.on_day(row["day"]):
        asker = demo.actor(row["by"])
        asked = inquiries.ask(actor=asker, challenge=by_id(challenge_id), text=row["text"], private=row["private"])
    if "answer" in row:
        with demo.on_day(row["answer_day"]):
            shown = row.get("shown", "")
            sponsor = _sponsor(by_id(challenge_id))
            inquiries.answer(actor=sponsor, inquiry=asked, text=row["answer"], shown_text=shown, publish=bool(shown))


def _question(demo: Demo, row: dict[str, Any]) -> None:
    with demo.on_day(row["day"]):
        asked = questioning.ask(actor=demo.actor(row["by"]), idea=demo.idea(row["on"]), text=row["text"])
    if "answer" in row:
        with demo.on_day(row["answer_day"]):
            idea = demo.idea(row["on"])
            author = demo.actor(idea.authors[0].person_id)
            questioning.answer(actor=author, idea=idea, question=asked, text=row["answer"])


def _offer(demo: Demo, row: dict[str, Any]) -> None:
    """Every author agrees; then a later challenge asks."""
    with demo.on_day(row["day"]):
        idea = demo.idea(row["idea"])
        for each in idea.authors:
            if each.accepted_at is not None:
                offers.agree(actor=demo.actor(each.person_id), idea=idea, readable=True)
    with demo.on_day(row["asked_day"]):
        later = by_id(demo.challenge_ids[row["asked_by"]])
        offers.ask(actor=_sponsor(later), challenge=later, idea=demo.idea(row["idea"]), message=row["message"])


def _sponsor(challenge: Challenge) -> Actor:
    """Who answers for a challenge, as he stands."""
    return people.actor(people.holders(Role.SPONSOR, "challenge", challenge.id)[0], Origin.IMPORT)
