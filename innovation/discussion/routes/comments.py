"""Doors of one comment: where it stands, answers, changes, its history, and deleting."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, url_for

from innovation.discussion import queries
from innovation.discussion.forms import MESSAGES, CommentForm
from innovation.discussion.models import Comment
from innovation.discussion.routes import bp
from innovation.discussion.service import deleting, writing
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May


def _where(comment: Comment) -> str:
    """The address of the line of a comment, on the page of its talk that has it."""
    place = queries.place(comment.thread)
    after = queries.page_of(actor(), comment, clock.now())
    anchor = f"comment-{comment.public_id}"
    return url_for(place.endpoint, public_id=place.public_id, after=after, _anchor=anchor)


@bp.get("/comments/<public_id>")
@page(May.LOOK, on=queries.comment)
def comment(comment: Comment) -> Answer:
    """A comment's own address: it leads to its place, whatever the page is called by then."""
    if not queries.has_line(actor(), comment, clock.now()):
        abort(404)
    return redirect(_where(comment), 303)


@bp.route("/comments/<public_id>/replies", methods=["GET", "POST"])
@page(May.TALK, on=queries.comment, once=True)
def reply(comment: Comment) -> Answer:
    """Answer a comment: in place by JavaScript, without it on a page of its own."""
    if comment.trashed_at or comment.hidden_at:
        abort(404)
    form = CommentForm().beside(comment.public_id)
    place = queries.place(comment.thread)

    def add() -> None:
        text, language = form.text.data or "", place.language
        made.append(writing.add(actor=actor(), thread=comment.thread, text=text, language=language, parent=comment))

    made: list[Comment] = []
    if form.accepted(add, MESSAGES):
        return see("discussion.comment", public_id=made[0].public_id)
    return respond(
        "discussion/reply.html",
        fragment="discussion/_reply.html",
        status=422 if form.errors else 200,
        form=form,
        comment=comment,
        place=place,
        **_shown(comment),
    )


@bp.route("/comments/<public_id>/edit", methods=["GET", "POST"])
@page(May.EDIT_COMMENT, on=queries.comment)
def edit(comment: Comment) -> Answer:
    if comment.trashed_at or comment.hidden_at:
        abort(404)
    form = CommentForm(text=queries.typed(comment)).beside(f"{comment.public_id}-edit")
    if form.accepted(lambda: writing.edit(actor=actor(), comment=comment, text=form.text.data or ""), MESSAGES):
        return see("discussion.comment", public_id=comment.public_id, message=gettext("The comment is changed."))
    return respond(
        "discussion/edit.html",
        fragment="discussion/_edit.html",
        status=422 if form.errors else 200,
        form=form,
        comment=comment,
        place=queries.place(comment.thread),
    )


@bp.get("/comments/<public_id>/history")
@page(May.LOOK, on=queries.comment)
def history(comment: Comment) -> Answer:
    """What a comment said before; of one that was deleted or removed nobody reads anything here."""
    if comment.trashed_at or comment.hidden_at:
        abort(404)
    texts = [(each.number, each.text, each.written_at) for each in queries.revisions(comment.id)]
    texts.append((comment.revision_no, comment.text, comment.edited_at or comment.made_at))
    return respond(
        "discussion/history.html", comment=comment, texts=texts, place=queries.place(comment.thread), **_shown(comment)
    )


def _shown(comment: Comment) -> dict[str, Any]:
    """Whose words a comment is and whom it names, as the reader may know it."""
    kept = queries.veiled(actor(), comment.thread)
    people = queries.mentioned([comment.id]).get(comment.id, [])
    return {"writer": queries.written_by(comment, kept), "people": queries.named_in(comment, people, kept)}


@bp.post("/comments/<public_id>/deletion")
@page(May.DELETE_COMMENT, on=queries.comment)
def delete(comment: Comment) -> Answer:
    place = queries.place(comment.thread)
    after = queries.page_of(actor(), comment, clock.now())
    deleting.delete(actor=actor(), comment=comment)
    # To the top of the page, where the way back stands: an address of the line would scroll it out of sight.
    return see(
        place.endpoint,
        public_id=place.public_id,
        after=after,
        message=gettext("The comment is deleted. You can bring it back for thirty days."),
        tone="note",
        undo=("discussion.restore", {"public_id": comment.public_id}),
    )


@bp.post("/comments/<public_id>/restoration")
@page(May.DELETE_COMMENT, on=queries.comment)
def restore(comment: Comment) -> Answer:
    deleting.restore(actor=actor(), comment=comment)
    return see("discussion.comment", public_id=comment.public_id, message=gettext("The comment is back."))
