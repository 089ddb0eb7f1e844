"""Doors of ideas: writing, checking, sending, authors, withdrawing. The page that shows one is in ``pages``."""

from __future__ import annotations

from typing import Any

from flask import abort, jsonify, request, url_for

from innovation.attachments import queries as attachments
from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries
from innovation.ideas.forms import MESSAGES, AuthorForm, IdeaForm, NoteForm, SubmitForm
from innovation.ideas.models import Idea
from innovation.ideas.service import authors, filing, writing
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import Form
from innovation.kernel.money import digits
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, refusal, respond, see, settings
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IDEA, IN_THE_RUNNING, UNSENT, IdeaState
from innovation.rules.policy import May

bp = blueprint("ideas", __name__)

WRITABLE = IN_THE_RUNNING | {IdeaState.DRAFT}
"""States in which an author can change the text: in the draft, or by a new version."""


@bp.route("/challenges/<public_id>/ideas/new", methods=["GET", "POST"])
@page(May.START_IDEA, on=challenges.get, once=True)
def new(challenge: Challenge) -> Answer:
    form = IdeaForm().for_challenge(challenge)
    if form.validate_on_submit() and (not _wants_check() or form.complete(challenge)):
        idea = writing.start(actor=actor(), challenge=challenge, language=challenge.language, **form.values())
        return _onwards(idea)
    return _form_page(challenge, None, form)


@bp.post("/challenges/<public_id>/ideas")
@page(May.START_IDEA, on=challenges.get, once=True)
def begin(challenge: Challenge) -> Answer:
    """The first words typed begin a draft, without a click; the editor's script goes on from where this leads."""
    form = IdeaForm().for_challenge(challenge)
    form.validate()
    idea = writing.start(actor=actor(), challenge=challenge, language=challenge.language, **_as_typed(form))
    return see("ideas.kept", public_id=idea.public_id)


@bp.get("/ideas/<public_id>/draft")
@page(May.EDIT_IDEA, on=queries.get)
def kept(idea: Idea) -> Answer:
    """Where a draft stands: for the script that saves it as one types."""
    edit, save = url_for("ideas.edit", public_id=idea.public_id), url_for("ideas.autosave", public_id=idea.public_id)
    return jsonify({"saved_at": idea.saved_at.isoformat(), "edit": edit, "autosave": save, "state": idea.state})


def _as_typed(form: IdeaForm) -> dict[str, Any]:
    """A draft is kept even when it is not complete; what is too long is cut where the column ends."""
    text = (form.text.data or "")[:20_000]
    return {"title": (form.title.data or "")[:200], "text": text, "requested_minor": form.requested.minor}


def _wants_check() -> bool:
    return request.form.get("then") == "check"


def _onwards(idea: Idea) -> Answer:
    """To the check page when the author asks for it, to where files are added, else back to writing."""
    if _wants_check():
        return see("ideas.check", public_id=idea.public_id)
    if request.form.get("then") == "files":
        said = gettext("Saved as a draft. Add your files below.")
        return see("ideas.edit", public_id=idea.public_id, message=said, _anchor="files")
    return see("ideas.edit", public_id=idea.public_id, message=gettext("Saved as a draft. Only you can see it."))


def _form_page(challenge: Challenge, idea: Idea | None, form: IdeaForm, *, moved: bool = False) -> Answer:
    """The editor. ``moved``: the idea went on since the page was opened, so what was typed is not saved."""
    return respond(
        "ideas/edit.html",
        status=409 if moved else 422 if form.errors else 200,
        form=form,
        challenge=challenge,
        idea=idea,
        moved=moved,
        fixed=idea is not None and idea.state != IdeaState.DRAFT and writing.text_is_fixed(challenge, clock.now()),
        drafts=[] if idea else [each for each in queries.in_challenge(actor(), challenge) if each.state == IdeaState.DRAFT],
        door=_door(challenge),
        files=_files(idea) if idea else None,
        most=settings().file_megabytes,
        needs_amount=writing.needs_amount(challenge),
        readers=challenges.readers_of_sealed(challenge.id) if challenge.visibility == "sealed" else [],
    )


def _files(idea: Idea) -> attachments.Files:
    """The idea's files; where it can be changed, with the place to add one."""
    url = url_for("pages.idea_files", public_id=idea.public_id) if filing.changeable(idea, clock.now()) else None
    return attachments.files(actor(), idea.file_set_id, url, settings().file_megabytes)


def _door(challenge: Challenge) -> str:
    """Whether ideas can come in: ``open``, ``early`` or ``over``. For the page only; a verb asks under its lock."""
    schedule, now = challenge.schedule(), clock.now()
    running = challenge.state == ChallengeState.PUBLISHED and challenge.frozen_at is None
    if running and schedule.allows(May.SUBMIT_IDEA, now):
        return "open"
    return "early" if running and now < schedule.opens else "over"


@bp.route("/ideas/<public_id>/edit", methods=["GET", "POST"])
@page(May.EDIT_IDEA, on=queries.get)
def edit(idea: Idea) -> Answer:
    if request.method == "GET" and idea.state not in WRITABLE:
        return _as_it_stands(idea, "not_in_the_running" if idea.submitted_at else "thrown_away")
    if request.method == "GET" and idea.state != IdeaState.DRAFT and writing.text_is_fixed(idea.challenge, clock.now()):
        return see("ideas.note", public_id=idea.public_id)
    form = IdeaForm(obj=idea, requested=_typed(idea)).for_challenge(idea.challenge)
    if form.is_submitted() and _moved_on(form.state.data, idea):
        form.state.data = idea.state
        return _form_page(idea.challenge, idea, form, moved=True)
    draft = idea.state == IdeaState.DRAFT
    if form.validate_on_submit() and (not (draft and _wants_check()) or form.complete(idea.challenge)):
        try:
            if draft:
                writing.save_draft(actor=actor(), idea=idea, **form.values())
                return _onwards(idea)
            writing.revise(actor=actor(), idea=idea, **form.values())
            return see("pages.idea", public_id=idea.public_id, message=gettext("The new version is in."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return _form_page(idea.challenge, idea, form)


def _moved_on(opened: str | None, idea: Idea) -> bool:
    """Whether the button on a page that was opened in that state no longer does what it says."""
    return idea.state not in WRITABLE or (opened == IdeaState.DRAFT) != (idea.state == IdeaState.DRAFT)


def _as_it_stands(idea: Idea, code: str) -> Answer:
    """To the idea's page, saying why what was asked for is not possible."""
    return see("pages.idea", public_id=idea.public_id, message=refusal(code, state=idea.state), tone="stop")


def _typed(idea: Idea) -> str:
    if idea.requested_minor is None:
        return ""
    places = digits(idea.challenge.currency)
    whole, rest = divmod(idea.requested_minor, 10**places)
    return str(whole) if not rest else f"{whole}.{rest:0{places}d}"


@bp.route("/ideas/<public_id>/notes", methods=["GET", "POST"])
@page(May.ADD_NOTE, on=queries.get, once=True)
def note(idea: Idea) -> Answer:
    """Below an idea that people vote on as it is, its authors add dated notes."""
    form = NoteForm()
    if form.validate_on_submit():
        writing.add_note(actor=actor(), idea=idea, text=form.text.data or "")
        return see("pages.idea", public_id=idea.public_id, message=gettext("Your note stands below the idea."))
    return respond("ideas/note.html", status=422 if form.errors else 200, form=form, idea=idea)


@bp.post("/ideas/<public_id>/draft")
@page(May.EDIT_IDEA, on=queries.get)
def autosave(idea: Idea) -> Answer:
    """What the editor saves by itself as one types; a draft is kept even when it is not complete."""
    form = IdeaForm().for_challenge(idea.challenge)
    form.validate()
    writing.save_draft(actor=actor(), idea=idea, **_as_typed(form))
    return jsonify({"saved_at": idea.saved_at.isoformat()})


@bp.route("/ideas/<public_id>/check", methods=["GET", "POST"])
@page(May.SUBMIT_IDEA, on=queries.get)
def check(idea: Idea) -> Answer:
    """The last look before sending: the text as readers will see it, who reads it, and the terms in full."""
    if idea.state not in UNSENT:
        return see("ideas.receipt", public_id=idea.public_id) if idea.submitted_at else _as_it_stands(idea, "thrown_away")
    form = SubmitForm()
    if form.validate_on_submit():
        try:
            accepted, checked = bool(form.accept_terms.data), form.checked.data or None
            writing.submit(actor=actor(), idea=idea, accept_terms=accepted, checked=checked)
            return see("ideas.receipt", public_id=idea.public_id)
        except Invalid as error:
            if error.field not in form:
                return see("ideas.edit", public_id=idea.public_id, message=str(MESSAGES[error.code]), tone="stop")
            form.refuse(error, MESSAGES)
    form.checked.data = writing.digest(idea)
    return respond(
        "ideas/check.html",
        status=422 if form.errors else 200,
        form=form,
        idea=idea,
        challenge=idea.challenge,
        files=attachments.files(actor(), idea.file_set_id, None, settings().file_megabytes),
        door=_door(idea.challenge),
        text_fixed=writing.text_is_fixed(idea.challenge, clock.now()),
        readers=challenges.readers_of_sealed(idea.challenge_id),
    )


@bp.get("/ideas/<public_id>/receipt")
@page(May.EDIT_IDEA, on=queries.get)
def receipt(idea: Idea) -> Answer:
    return respond("ideas/receipt.html", idea=idea, challenge=idea.challenge)


@bp.route("/ideas/<public_id>/withdrawal", methods=["GET", "POST"])
@page(May.WITHDRAW_IDEA, on=queries.get)
def withdraw(idea: Idea) -> Answer:
    if request.method == "GET" and not IDEA.can(idea.state, "withdraw"):
        return _as_it_stands(idea, "cannot_withdraw")
    form = Form()
    if form.validate_on_submit():
        said = gettext("The idea is withdrawn.") if idea.submitted_at else gettext("The draft is thrown away.")
        writing.withdraw(actor=actor(), idea=idea)
        back = ("pages.restore_idea", {"public_id": idea.public_id})
        return see("pages.my_ideas", message=said, tone="note", undo=back)
    return respond("ideas/withdraw.html", idea=idea, form=form)


@bp.route("/ideas/<public_id>/authors", methods=["GET", "POST"])
@page(May.EDIT_IDEA, on=queries.get)
def team(idea: Idea) -> Answer:
    form = AuthorForm()
    if form.validate_on_submit():
        try:
            authors.name_author(actor=actor(), idea=idea, email=form.email.data or "")
            return see("ideas.team", public_id=idea.public_id, message=gettext("Named. A mail asks for acceptance."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return respond("ideas/authors.html", status=422 if form.errors else 200, form=form, idea=idea)


@bp.post("/ideas/<public_id>/authorship")
@page(May.EDIT_IDEA, on=queries.get)
def authorship(idea: Idea) -> Answer:
    if request.form.get("value") == "leave":
        authors.leave(actor=actor(), idea=idea)
        return see("pages.my_ideas", message=gettext("You are no longer an author of this idea."), tone="note")
    authors.accept_authorship(actor=actor(), idea=idea)
    return see("pages.idea", public_id=idea.public_id, message=gettext("You are an author of this idea now."))


@bp.get("/ideas/<public_id>/revisions")
@page(May.LOOK, on=queries.get)
def revisions(idea: Idea) -> Answer:
    return respond("ideas/revisions.html", idea=idea, revisions=queries.revisions(idea))


@bp.get("/ideas/<public_id>/revisions/<int(max=1000000):number>")
@page(May.LOOK, on=queries.get)
def revision(idea: Idea, number: int) -> Answer:
    """One version by its own address, which always shows the same text."""
    found = queries.revision(idea, number)
    if found is None:
        abort(404)
    return respond("ideas/revision.html", idea=idea, revision=found)
