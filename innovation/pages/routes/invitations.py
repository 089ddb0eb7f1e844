"""The page behind an invitation's link: the brief for somebody without an account, and his answer.

Opening the link changes nothing, so that a mail scanner cannot use it up; each answer is a button.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort
from werkzeug.wrappers import Response

from innovation.challenges import queries as challenges
from innovation.challenges.service import joining
from innovation.insight.queries.records import sponsors_record
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, enter, gettext, public, respond, see, settings
from innovation.kernel.web.throttle import limiter
from innovation.pages.routes import bp
from innovation.people import queries as people
from innovation.people.forms import INVITING, ColleagueForm, JoinForm
from innovation.people.models import Invitation
from innovation.people.queries import Stand
from innovation.people.service import invitations

LETS_IN = {Stand.OPEN, Stand.DECLINED}


@dataclass(frozen=True, slots=True)
class Sight:
    """An invitation as it stands towards whoever opened its link.

    ``mine``: its address is the viewer's own; ``known``: it is that of somebody who has an account; ``foreign``: somebody
    else is signed in; ``elsewhere``: people with such an address sign in at the provider alone.
    """

    stand: Stand
    mine: bool
    known: bool
    foreign: bool
    elsewhere: bool

    @property
    def may_join(self) -> bool:
        return self.stand in LETS_IN and not self.foreign and (self.mine or not (self.known or self.elsewhere))


@bp.get("/invitation/<public_id>/<nonce>")
@public
def invitation(public_id: str, nonce: str) -> Answer:
    return _page(_found(public_id, nonce))


@bp.post("/invitation/<public_id>/<nonce>/acceptance")
@public
def take_part(public_id: str, nonce: str) -> Answer:
    found = _found(public_id, nonce)
    sight, form = _sight(found), JoinForm()
    if not sight.may_join:
        return _page(found, status=409)
    if not form.validate_on_submit() and not sight.mine:
        return _page(found, status=422, form=form)
    try:
        if sight.mine:
            person_id = joining.join_as_oneself(actor=actor(), invitation_id=found.id)
        else:
            person_id = joining.join(actor=actor(), invitation_id=found.id, name=form.name.data or "")
    except Invalid:
        return _page(_found(public_id, nonce), status=409)
    if not sight.mine:
        enter(person_id)
    return _led_in(person_id, _found(public_id, nonce))


def _led_in(person_id: int, found: Invitation) -> Answer:
    """Straight to the challenge he was asked for, where he sees it."""
    asked_for = challenges.invited_to(found, clock.now())
    seen = challenges.get(people.actor(person_id), asked_for.public_id) if asked_for else None
    said = gettext("You are in.")
    if people.password_of(person_id) is None:
        said = gettext(
            "Welcome, you are in, without a password. You can set one in your account, or by mail when you next sign in."
        )
    return see("pages.challenge", public_id=seen.public_id, message=said) if seen else see("pages.home", message=said)


@bp.post("/invitation/<public_id>/<nonce>/refusal")
@public
def not_for_me(public_id: str, nonce: str) -> Answer:
    found = _found(public_id, nonce)
    try:
        invitations.decline(actor=actor(), invitation_id=found.id)
    except Invalid:
        return _page(_found(public_id, nonce), status=409)
    return see("pages.invitation", public_id=public_id, nonce=nonce)


@bp.post("/invitation/<public_id>/<nonce>/refusal-for-good")
@public
def never_again(public_id: str, nonce: str) -> Answer:
    found = _found(public_id, nonce)
    try:
        invitations.refuse_for_good(actor=actor(), invitation_id=found.id)
    except Invalid:
        return _page(_found(public_id, nonce), status=409)
    return see("pages.invitation", public_id=public_id, nonce=nonce)


@bp.post("/invitation/<public_id>/<nonce>/colleague")
@limiter.limit("20 per hour", exempt_when=lambda: not settings().rate_limits)
@public
def ask_colleague(public_id: str, nonce: str) -> Answer:
    found, form = _found(public_id, nonce), ColleagueForm()
    if not form.validate_on_submit():
        return _page(found, status=422, colleague=form)
    try:
        invitations.pass_on(
            actor=actor(), invitation_id=found.id, name=form.colleague.data or "", email=form.email.data or ""
        )
    except Invalid as error:
        if error.field is None:
            return _page(_found(public_id, nonce), status=409)
        form.refuse(error, INVITING)
        return _page(_found(public_id, nonce), status=422, colleague=form)
    said = gettext("Taken, and thank you. Whoever has an account here, or asked not to be invited, gets no mail.")
    return see("pages.invitation", public_id=public_id, nonce=nonce, message=said)


def _found(public_id: str, nonce: str) -> Invitation:
    found = people.invitation(public_id, nonce)
    if found is None:
        abort(404)
    return found


def _sight(found: Invitation) -> Sight:
    viewer, owner = actor().person_id, people.by_email(found.email_typed)
    used_by = found.accepted_by if found.accepted_at else owner.id if owner else None
    return Sight(
        stand=people.stand(found, clock.now()),
        mine=viewer is not None and viewer == used_by,
        known=owner is not None,
        foreign=viewer is not None and viewer != used_by,
        elsewhere=people.signs_in_there(found.email_typed),
    )


def _page(
    found: Invitation, status: int = 200, form: JoinForm | None = None, colleague: ColleagueForm | None = None
) -> Response:
    sight = _sight(found)
    values: dict[str, Any] = {"invitation": found, "sight": sight, "viewer": actor()}
    # What the invitation is about is shown while it is open, and to nobody who is signed in as somebody else.
    open_here = sight.stand in LETS_IN and not sight.foreign
    challenge = challenges.invited_to(found, clock.now()) if open_here or sight.mine else None
    if not open_here or (sight.known and not sight.mine):
        over = 410 if sight.stand not in LETS_IN else 200
        answer = respond("people/invitation_spent.html", status=max(status, over), challenge=challenge, **values)
    else:
        # A sponsor who withholds his name does not show it by inviting.
        unnamed = challenges.withheld(VISITOR, challenge) if challenge else frozenset()
        invited_by = found.invited_by if found.invited_by not in unnamed else None
        answer = respond(
            "people/invitation.html",
            status=status,
            form=form or JoinForm(formdata=None, name=found.name),
            colleague=colleague or ColleagueForm(formdata=None),
            challenge=challenge,
            sponsors=challenges.sponsors_shown(VISITOR, challenge) if challenge else [],
            record=sponsors_record(challenge, clock.now()) if challenge else None,
            readers=challenges.readers_of_sealed(challenge.id, VISITOR) if challenge else [],
            inviter=people.names([invited_by]).get(invited_by) if invited_by else None,
            named_by=people.named_by(found),
            now=clock.now(),
            **values,
        )
    # The address holds the secret: it goes into no index, no cache and no other site's log.
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
