"""What is said at a field when a verb refuses what stands in it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "title_missing": _l("Give the idea a title."),
    "text_missing": _l("Describe the idea."),
    "amount_missing": _l("Say what the idea needs from the budget."),
    "amount_above_budget": _l("This is more than the challenge's whole budget."),
    "answer_missing": _l("Answer this question."),
    "answer_too_long": _l("Use at most %(most)s characters."),
    "answer_no_number": _l("Write a number alone, such as 12 or 1.5, without its unit."),
    "answer_no_option": _l("Choose one of these."),
    "provenance_missing": _l("Choose the answer that comes nearest. “Not sure” is one."),
    "changed_since_checked": _l("The text changed since you opened this page. Read it again, then send it."),
    "terms_not_accepted": _l("Accept the terms to send the idea."),
    "check_note_missing": _l("Write it down. The authors read it, and nobody else."),
    "check_note_too_long": _l("Use at most 4000 characters."),
    "day_needed": _l("Ideas can no longer come in, so say until when this one can."),
    "day_is_past": _l("This time is past. Choose a later one."),
    "day_too_late": _l("This is too late: the idea could no longer be judged with the others. Choose an earlier time."),
    "not_a_checker_here": _l("Only who is named to check ideas here names a deputy for it."),
    "checker_is_no_deputy": _l("This person checks ideas here already. Name somebody else."),
    "no_judge_in_own_cause": _l("This person has an idea here. Nobody is judge in his own cause."),
    "nobody_has_this_address": _l("Nobody here has this address. Ask for an invitation first."),
    "author_already": _l("This person is an author already."),
    "too_many_authors": _l("An idea can have at most 20 authors."),
    "shares_not_100": _l("Give everybody a share of at least 1, adding up to 100, or leave all of them empty."),
    "author_not_in_audience": _l("This person cannot take part in this challenge."),
}
