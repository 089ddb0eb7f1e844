"""How a challenge is decided, its standings once the votes are in, and votes that look alike, for a manager to settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service.fitting import explained
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
from innovation.rules.challenge import BY_PANEL, BY_VOTES, WhoDecides
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.promotion import parse_rule
from innovation.rules.ranking import METHODS, ordered_by
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
OF_VOTES = frozenset(name for name, method in METHODS.items() if method.ballots)
"""Methods that read the participants' votes alone."""


@bp.get("/challenges/<public_id>/decision")
@page(May.LOOK, on=challenges.get)
def how_it_is_decided(challenge: Challenge) -> Answer:
    """Is this fair, what will happen: the rule in words, the order, the ballot, who may do what; then the results."""
    shown = frame(challenge, "decision")
    return respond(
        "pages/decision.html",
        clauses=explained(challenge.rule, challenge.who_decides, challenge.ballot),
        crowd_clauses=explained(challenge.shortlist_rule, WhoDecides.VOTES, challenge.ballot)
        if challenge.shortlist_rule
        else [],
        orders=[METHODS[name] for name in _orderings(challenge, shown["runs"])],
        parts=_parts(_rule(challenge, shown["runs"])),
        poll=voting.polls([challenge.id]).get(challenge.id),
        criteria=evaluation.criteria(challenge.id) if challenge.who_decides in BY_PANEL else [],
        sponsors=challenges.sponsors_shown(actor(), challenge),
        ranked=_seen(challenge),
        rule_changes=promotion.rule_changes(actor(), challenge),
        **shown,
    )


@bp.get("/challenges/<public_id>/standings")
@page(May.LOOK, on=challenges.get)
def standings(challenge: Challenge) -> Answer:
    """Every idea's place, how sure it is, and what other methods say."""
    seen = _seen(challenge)
    if seen is None:
        abort(404)
    shown = frame(challenge, "decision")
    leads = bool(roles(actor(), challenge) & {Role.SPONSOR, Role.MANAGER})
    few = seen.votes and voting.turnout(challenge.id) < FEWEST_VOTERS
    orderings = _orderings(challenge, shown["runs"])
    methods = _offered(challenge, seen, orderings, leads, few)
    preferred = [name for name in [request.args.get("by", ""), *reversed(orderings), *methods] if name in methods]
    if not preferred:
        abort(404)
    method = preferred[0]
    found, standing = voting.standings(actor(), challenge, method, request.args.get("after"))
    chosen = promotion.chosen(shown["runs"], challenge.id)
    if method == "panel" or (method == "mix" and orderings[-1] == "mix"):  # what stands there is all on the short list
        chosen = {idea: purpose for idea, purpose in chosen.items() if purpose == "promotion"}
    k = seen.figures.get("k")
    whole = overview.overview(challenge.id, method, list(chosen), k)
    totals_alone = few and method in OF_VOTES
    beside = methods if method not in OF_VOTES else [name for name in methods if name in OF_VOTES]
    return respond(
        "pages/standings.html",
        page=found,
        standing=standing,
        methods=[METHODS[name] for name in methods],
        method=METHODS[method],
        orderings=orderings,
        default=next(name for name in [*reversed(orderings), *methods] if name in methods),
        parts=_parts({"order": seen.figures.get("mix")}) if method == "mix" else [],
        few=totals_alone,
        leads=leads,
        votes_told=seen.votes and not few,
        chosen=chosen,
        best=k,
        whole=whole,
        line=whole.line if method in orderings else None,
        axis=axis(whole.low, whole.high, finest=MICRO if method in COUNTED else MICRO // 10),
        flow=flow(found.items, standing, beside, method) if found.first and not few and len(beside) > 1 else [],
        totals=voting.totals([idea.id for idea in found.items]) if totals_alone else {},
        compared=voting.compared([idea.id for idea in found.items]) if totals_alone and method == "pairs" else {},
        groups=_groups(standing.values()) if leads and seen.votes and not few else {},
        **shown,
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured of a challenge, and which rankings of it a person may see by now."""

    figures: Mapping[str, Any]
    votes: bool
    panel: bool
    mix: bool


def _seen(challenge: Challenge) -> Seen | None:
    """None where this person may see no ranking, or there is none yet. A mix is seen by who may see all that is in it."""
    now = clock.now()
    crowd, panel = challenge.who_decides in BY_VOTES, challenge.who_decides in BY_PANEL
    of_votes = crowd and queries.may_see_standings(actor(), challenge, now)
    of_panel = panel and queries.may_see_panel_standings(actor(), challenge, now)
    fit = results.figures(challenge.id) if of_votes or of_panel else None
    if fit is None:
        return None
    seen = Seen(
        figures=fit.figures,
        votes=of_votes and "prior_for_micro" in fit.figures,
        panel=of_panel and "panel_freedom" in fit.figures,
        mix=(of_votes or not crowd) and (of_panel or not panel) and "mix" in fit.figures,
    )
    return seen if seen.votes or seen.panel or seen.mix else None


def _rule(challenge: Challenge, runs: Sequence[Run]) -> Mapping[str, Any]:
    """The rule by which a challenge is decided: of its round, or its own."""
    of_rounds = (run.round.rule for run in runs if run.round.purpose != "shortlist" and run.round.rule)
    return next(of_rounds, challenge.rule)


def _orderings(challenge: Challenge, runs: Sequence[Run]) -> list[str]:
    """The methods by which rules put the ideas in order: first that of the short list, where there is one."""
    rules = [_rule(challenge, runs)]
    if challenge.who_decides == WhoDecides.VOTES_PANEL and challenge.shortlist_rule:
        rules.insert(0, challenge.shortlist_rule)
    orders = [order.by for rule in rules if (order := parse_rule(rule).order)]
    return [name for by in orders if (name := ordered_by(by, challenge.ballot))]


def _parts(rule: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The measures of a rule's mix with their weights; empty without one."""
    return (rule.get("order") or {}).get("mix") or []


def _offered(challenge: Challenge, seen: Seen, orderings: Sequence[str], leads: bool, few: bool) -> list[str]:
    """The methods to show side by side: those that read more than votes first.

    What an idea has without its strongest group tells about that group: it is for sponsor and manager, unless it decides.
    """
    votes = methods_of(challenge.ballot) if seen.votes else []
    votes = [name for name in votes if leads or name != "support_least" or name in orderings]
    beyond = {"mix": seen.mix and not few, "panel": seen.panel}
    return [name for name, there in beyond.items() if there] + (votes[:1] if few else votes)


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
    seen = _seen(challenge)
    measured = seen is not None and seen.votes and voting.turnout(challenge.id) >= FEWEST_VOTERS
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
