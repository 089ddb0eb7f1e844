"""How a challenge is decided, its standings once the votes are in, and votes that look alike, for a manager to settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.evaluation import queries as evaluation
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.axis import MICRO, axis
from innovation.kernel.usecase import roles
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.pages import queries
from innovation.pages.forms import SettleForm
from innovation.pages.routes import bp
from innovation.pages.routes.challenge import frame
from innovation.people import queries as people
from innovation.promotion import queries as promotion
from innovation.promotion.models import Run
from innovation.rules.ballot import Ballot
from innovation.rules.challenge import BY_PANEL, BY_VOTES, WhoDecides
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.promotion import explain, parse_rule
from innovation.rules.ranking import METHODS
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import Flag, Standing
from innovation.voting.queries import overview, results
from innovation.voting.service.measuring import methods_of

FEWEST_VOTERS = 20
"""Below this only places and totals are shown: an interval or a comparison would come close to single votes."""
FLOW = 12
"""So many ideas are followed from method to method."""
COUNTED = frozenset({"net", "points"})
"""Methods whose figures are whole votes or points."""


@bp.get("/challenges/<public_id>/decision")
@page(May.LOOK, on=challenges.get)
def how_it_is_decided(challenge: Challenge) -> Answer:
    """Is this fair, what will happen: the rule in words, the order, the ballot, who may do what; then the results."""
    shown = frame(challenge, "decision")
    rule = _rule(challenge, shown["runs"])
    return respond(
        "pages/decision.html",
        clauses=explain(challenge.rule),
        crowd_clauses=explain(challenge.shortlist_rule) if challenge.shortlist_rule else [],
        method=METHODS.get(_ordering(rule, challenge.ballot) or "") if challenge.who_decides in BY_VOTES else None,
        poll=voting.polls([challenge.id]).get(challenge.id),
        criteria=evaluation.criteria(challenge.id) if challenge.who_decides in BY_PANEL else [],
        sponsors=challenges.sponsors(challenge.id),
        ranked=_measured(challenge) is not None,
        rule_changes=queries.rule_changes(actor(), challenge),
        **shown,
    )


@bp.get("/challenges/<public_id>/standings")
@page(May.LOOK, on=challenges.get)
def standings(challenge: Challenge) -> Answer:
    """Every idea's place, how sure it is, and what other methods say."""
    fitted = _measured(challenge)
    if fitted is None:
        abort(404)
    shown = frame(challenge, "decision")
    leads = bool(roles(actor(), challenge) & {Role.SPONSOR, Role.MANAGER})
    few = voting.turnout(challenge.id) < FEWEST_VOTERS
    ordering = _ordering(_rule(challenge, shown["runs"]), challenge.ballot)
    methods = _offered(challenge.ballot, ordering, leads, few)
    wanted = request.args.get("by", "")
    method = wanted if wanted in methods else ordering if ordering in methods else methods[0]
    found, standing = voting.standings(actor(), challenge, method, request.args.get("after"))
    chosen = promotion.chosen(shown["runs"], challenge.id)
    whole = overview.overview(challenge.id, method, list(chosen), fitted.get("k"))
    return respond(
        "pages/standings.html",
        page=found,
        standing=standing,
        methods=[METHODS[name] for name in methods],
        method=METHODS[method],
        ordering=ordering,
        few=few,
        leads=leads,
        chosen=chosen,
        best=fitted.get("k"),
        whole=whole,
        line=whole.line if method == ordering else None,
        axis=axis(whole.low, whole.high, finest=MICRO if method in COUNTED else MICRO // 10),
        flow=flow(found.items, standing, methods, method) if found.first and not few and len(methods) > 1 else [],
        totals=voting.totals([idea.id for idea in found.items]) if few else {},
        groups=_groups(standing.values()) if leads and not few else {},
        **shown,
    )


def _measured(challenge: Challenge) -> Mapping[str, Any] | None:
    """What was fitted to the votes of a challenge; None where this person may not see it, or it is not there yet."""
    if not queries.may_see_standings(actor(), challenge, clock.now()):
        return None
    fit = results.figures(challenge.id)
    return fit.figures if fit is not None else None


def _rule(challenge: Challenge, runs: Sequence[Run]) -> Mapping[str, Any]:
    """The rule by which the participants' votes decide: of the shortlist, of the round, or the challenge's own."""
    if challenge.who_decides == WhoDecides.VOTES_PANEL and challenge.shortlist_rule:
        return challenge.shortlist_rule
    return next((run.round.rule for run in runs if run.round.rule), challenge.rule)


def _ordering(rule: Mapping[str, Any], ballot: str) -> str | None:
    """The method by which a rule orders; None where it orders by something else."""
    order = parse_rule(rule).order
    by = order.by if order else ""
    if by == "for" and ballot == Ballot.APPROVAL:
        return "net"  # nobody votes against there: the balance is the votes in favour
    return next((name for name, method in METHODS.items() if method.measure == by), None)


def _offered(ballot: str, ordering: str | None, leads: bool, few: bool) -> list[str]:
    """The methods to show side by side.

    What an idea has without its strongest group tells about that group: it is for sponsor and manager, unless it decides.
    """
    names = [name for name in methods_of(ballot) if leads or name != "support_least" or ordering == name]
    return names[:1] if few else names


def _groups(rows: Any) -> dict[str, str]:
    """The names of the groups that carry an idea of these."""
    carried = (row["support"].figures.get("carried_by") for row in rows if "support" in row)
    return queries.group_names(key for key in carried if key)


@dataclass(frozen=True, slots=True)
class Followed:
    """One idea's place under each method, and the row in which a drawing puts it."""

    idea: Idea
    places: Sequence[int]
    rows: Sequence[int]


def flow(ideas: Sequence[Idea], standing: Mapping[int, Mapping[str, Standing]], methods: Sequence[str], by: str) -> Any:
    """The first ideas of a list followed over the methods, ``by`` first.

    Returns:
        The methods in the drawing's order and the ideas. Places below the first rows stand under them, closed up.
    """
    names = [by, *(name for name in methods if name != by)]
    kept = [idea for idea in ideas[:FLOW] if all(name in standing[idea.id] for name in names)]
    rows: dict[tuple[str, int], int] = {(by, idea.id): row for row, idea in enumerate(kept)}
    for name in names[1:]:
        below = FLOW
        for idea in sorted(kept, key=lambda idea: standing[idea.id][name].place):
            place = standing[idea.id][name].place
            rows[name, idea.id] = place - 1 if place <= FLOW else below
            below += place > FLOW
    return [METHODS[name] for name in names], [
        Followed(idea, [standing[idea.id][n].place for n in names], [rows[n, idea.id] for n in names]) for idea in kept
    ]


# --- votes that look alike -----------------------------------------------------------------------------------------


@bp.get("/challenges/<public_id>/integrity")
@page(May.REMOVE_VOTES, on=challenges.get)
def integrity(challenge: Challenge) -> Answer:
    """Which votes look arranged, what was decided about them, and which group carries which idea."""
    found = voting.flags(challenge.id)
    measured = _measured(challenge) is not None and voting.turnout(challenge.id) >= FEWEST_VOTERS
    carried = overview.carried(actor(), challenge, request.args.get("after")) if measured else None
    involved = {person for flag in found for person in [*flag.people, flag.settled_by] if person}
    return respond(
        "pages/integrity.html",
        challenge=challenge,
        flags=found,
        names=people.names(involved),
        votes_here=challenge.who_decides in BY_VOTES,
        measured=measured,
        carried=carried,
        groups=queries.group_names(row[0].figures["carried_by"] for row in carried.items) if carried else {},
    )


@bp.route("/challenges/<public_id>/integrity/<int(max=999999999999):flag_id>/acceptance", methods=["GET", "POST"])
@page(May.REMOVE_VOTES, on=challenges.get)
def keep_flagged(challenge: Challenge, flag_id: int) -> Answer:
    flag, form = _flag(challenge, flag_id), SettleForm()
    if form.validate_on_submit():
        votes.keep_votes(actor=actor(), flag=flag, challenge=challenge, reason=form.reason.data or "")
        said = gettext("The votes stay. Your reason is kept.")
        return see("pages.integrity", public_id=challenge.public_id, message=said)
    return _settling(challenge, flag, form, "kept")


@bp.route("/challenges/<public_id>/integrity/<int(max=999999999999):flag_id>/removal", methods=["GET", "POST"])
@page(May.REMOVE_VOTES, on=challenges.get)
def remove_flagged(challenge: Challenge, flag_id: int) -> Answer:
    flag, form = _flag(challenge, flag_id), SettleForm()
    if form.validate_on_submit():
        votes.remove_votes(actor=actor(), challenge=challenge, flag=flag, reason=form.reason.data or "")
        said = gettext("The votes are removed. Your reason is kept.")
        return see("pages.integrity", public_id=challenge.public_id, message=said)
    return _settling(challenge, flag, form, "removed")


def _flag(challenge: Challenge, flag_id: int) -> Flag:
    found = voting.flag(flag_id)
    if found is None or found.challenge_id != challenge.id:
        abort(404)
    return found


def _settling(challenge: Challenge, flag: Flag, form: SettleForm, verdict: str) -> Answer:
    return respond(
        "pages/settle_flag.html",
        status=422 if form.errors else 200,
        challenge=challenge,
        flag=flag,
        form=form,
        verdict=verdict,
        names=people.names(flag.people),
    )
