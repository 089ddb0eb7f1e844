"""Adding a file to a challenge, an idea, a project or a talk: one form, one way in for scripts, four owners."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

from flask import jsonify, redirect, request, url_for
from werkzeug.datastructures import FileStorage

from innovation.attachments import queries as attachments
from innovation.attachments.forms import FileForm, words_of
from innovation.attachments.models import Upload
from innovation.attachments.service import arriving
from innovation.attachments.service.limits import Limits
from innovation.attachments.service.uploads import Wanted
from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service import filing as of_challenges
from innovation.discussion import queries as discussion
from innovation.discussion.models import Thread
from innovation.discussion.service import filing as of_talk
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service import filing as of_ideas
from innovation.kernel import clock
from innovation.kernel.errors import DomainError, Invalid
from innovation.kernel.files import store
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, file_taking, gettext, page, respond, safe_next, settings, told
from innovation.pages.routes import bp
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.projects.service import filing as of_projects
from innovation.rules.policy import May


class Begin(Protocol):
    """The verb that begins an upload, with everything given but the file."""

    def __call__(self, *, wanted: Wanted, limits: Limits) -> Upload: ...


def files_of_idea(idea: Idea) -> attachments.Files:
    """An idea's files; who added one is said to those alone who see the authors' names."""
    adds = may(actor(), May.EDIT_IDEA, idea) and of_ideas.changeable(idea, clock.now())
    challenge = idea.challenge
    named = not challenge.names_hidden or challenge.decided_at is not None or may(actor(), May.SEE_NAMES, idea)
    return _files(idea.file_set_id, "pages.idea_files", idea.public_id, adds, names=named)


def files_of_challenge(challenge: Challenge) -> attachments.Files:
    adds = may(actor(), May.EDIT_CHALLENGE, challenge) and of_challenges.changeable(challenge)
    named = challenges.knows_sponsor(actor(), challenge)
    return _files(challenge.file_set_id, "pages.challenge_files", challenge.public_id, adds, names=named)


def files_of_project(project: Project) -> attachments.Files:
    adds = may(actor(), May.WORK_ON_PROJECT, project)
    named = not challenges.withheld_in(actor(), project.challenge_id)
    return _files(project.file_set_id, "pages.project_files", project.public_id, adds, names=named)


def files_of_talk(talk: discussion.Talk) -> attachments.Files | None:
    """A talk's files; where a name is kept from the reader, none is said. None before its first comment."""
    if not talk.begun:
        return None
    named = talk.thread.file_set_id is None or not discussion.veiled(actor(), talk.thread)
    return _files(talk.thread.file_set_id, "pages.talk_files", talk.thread.public_id, talk.may_write, names=named)


def _files_of_thread(thread: Thread) -> attachments.Files:
    files = files_of_talk(discussion.talk(actor(), thread, clock.now()))
    assert files is not None  # it was found by its address, so it is stored
    return files


def _files(set_id: int | None, endpoint: str, public_id: str, adds: bool, *, names: bool = True) -> attachments.Files:
    url = url_for(endpoint, public_id=public_id) if adds else None
    return attachments.files(actor(), set_id, url, settings().file_megabytes, names=names)


@bp.route("/ideas/<public_id>/uploads", methods=["GET", "POST"])
@file_taking
@page(May.EDIT_IDEA, on=ideas.get, write=False)
def idea_files(idea: Idea) -> Answer:
    begin = partial(of_ideas.begin_upload, actor=actor(), idea=idea)
    return _door(begin, files_of_idea(idea), url_for("pages.idea", public_id=idea.public_id))


@bp.route("/challenges/<public_id>/uploads", methods=["GET", "POST"])
@file_taking
@page(May.EDIT_CHALLENGE, on=challenges.get, write=False)
def challenge_files(challenge: Challenge) -> Answer:
    begin = partial(of_challenges.begin_upload, actor=actor(), challenge=challenge)
    return _door(begin, files_of_challenge(challenge), url_for("pages.challenge", public_id=challenge.public_id))


@bp.route("/projects/<public_id>/uploads", methods=["GET", "POST"])
@file_taking
@page(May.WORK_ON_PROJECT, on=projects.get, write=False)
def project_files(project: Project) -> Answer:
    begin = partial(of_projects.begin_upload, actor=actor(), project=project)
    return _door(begin, files_of_project(project), url_for("projects.papers_page", public_id=project.public_id))


@bp.route("/threads/<public_id>/uploads", methods=["GET", "POST"])
@file_taking
@page(May.TALK, on=discussion.thread, write=False)
def talk_files(thread: Thread) -> Answer:
    begin = partial(of_talk.begin_upload, actor=actor(), thread=thread)
    place = discussion.place(thread)
    return _door(begin, _files_of_thread(thread), url_for(place.endpoint, public_id=place.public_id))


def _door(begin: Begin, files: attachments.Files, back: str) -> Answer:
    return _added(begin, back) if request.method == "POST" else _shown(files, back)


def _shown(files: attachments.Files, back: str) -> Answer:
    """The list alone for a script that has added one; else a page with the form."""
    back = safe_next(request.args.get("next")) or back
    form = FileForm(next=back)
    values: dict[str, Any] = {"files": files, "form": form, "back": back, "address": files.add_url, "most": files.most}
    return respond("attachments/index.html", fragment="attachments/_list.html", **values)


def _added(begin: Begin, back: str) -> Answer:
    """A whole file by a form, or the beginning of an upload that a script goes on with."""
    if request.headers.get("Upload-Length"):
        return _begun(begin)
    form = FileForm()
    back = safe_next(form.next.data) or back
    if form.validate_on_submit():
        try:
            name = _whole(begin, form.file.data, form.alt.data or "")
            told(gettext("%(name)s is added.", name=name))
            return redirect(f"{back}#files", 303)
        except Invalid as error:
            form.refuse(error, {error.code: words_of(error)})
    values: dict[str, Any] = {
        "files": None,
        "form": form,
        "back": back,
        "address": request.path,
        "most": settings().file_megabytes,
    }
    return respond("attachments/index.html", status=422, **values)


def _whole(begin: Begin, sent: FileStorage, alt: str) -> str:
    size = sent.stream.seek(0, 2)
    sent.stream.seek(0)
    upload = begin(wanted=Wanted(sent.filename or "", size, alt), limits=_limits())
    return arriving.take_whole(actor=actor(), upload=upload, store=store(), content=sent.stream).name


def _begun(begin: Begin) -> Answer:
    """201 and where the parts go, or 422 and why not."""
    length = request.headers["Upload-Length"]
    size = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0
    try:
        wanted = Wanted(request.form.get("name", "")[:300], size, request.form.get("alt", ""))
        upload = begin(wanted=wanted, limits=_limits())
    except DomainError as error:
        answer = jsonify({"error": words_of(error)})
        answer.status_code = 422 if isinstance(error, Invalid) else 409
        return answer
    answer = jsonify({"url": url_for("attachments.upload", public_id=upload.public_id), "part": arriving.PART})
    answer.status_code = 201
    answer.headers["Location"] = url_for("attachments.upload", public_id=upload.public_id)
    return answer


def _limits() -> Limits:
    return Limits.of(settings())
