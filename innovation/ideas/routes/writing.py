"""Doors of writing an idea: begun by typing, saved as one types, sent from the same page, a new version, a note."""

from __future__ import annotations

from collections.abc import Callable

from flask import jsonify, request, url_for

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries
from innovation.ideas.forms import NoteForm, idea_form
from innovation.ideas.models import Idea
from innovation.ideas.routes import bp
from innovation.ideas.routes.arriving import Arrived, files_came, take_files
from innovation.ideas.routes.editor import editor, sends, wants
from innovation.ideas.routes.shared import as_it_stands
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.errors import DomainError, Invalid
from innovation.kernel.web import Answer, actor, file_taking, gettext, page, respond, see, status_of
from innovation.rules.idea import UNSENT, WAITS_OR_RUNS, IdeaState
from innovation.rules.policy import May

WRITABLE = WAITS_OR_RUNS | UNSENT
"""States in which an author can change the text: in the draft, in what was sent back, or by a new version."""


@bp.route("/challenges/<public_id>/ideas/new", methods=["GET", "POST"])
@file_taking
@page(May.START_IDEA, on=challenges.get, write=False)
def new(challenge: Challenge) -> Answer:
    if request.method == "GET":
        return editor(challenge, None, idea_form(challenge))
    public_id = challenge.public_id
    if files_came():
        # Files need an idea to belong to: the draft is kept first, and goes on as one that was there before.
        kept: list[str] = []
        answer = _for_new(lambda found: _begun(found, kept), public_id)
        return _save(kept[0], fresh=True) if kept else answer
    answer = _for_new(_first, public_id)
    if status_of(answer) == 422 and wants() == "send":
        return _kept_unsent(public_id)
    return answer


def _for_new(act: Callable[[Challenge], Answer], public_id: str) -> Answer:
    """In one transaction, once for the same form."""
    return page(May.START_IDEA, on=challenges.get, once=True)(act)(public_id=public_id)


def _for_idea(act: Callable[[Idea], Answer], public_id: str) -> Answer:
    """In one transaction."""
    return page(May.EDIT_IDEA, on=queries.get)(act)(public_id=public_id)


def _first(challenge: Challenge) -> Answer:
    """Begin the draft; where that is asked for and all is there, send it in the same transaction."""
    form, sending = idea_form(challenge), sends(challenge)
    if form.validate_on_submit() and (wants() == "save" or form.complete(challenge, None, sending=sending)):
        try:
            idea = writing.start(actor=actor(), challenge=challenge, language=challenge.language, **form.draft())
            if sending:
                writing.submit(actor=actor(), idea=idea, accept_terms=bool(form.accept_terms.data))
            return _onwards(idea)
        except Invalid as error:
            form.say(error)
    return editor(challenge, None, form)


def _begun(challenge: Challenge, kept: list[str]) -> Answer:
    """Keep what was typed as a draft, complete or not; a second click of the same button leads to where this one does."""
    form = idea_form(challenge)
    form.validate()
    idea = writing.start(actor=actor(), challenge=challenge, language=challenge.language, **form.draft())
    kept.append(idea.public_id)
    return see("ideas.receipt" if wants() == "send" else "ideas.edit", public_id=idea.public_id)


def _kept_unsent(public_id: str) -> Answer:
    """What could not be sent stays as a draft, and its page says what is missing."""
    kept: list[str] = []
    answer = _for_new(lambda found: _begun(found, kept), public_id)
    if not kept:
        return answer
    idea = queries.get(actor(), kept[0])
    assert idea is not None
    form = idea_form(idea.challenge, idea)
    form.state.data = idea.state
    form.validate()
    form.complete(idea.challenge, idea, sending=sends(idea.challenge))
    return editor(idea.challenge, idea, form)


@bp.post("/challenges/<public_id>/ideas")
@page(May.START_IDEA, on=challenges.get, once=True)
def begin(challenge: Challenge) -> Answer:
    """The first words typed begin a draft, without a click; the editor's script goes on from where this leads."""
    form = idea_form(challenge)
    form.validate()
    idea = writing.start(actor=actor(), challenge=challenge, language=challenge.language, **form.draft())
    return see("ideas.kept", public_id=idea.public_id)


@bp.get("/ideas/<public_id>/draft")
@page(May.EDIT_IDEA, on=queries.get)
def kept(idea: Idea) -> Answer:
    """Where a draft stands: for the script that saves it as one types."""
    edit, save = url_for("ideas.edit", public_id=idea.public_id), url_for("ideas.autosave", public_id=idea.public_id)
    return jsonify({"saved_at": idea.saved_at.isoformat(), "edit": edit, "autosave": save, "state": idea.state})


def _onwards(idea: Idea) -> Answer:
    """To the receipt once it is sent, to the check page when the author asks for it, else back to writing."""
    then = wants()
    if idea.state not in UNSENT:
        return see("ideas.receipt", public_id=idea.public_id)
    if then != "save":
        return see("ideas.check", public_id=idea.public_id)
    if request.form.get("then") == "files":
        said = gettext("Saved as a draft. Add your files below.")
        return see("ideas.edit", public_id=idea.public_id, message=said, _anchor="files")
    said = gettext("Saved. Nobody reads it before you send it again.")
    if idea.state == IdeaState.DRAFT:
        said = gettext("Saved as a draft. Only you can see it.")
    return see("ideas.edit", public_id=idea.public_id, message=said)


@bp.route("/ideas/<public_id>/edit", methods=["GET", "POST"])
@file_taking
@page(May.EDIT_IDEA, on=queries.get, write=False)
def edit(idea: Idea) -> Answer:
    if request.method == "POST":
        return _save(idea.public_id)
    if idea.state not in WRITABLE:
        return as_it_stands(idea, "not_in_the_running" if idea.submitted_at else "thrown_away")
    if idea.state not in UNSENT and writing.why_fixed(idea, clock.now()):
        return see("ideas.note", public_id=idea.public_id)
    return editor(idea.challenge, idea, idea_form(idea.challenge, idea))


def _save(public_id: str, *, fresh: bool = False) -> Answer:
    """Files first, each by itself; then everything else as one. What cannot be sent stays as a draft.

    Args:
        fresh: the draft was begun by this very request, so that the page did not know of it.
    """
    arrived = take_files(public_id) if files_came() else Arrived()
    try:
        answer = _for_idea(lambda idea: _saved(idea, arrived, fresh=fresh), public_id)
    except DomainError:
        if wants() == "send":
            _for_idea(lambda idea: _kept_as_typed(idea, arrived), public_id)
        raise
    if status_of(answer) == 422 and (wants() == "send" or arrived.answers):
        _for_idea(lambda idea: _kept_as_typed(idea, arrived), public_id)
    return answer


def _saved(idea: Idea, arrived: Arrived, *, fresh: bool) -> Answer:
    form = idea_form(idea.challenge, idea).with_files(arrived.answers, arrived.refused)
    if not fresh and _moved_on(form.state.data, idea):
        form.state.data = idea.state
        return editor(idea.challenge, idea, form, moved=True)
    form.state.data = idea.state
    draft = idea.state in UNSENT
    sending, saving = draft and sends(idea.challenge), not draft or wants() == "save"
    if form.validate_on_submit() and (saving or form.complete(idea.challenge, idea, sending=sending)):
        try:
            if not draft:
                writing.revise(actor=actor(), idea=idea, **form.values())
                return see("pages.idea", public_id=idea.public_id, message=gettext("The new version is in."))
            writing.save_draft(actor=actor(), idea=idea, **form.draft())
            if sending:
                writing.submit(actor=actor(), idea=idea, accept_terms=bool(form.accept_terms.data))
            return _onwards(idea)
        except Invalid as error:
            form.say(error)
    return editor(idea.challenge, idea, form)


def _kept_as_typed(idea: Idea, arrived: Arrived) -> Answer:
    """Keep a draft as it was typed, although it could not be sent."""
    if idea.state in UNSENT:
        form = idea_form(idea.challenge, idea).with_files(arrived.answers, {})
        form.validate()
        writing.save_draft(actor=actor(), idea=idea, **form.draft())
    return see("ideas.edit", public_id=idea.public_id)


def _moved_on(opened: str | None, idea: Idea) -> bool:
    """Whether the button on a page that was opened in that state no longer does what it says."""
    return idea.state not in WRITABLE or (opened in UNSENT) != (idea.state in UNSENT)


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
    form = idea_form(idea.challenge, idea)
    form.validate()
    writing.save_draft(actor=actor(), idea=idea, **form.draft())
    return jsonify({"saved_at": idea.saved_at.isoformat()})
