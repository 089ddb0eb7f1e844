"""Reasons that are ready to use in a house that has saved none: offered beside the saved ones, in every language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from innovation.kernel.i18n import LANGUAGES
from innovation.rules.sending import SendingAct


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready reason in one language; ``name`` is what a form sends."""

    name: str
    title: str
    text: str
    language: str


_WORDS: dict[SendingAct, dict[str, tuple[Any, Any]]] = {
    SendingAct.RETURN_IDEA: {
        "unclear": (
            _l("It is not clear how it works"),
            _l(
                "Thank you for your idea. We do not understand yet how it would work. Please describe in a few sentences "
                "what happens first, what follows, and what comes out in the end. Then send it again."
            ),
        ),
        "figures": (
            _l("Figures are missing"),
            _l(
                "Thank you for your idea. Before we can judge it we need an estimate: what it costs, what it brings, and "
                "what both rest on. A rough figure with its source is enough. Then send it again."
            ),
        ),
        "question": (
            _l("It answers another question"),
            _l(
                "Thank you for your idea. As it stands it does not answer what is asked here. Please read once more what a "
                "good answer must do, and say how your idea does that. Then send it again."
            ),
        ),
    },
    SendingAct.DECLINE_IDEA: {
        "known": (
            _l("It is done already"),
            _l(
                "Thank you for the work you put into this. We do this already, or have tried it, so we do not take the idea "
                "further. Your rights in it stay yours, as the terms say."
            ),
        ),
        "outside": (
            _l("It lies outside the question"),
            _l(
                "Thank you for the work you put into this. The idea lies outside what this question is about, so it is not "
                "judged here. Your rights in it stay yours, as the terms say."
            ),
        ),
    },
    SendingAct.RETURN_CHALLENGE: {
        "several": (
            _l("Ask one question"),
            _l(
                "This asks several things at once, and answers to them cannot be compared. Please choose the one that "
                "matters most and hand the challenge in again."
            ),
        ),
        "measure": (
            _l("Say how an answer is judged"),
            _l(
                "It does not say yet when an answer is good enough. Please name what a good answer must do, with a figure "
                "where there is one, and hand the challenge in again."
            ),
        ),
    },
    SendingAct.ANSWER: {
        "brief": (
            _l("It stands in the brief"),
            _l(
                "Thank you for your question. The brief says this under what a good answer must do. Should anything there "
                "still be open, ask again and tell us which sentence."
            ),
        ),
        "open": (
            _l("Choose what you think best"),
            _l(
                "Thank you for your question. We leave this open on purpose: choose what you think best, and say in your "
                "idea why."
            ),
        ),
    },
    SendingAct.REMIND: {
        "waits": (
            _l("People wait for this"),
            _l("This has been waiting for you, and people count on an answer. Please take a moment for it today."),
        ),
        "help": (
            _l("Say if you need help"),
            _l(
                "This has been waiting for you. If something keeps you from it, tell me what it is, or name somebody who "
                "can do it in your place."
            ),
        ),
    },
}


def for_act(act: SendingAct) -> list[Ready]:
    """The ready reasons of an act, each in every language of the house."""
    found = []
    for language in LANGUAGES:
        with force_locale(language):
            for name, (title, text) in _WORDS[act].items():
                found.append(Ready(f"ready:{name}:{language}", str(title), str(text), language))
    return found
