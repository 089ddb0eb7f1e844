"""What the house of the demo does with all of it: forecasts, awards, the public page, targets, reports and views."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from innovation.awards import queries as awards
from innovation.awards.models import Award
from innovation.awards.service import offering, settling, sharing
from innovation.challenges import queries as challenges
from innovation.challenges.service import publicity
from innovation.exchange.service.demo import projects
from innovation.exchange.service.demo.telling import Demo, read
from innovation.insight.service import reporting, taking_part, viewing
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.people import queries as people
from innovation.people.service import accounts, organisations
from innovation.rules.quarters import quarter_of


def tell(demo: Demo, rows: list[dict[str, Any]]) -> None:
    """Tell what stands beside the challenges and the projects, the newest last."""
    told = read("afterwards")
    for row in told["award"]:
        _award(demo, row)
    with demo.on_day(-1):
        _go_public(demo, rows, told)
    taking_part.keep_participation(actor=demo.house)
    projects.look_ahead(demo, read("projects")["project"])
    for row in told["target"]:
        _report(demo, row)
    for row in told["view"]:
        manager = demo.actor(row["by"])
        viewing.save(actor=manager, page="funnel", title=row["title"], query=_query(demo, row), shared=True)


def _go_public(demo: Demo, rows: list[dict[str, Any]], told: dict[str, Any]) -> None:
    """The host shows its results: every decided challenge that is not sealed, thanking the cast and who else agreed."""
    host = people.host()
    assert host is not None
    manager = demo.actor(demo.programme["programme"][0]["manager"])
    intro = demo.programme["host"]["results"]
    organisations.keep_results_page(actor=manager, organisation=host, shown=True, intro=intro)
    for row in rows:
        if row["state"] == "decided" and row["visibility"] == "open":
            sponsor, challenge = demo.actor(row["sponsor"]), demo.challenge(row)
            publicity.show_results(actor=sponsor, challenge=challenge, shown=True, organisation_id=None)
    agreed = [demo.ids[row["key"]] for row in demo.programme["person"]]
    for key in told["named_authors"]["ideas"]:
        agreed.extend(line.person_id for line in demo.idea(key).authors if line.person_id not in agreed)
    for person_id in agreed:
        accounts.answer_naming(actor=demo.actor(person_id), agreed=True)


def _award(demo: Demo, row: dict[str, Any]) -> None:
    """Offer an award, and bring it as far as its row says: offered, accepted, complete or paid."""
    giver = demo.actor(row["by"])
    with demo.on_day(row["offered"]):
        terms = offering.Offer(
            title=row["title"],
            amount_minor=row["eur"] * 100,
            papers=row["papers"],
            accept_by=demo.date(row["accept_by"]),
            papers_by=demo.date(row["papers_by"]),
            pay_by=demo.date(row["pay_by"]),
        )
        award_id = offering.offer(actor=giver, idea=demo.idea(row["idea"]), terms=terms).id
    if "accepted" in row:
        with demo.on_day(row["accepted"]):
            for person_id in sorted(awards.winners(award_id)):
                award = _award_of(award_id)
                sharing.agree(actor=demo.actor(person_id), award=award, seen=sharing.division(award))
    if "complete" in row:
        with demo.on_day(row["complete"]):
            _hand_in(demo, award_id, giver)
    if "paid" in row:
        with demo.on_day(row["paid"]):
            award = _award_of(award_id)
            settling.pay(actor=giver, award=award, paid_on=demo.date(row["paid"]), reference=row["reference"])


def _hand_in(demo: Demo, award_id: int, giver: Actor) -> None:
    winner = demo.actor(min(awards.winners(award_id)))
    for number in range(1, len(_award_of(award_id).papers) + 1):
        url = f"https://papers.scheldemark.example/{number}"
        settling.hand_in(actor=winner, award=_award_of(award_id), position=number, url=url, note="")
        award = _award_of(award_id)
        settling.check(actor=giver, award=award, position=number, seen=settling.handed_in(award.papers[number - 1]))


def _award_of(award_id: int) -> Award:
    found = awards.by_id(award_id)
    assert found is not None
    return found


def _report(demo: Demo, row: dict[str, Any]) -> None:
    """Set a programme's targets for this quarter and the last; keep the last two as they stood when the last was over."""
    manager = demo.actor(row["by"])
    programme_id = demo.programme_ids[row["programme"]]
    programme = next(each for each in challenges.programmes(demo.house) if each.id == programme_id)
    this = quarter_of(demo.today)
    last = this.before
    with demo.on_day(max((last.starts - demo.today).days, -118)):
        reporting.set_targets(actor=manager, programme=programme, quarter=last, values=row["last"])
    with clock.travelling(min(this.starts + timedelta(days=2, hours=11), demo.today)):
        reporting.set_targets(actor=manager, programme=programme, quarter=this, values=row["this"])
        for quarter in (last.before, last):
            reporting.freeze(actor=manager, programme=programme, quarter=quarter)


def _query(demo: Demo, row: dict[str, Any]) -> str:
    if "topic" in row:
        return f"topic={row['topic']}"
    return f"challenge={challenges.by_id(demo.challenge_ids[row['challenge']]).public_id}"
