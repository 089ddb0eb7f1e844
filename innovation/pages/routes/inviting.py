"""Inviting people: one, or a list that is looked through first; and how far a list is."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import ngettext

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.kernel import clock, tables
from innovation.kernel.actor import Circle
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, respond, see, settings
from innovation.pages.routes import bp
from innovation.people import queries as people
from innovation.people.forms import BROKEN_LINES, INVITING, AskForm, InviteForm, InviteListForm
from innovation.people.models import Invitation, InvitationList
from innovation.people.service import invitations
from innovation.rules.policy import May


@bp.route("/people/invitations", methods=["GET", "POST"])
@page(May.INVITE, once=True)
def invite() -> Answer:
    form = _with_choices(InviteForm(challenge=request.args.get("challenge", "")))

    def act() -> None:
        invitations.invite(
            email=form.email.data or "",
            name=form.name.data or "",
            organisation=form.organisation.data or "",
            department=form.department.data or "",
            **_common(form),
        )

    if form.accepted(act, INVITING):
        return see("pages.invite", message=_taken(form.email.data or ""))
    found = people.invitations_page(request.args.get("after"))
    return respond(
        "people/invite.html",
        status=422 if form.errors else 200,
        form=form,
        page=found,
        lists=people.newest_lists() if found.first else [],
        now=clock.now(),
    )


@bp.get("/people/invitations/list")
@page(May.INVITE)
def invite_many() -> Answer:
    return _many(_with_choices(InviteListForm(challenge=request.args.get("challenge", ""))))


@bp.post("/people/invitations/list/preview")
@page(May.INVITE, write=False)
def preview_list() -> Answer:
    """What would become of the list; nothing is kept and nobody is mailed."""
    form = _with_choices(InviteListForm())
    if request.form.get("change"):
        return _many(form)
    if not form.validate_on_submit():
        return _many(form, 422)
    try:
        sent = request.files.get("file")
        if sent is not None and sent.filename:
            form.lines.data = invitations.lines_of_file(sent.filename, sent.read())
        found = invitations.prepare(text=form.lines.data or "")
        if not found.entries and not found.never and not found.known:
            raise Invalid("nobody_to_invite", field="lines")
    except Invalid as error:
        form.refuse(error, INVITING)
        return _many(form, 422)
    return respond(
        "people/invite_preview.html",
        form=form,
        found=found,
        reasons=BROKEN_LINES,
        challenge=_challenge(form),
        a_minute=settings().invitations_a_minute,
    )


@bp.post("/people/invitations/lists")
@page(May.INVITE, once=True)
def invite_list() -> Answer:
    form = _with_choices(InviteListForm())
    made: list[InvitationList] = []

    def act() -> None:
        common = _common(form) | {"a_minute": settings().invitations_a_minute}
        made.append(invitations.invite_list(text=form.lines.data or "", **common))

    if form.accepted(act, INVITING):
        said = gettext("Taken. Whoever asked not to be invited gets no mail.")
        return see("pages.invitation_list", public_id=made[0].public_id, message=said)
    return _many(form, 422)


@bp.get("/people/invitations/lists/<public_id>")
@page(May.INVITE, on=people.invitation_list)
def invitation_list(invitation_list: InvitationList) -> Answer:
    """How far a list is."""
    found = people.invitations_page(request.args.get("after"), invitation_list)
    return respond(
        "people/invitation_list.html",
        fragment="people/_invitation_progress.html",
        list=invitation_list,
        made_by=people.names([invitation_list.made_by]).get(invitation_list.made_by) if invitation_list.made_by else None,
        progress=people.progress(invitation_list),
        challenge=_seen(invitation_list.challenge_id),
        page=found,
        now=clock.now(),
    )


@bp.get("/people/invitations/lists/<public_id>/broken.csv")
@page(May.INVITE, on=people.invitation_list)
def broken_lines(invitation_list: InvitationList) -> Answer:
    """The lines that could not be used, with the reason, to be put right and sent in again."""
    broken = invitation_list.broken
    width = max((len(each["cells"]) for each in broken), default=0)
    cells = [gettext("Column %(number)s", number=number) for number in range(1, width + 1)]
    columns = [gettext("Line"), gettext("Why"), *cells]
    rows = [
        [each["line"], str(BROKEN_LINES[each["code"]]), *each["cells"], *[""] * (width - len(each["cells"]))]
        for each in broken
    ]
    answer = Response(tables.as_csv((columns, rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="broken-lines.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/people/invitations/lists/<public_id>/cancellation")
@page(May.INVITE, on=people.invitation_list)
def cancel_list(invitation_list: InvitationList) -> Answer:
    number = invitations.cancel_rest(actor=actor(), invitation_list=invitation_list)
    said = ngettext(
        "%(num)s invitation is cancelled; its mail does not go out.",
        "%(num)s invitations are cancelled; their mails do not go out.",
        number,
    )
    nothing = gettext("There was nothing left to cancel: every mail is on its way.")
    return see("pages.invitation_list", public_id=invitation_list.public_id, message=said if number else nothing)


@bp.post("/people/invitations/<public_id>/revocation")
@page(May.INVITE, on=people.invitation_named)
def revoke_invitation(invitation: Invitation) -> Answer:
    address = invitation.email_typed
    try:
        invitations.revoke(actor=actor(), invitation=invitation)
    except Invalid:
        said = gettext("%(email)s has accepted the invitation already.", email=address)
        return see("pages.invite", message=said, tone="stop")
    return see("pages.invite", message=gettext("The invitation to %(email)s is taken back.", email=address))


def _many(form: InviteListForm, status: int = 200) -> Answer:
    return respond("people/invite_many.html", status=status, form=form, a_minute=settings().invitations_a_minute)


def _with_choices(form: Any) -> Any:
    offered = [(each.public_id, each.title) for each in challenges.choices_to_invite(actor(), clock.now())]
    form.challenge.choices = [("", gettext("No question in particular")), *offered]
    if form.challenge.data not in {value for value, _label in form.challenge.choices} and request.method == "GET":
        form.challenge.data = ""
    return form


def _challenge(form: AskForm) -> Challenge | None:
    named = form.challenge.data
    return challenges.choice_to_invite(actor(), named, clock.now()) if named else None


def _common(form: AskForm) -> dict[str, Any]:
    challenge = _challenge(form)
    return {
        "actor": actor(),
        "circle": Circle(form.circle.data),
        "language": form.language.data,
        "message": form.message.data or "",
        "challenge_id": challenge.id if challenge else None,
    }


def _taken(address: str) -> str:
    """The same words for everybody: whether somebody said never is not told."""
    return gettext("Taken: %(email)s. Whoever asked not to be invited gets no mail.", email=address)


def _seen(challenge_id: int | None) -> Challenge | None:
    """The challenge of a list, if this person may see it."""
    if challenge_id is None:
        return None
    return challenges.get(actor(), challenges.by_id(challenge_id).public_id)
