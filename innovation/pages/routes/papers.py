"""A challenge and an idea on paper: tagged PDF with the same words as the page, and nothing the reader may not see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, get_template_attribute, url_for

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.queries import inquiries
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock, documents
from innovation.kernel.assets import data_folder
from innovation.kernel.i18n import day, language, moment, money
from innovation.kernel.structure import blocks
from innovation.kernel.text import plain, points
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, gettext, page
from innovation.pages.routes import bp
from innovation.people import queries as people
from innovation.rules.answers import AnswerKind
from innovation.rules.policy import May

Facts = Sequence[tuple[str, str]]
MOST_ASKED = 100
"""So many published answers stand on a challenge's paper, the latest."""


@bp.get("/challenges/<public_id>.pdf")
@page(May.LOOK, on=challenges.get)
def challenge_paper(challenge: Challenge) -> Answer:
    format: Any = challenge.text_format
    parts = (
        (gettext("What it is about"), challenge.background),
        (gettext("What a good answer does"), points(challenge.must, format)),
        (gettext("Within which limits"), challenge.constraints),
    )
    return _paper(
        challenge,
        name=f"challenge-{challenge.public_id}",
        kind=gettext("Challenge"),
        title=challenge.title,
        lead=plain(challenge.summary, format) if challenge.summary else "",
        address=url_for("pages.challenge", public_id=challenge.public_id, _external=True),
        facts=_promised(challenge),
        sections=[_section(title, text, format=format) for title, text in parts if text] + _asked(challenge),
    )


@bp.get("/ideas/<public_id>.pdf")
@page(May.LOOK, on=ideas.get)
def idea_paper(idea: Idea) -> Answer:
    zone = idea.challenge.zone
    notes = [
        _section(
            gettext("Note of the authors"), note.text, gettext("Added on %(moment)s", moment=moment(note.written_at, zone))
        )
        for note in ideas.notes(idea.id)
    ]
    return _paper(
        idea.challenge,
        name=f"idea-{idea.public_id}",
        kind=gettext("Idea"),
        title=idea.title or gettext("Without a title yet"),
        lead="",
        address=url_for("pages.idea", public_id=idea.public_id, _external=True),
        facts=_of_idea(idea),
        sections=[_section(gettext("The idea"), idea.text), *_answers(idea), *notes],
        mark=_sealed(idea),
    )


def _paper(
    challenge: Challenge,
    *,
    name: str,
    kind: str,
    title: str,
    lead: str,
    address: str,
    facts: Facts,
    sections: list[dict[str, Any]],
    mark: str = "",
) -> Response:
    host = people.host()
    data = {
        "kind": kind,
        "title": title,
        "lead": lead,
        "facts": facts,
        "sections": sections,
        "mark": mark,
        "host": host.name if host else "Open innovation",
        "language": language(),
        "text_language": challenge.language,
        "footer": f"{address} · {moment(clock.now(), challenge.zone)}",
    }
    content = documents.pdf(data_folder("templates") / "documents" / "paper.typ", data)
    response = Response(content, mimetype=documents.PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _section(title: str, text: str, note: str = "", format: Any = "markdown") -> dict[str, Any]:
    return {"title": title, "note": note, "blocks": blocks(text, format)}


def _asked(challenge: Challenge) -> list[dict[str, Any]]:
    """What the sponsor answered to everybody, the first answer first; the question stands above it as a quotation."""
    found = reversed(inquiries.published(challenge, size=MOST_ASKED).items)
    return [
        _section(
            gettext("Question to the sponsor"),
            "\n".join(f"> {line}" for line in each.shown_text.splitlines()) + f"\n\n{each.answer}",
            gettext("Answered on %(moment)s", moment=moment(each.published_at or each.asked_at, challenge.zone)),
        )
        for each in found
    ]


def _answers(idea: Idea) -> list[dict[str, Any]]:
    """What the idea answers to the challenge's own questions, in the words of its page; what is not answered is left out."""
    shown = get_template_attribute("ideas/_answers.html", "answer_value")
    return [
        _section(each.question.label, each.value)
        if each.question.kind == AnswerKind.TEXT
        else _section(each.question.label, str(shown(each)), format="html")
        for each in ideas.answers(idea)
        if each.value
    ]


def _sealed(idea: Idea) -> str:
    """What stands on top of each page of a sealed idea: that it is, and who may read it."""
    if idea.visibility != "sealed":
        return ""
    readers = challenges.readers_of_sealed(idea.challenge_id, actor())
    names = ", ".join(name or gettext("the sponsor (name withheld)") for name in readers)
    return gettext("Sealed. To be read by its authors and: %(names)s", names=names or gettext("nobody yet"))


def _of_idea(idea: Idea) -> Facts:
    challenge, own = idea.challenge, any(each.person_id == actor().person_id for each in idea.authors)
    named = own or not challenge.names_hidden or challenge.decided_at is not None or may(actor(), May.SEE_NAMES, idea)
    gone = gettext("former participant")
    names = [each.person.name if each.person.erased_at is None else gone for each in idea.authors if each.accepted_at]
    rows = [
        (gettext("Answers"), challenge.title),
        (gettext("Authors"), ", ".join(names) if named else gettext("Names are shown with the result")),
        (gettext("State"), _word("idea_state_word", idea.state)),
        (gettext("Sent"), day(idea.submitted_at, challenge.zone) if idea.submitted_at else ""),
        (gettext("Asks for"), money(idea.requested_minor, challenge.currency) if idea.requested_minor is not None else ""),
        (gettext("Version"), str(idea.revision_no) if idea.revision_no > 1 else ""),
        (gettext("Reference"), idea.public_id),
    ]
    return [row for row in rows if row[1]]


def _promised(challenge: Challenge) -> Facts:
    zone = challenge.zone
    names = ", ".join(each.name for each in challenges.sponsors_shown(actor(), challenge))
    asked_by = _word("asked_by_words", challenge, names)
    dated = challenge.opens_at != challenge.closes_at
    rows = [
        (gettext("Programme"), challenge.programme.title),
        (gettext("State"), plain(_word("challenge_stand", challenge, clock.now()), "html")),
        (gettext("Asked by"), asked_by),
        (gettext("Ideas until"), moment(challenge.closes_at, zone) if dated else ""),
        (gettext("Votes until"), moment(challenge.vote_closes_at, zone) if challenge.vote_closes_at else ""),
        (gettext("Panel until"), moment(challenge.review_closes_at, zone) if challenge.review_closes_at and dated else ""),
        (gettext("Answer by"), moment(challenge.answer_by, zone) if challenge.answer_by else ""),
        (gettext("Prize"), money(challenge.prize_minor, challenge.currency) if challenge.prize_minor else ""),
        (gettext("Budget"), money(challenge.budget_minor, challenge.currency) if challenge.budget_minor else ""),
        (gettext("Who decides"), _word("decider_words", challenge.who_decides)),
        (gettext("Who can take part"), plain(_word("audience_words", challenge.audience), "html")),
        (gettext("Who reads the ideas"), _word("readers_words", challenge.visibility)),
        (gettext("Terms"), challenge.terms.title if challenge.terms else ""),
        (gettext("Reference"), challenge.public_id),
    ]
    return [row for row in rows if row[1]]


def _word(macro: str, *values: Any) -> str:
    return str(get_template_attribute("components/words.html", macro)(*values)).strip()
