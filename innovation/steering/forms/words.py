"""What pages say of acts on many, and of what a verb refuses."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from innovation.rules.sending import MOST_CHOSEN, SendingAct

ACTS: dict[str, Any] = {
    SendingAct.RETURN_IDEA: _l("Send ideas back to their authors"),
    SendingAct.DECLINE_IDEA: _l("Turn ideas down"),
    SendingAct.RETURN_CHALLENGE: _l("Send challenges back to their sponsors"),
    SendingAct.ANSWER: _l("Answer questions"),
    SendingAct.REMIND: _l("Remind who has to act"),
}
"""The acts by name, as a list or a heading says them."""

MESSAGES: dict[str, Any] = {
    "title_missing": _l("Fill this in."),
    "words_missing": _l("Write what is said to each of them, or choose a saved reason."),
    "words_too_long": _l("These words are too long. Use at most 5,000 characters."),
    "personal_too_long": _l("A personal line is too long. Use at most 1,000 characters for each."),
    "nothing_chosen": _l("There is nothing left to act on. Go back to the list and choose again."),
    "too_many_chosen": _l("Choose at most %(most)s at once.", most=MOST_CHOSEN),
    "day_is_past": _l("This day is past. Choose a later one, or none."),
}
