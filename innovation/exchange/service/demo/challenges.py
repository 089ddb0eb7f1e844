"""The challenges of the demo, from their first draft to publication, and the ideas that were sent."""

from __future__ import annotations

from typing import Any

from innovation.challenges.models import Challenge, Programme
from innovation.challenges.service import briefs
from innovation.challenges.service.terms import AUTHOR_KEEPS, EMPLOYEE, LICENCE_IF_CHOSEN
from innovation.exchange.service.demo import files
from innovation.exchange.service.demo.telling import ZONE, Demo, ideas_of
from innovation.ideas.service import authors, writing
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule

WHO_MAY = {"staff": "staff", "staff+partner+invited": "experts", "everyone": "everyone"}


def publish(demo: Demo, row: dict[str, Any], programme: Programme) -> Challenge:
    """Write a challenge, and bring it as far as its row says: a draft, handed in, or published."""
    schedule = row["schedule"]
    sponsor = demo.actor(row["sponsor"])
    with demo.on_day(min(schedule["opens"] - 9, -3)):
        challenge = briefs.start(actor=sponsor, programme=programme, brief=_brief(demo, row))
        sponsor = demo.actor(row["sponsor"])
        for key, role in [(row.get("deputy"), Role.SPONSOR), *((key, Role.PANEL) for key in row.get("panel", []))]:
            if key:
                email = demo.emails[demo.ids[key]]
                briefs.add_person(actor=sponsor, challenge=challenge, email=email, role=role)
    if row["state"] == "draft":
        return challenge
    with demo.on_day(min(schedule["opens"] - 4, -2)):
        briefs.propose(actor=sponsor, challenge=challenge)
    if row["state"] != "waiting":
        manager = next(p["manager"] for p in demo.programme["programme"] if p["key"] == row["programme"])
        with demo.on_day(min(schedule["opens"] - 2, -1)):
            briefs.publish(actor=demo.actor(manager), challenge=challenge)
    return challenge


def _brief(demo: Demo, row: dict[str, Any]) -> briefs.Brief:
    schedule = row["schedule"]
    wall: dict[str, Any] = {
        name: demo.wall(schedule[day], hour)
        for name, day, hour in (
            ("opens", "opens", 9),
            ("closes", "closes", 17),
            ("vote_opens", "vote_opens", 9),
            ("vote_closes", "vote_closes", 17),
            ("review_closes", "review_closes", 17),
            ("answer_by", "decide_by", 17),
        )
        if day in schedule
    }
    return briefs.Brief(
        title=row["title"],
        summary=row["summary"],
        must=row["must"],
        background=row["background"],
        constraints=row["constraints"],
        language=row["language"],
        who_may=WHO_MAY[row["who_may"]],
        visibility=row["visibility"],
        who_decides=row["who_decides"],
        ballot=row.get("ballot", "yes_no"),
        rule=_rule(row["rule"]),
        budget_minor=row["budget_eur"] * 100 or None,
        prize_minor=row["prize_eur"] * 100 or None,
        terms=EMPLOYEE if row["who_may"] == "staff" else LICENCE_IF_CHOSEN if row["prize_eur"] else AUTHOR_KEEPS,
        zone=ZONE,
        topics=tuple(row["topics"]),
        **wall,
    )


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    capacity = {"kind": "budget", "overrun": "skip"} if rule["method"] == "budget" else {"kind": "top", "k": rule["k"]}
    if "ready" in rule:
        return ready_rule(rule["ready"], capacity=capacity)
    share = f"{rule.get('min_share_percent', 0) / 100:.2f}"
    floor = [
        {"measure": "voters", "at_least": {"value": rule.get("min_votes", 0)}},
        {"measure": "approval_share", "at_least": {"value": share}},
    ]
    return ready_rule(
        "top_k_approvals", eligibility={"all": floor}, order={"by": "net", "descending": True}, capacity=capacity
    )


def take_in_ideas(demo: Demo, row: dict[str, Any]) -> None:
    """Let the people of the demo write and send their answers to a challenge, each on its day."""
    for idea in ideas_of(row):
        _take_in_idea(demo, row, idea)


def _take_in_idea(demo: Demo, of: dict[str, Any], row: dict[str, Any]) -> None:
    team: list[int] = []
    judges = demo.judges(of)
    for name in row["authors"]:
        team.append(demo.somebody(name, [*team, *judges]))
    leader = demo.actor(team[0])
    with demo.on_day(row["day"] - 0.02):
        idea = writing.start(
            actor=leader,
            challenge=demo.challenge(of),
            title=row["title"],
            text=row["text"].strip(),
            requested_minor=row["requested_eur"] * 100 or None,
            language=of["language"],
        )
        demo.idea_ids[row["key"]] = idea.id
        for person_id in team[1:]:
            authors.name_author(actor=leader, idea=demo.idea(row["key"]), email=demo.emails[person_id])
            authors.accept_authorship(actor=demo.actor(person_id), idea=demo.idea(row["key"]))
        files.add(demo, row["key"], leader)
    if row["fate"] == "draft":
        return
    with demo.on_day(row["day"]):
        writing.submit(actor=leader, idea=demo.idea(row["key"]), accept_terms=True)
    if row["fate"] == "withdrawn":
        with demo.on_day(row["withdrawn"]):
            writing.withdraw(actor=leader, idea=demo.idea(row["key"]))
