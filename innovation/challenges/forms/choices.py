"""The choices of a brief, each in a plain phrase, when it fits, and what is said when it does not."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from innovation.challenges.service.templates import STAFF, TECHNICAL
from innovation.challenges.service.terms import AUTHOR_KEEPS, EMPLOYEE, LICENCE_IF_CHOSEN, TRANSFER_ON_AWARD
from innovation.rules.ballot import OFFERED, Ballot

WHO_MAY = [
    ("staff", _l("Our own staff")),
    ("experts", _l("Staff, partners and invited experts")),
    ("everyone", _l("Everyone, the public too")),
]
TEMPLATES = [
    (TECHNICAL, _l("Technical question")),
    (STAFF, _l("Ideas from staff")),
]
USUAL_TERMS = _l("As usual: our own staff as the contract of employment says, others keep everything")
VISIBILITY = [
    ("open", _l("Open: everyone who can take part reads all ideas")),
    ("sealed", _l("Sealed: only authors, sponsors and panel read an idea")),
]
WHO_DECIDES = [
    ("votes", _l("The participants, by their votes")),
    ("panel", _l("A panel that scores every idea")),
    ("sponsor", _l("The sponsor picks, with a reason for every idea")),
    ("votes_panel", _l("The participants draw up a short list, and a panel decides")),
]
WHEN_WHO_DECIDES: dict[str, Any] = {
    "votes": _l("Fits when many people can judge the ideas, and will live with what is chosen."),
    "panel": _l("Fits when it takes knowledge to judge. Each member gives 1 to 5 on your criteria, with a sentence."),
    "sponsor": _l("Fits when you alone answer for the money, or only you may read the ideas."),
    "votes_panel": _l("Fits when there are too many ideas for a panel: the crowd says which are worth its time."),
}
"""When each answer fits, in a sentence."""

BALLOT_NAMES: dict[str, Any] = {
    Ballot.APPROVAL: _l("Approval: support as many ideas as you like"),
    Ballot.YES_NO: _l("Yes or no on each idea"),
    Ballot.STARS: _l("Stars, 1 to 5"),
    Ballot.POINTS: _l("Points to divide"),
    Ballot.QUADRATIC: _l("Credits, where each further vote costs more"),
    Ballot.PAIRS: _l("Pairs: which of these two?"),
    Ballot.ORDINAL: _l("A ranking, as it was imported"),
}
BALLOTS = [(str(ballot), BALLOT_NAMES[ballot]) for ballot in OFFERED]
WHEN_BALLOT: dict[str, Any] = {
    Ballot.APPROVAL: _l("Fits nearly always: one click, and nobody has to compare."),
    Ballot.YES_NO: _l("Fits when objections matter as much as support."),
    Ballot.STARS: _l("Fits when the ideas differ much in quality and people read them with care."),
    Ballot.POINTS: _l("Fits when people should say what matters more to them: everybody divides the same number."),
    Ballot.QUADRATIC: _l("Fits when a few feel strongly about an idea: n votes for it cost n times n credits."),
    Ballot.PAIRS: _l("Fits when ideas are alike and hard to rate alone: two side by side, again and again."),
}
"""When each kind of ballot fits, in a sentence."""

TOTALS = [
    ("closed", _l("After voting has closed (nobody follows the crowd)")),
    ("voted", _l("After one’s own vote on the idea")),
]
NAMES = [
    ("usual", _l("As usual: hidden where a panel scores, shown elsewhere")),
    ("hidden", _l("Hidden from voters and panel until the result")),
    ("shown", _l("Shown from the start")),
]
CHECKED = [
    ("usual", _l("As usual: checked first where people from outside answer and all ideas can be read, else seen at once")),
    ("at_once", _l("Seen at once by everybody who may read it")),
    ("first", _l("Seen once somebody has checked it")),
]
RECORD_FOR = [
    ("sponsor", _l("Sponsors and managers")),
    ("participants", _l("Everyone who can take part")),
    ("public", _l("Everyone")),
]
CAPACITIES = [
    ("top", _l("The best so many")),
    ("skip", _l("As many as the budget pays for; what does not fit is skipped")),
    ("stop", _l("As many as the budget pays for; it ends at the first that does not fit")),
]
TERMS = [
    (AUTHOR_KEEPS, _l("The author keeps everything; we contact the author first")),
    (LICENCE_IF_CHOSEN, _l("A licence for us if the idea is chosen")),
    (TRANSFER_ON_AWARD, _l("The rights pass to us if the author accepts the award")),
    (EMPLOYEE, _l("Our own staff: as the contract of employment says")),
]

MESSAGES: dict[str, Any] = {
    "answer_only_later": _l("What was promised only moves later: choose a day after the one promised, and still to come."),
    "answer_too_far": _l("Choose a day within a year."),
    "sealed_stays_sealed": _l("This challenge is sealed: nothing of it is shown outside."),
    "sealed_has_no_crowd": _l("A sealed challenge cannot be decided by votes: nobody else may read the ideas."),
    "time_nonexistent": _l("This time does not exist: the clocks are put forward then. Choose another."),
    "time_ambiguous": _l("This time exists twice: the clocks are put back then. Choose another."),
    "closes_before_it_opens": _l("This is not after the opening. Choose a later time."),
    "vote_ends_before_it_begins": _l("Voting must end after it begins. Choose a later time, or let it begin earlier."),
    "vote_before_ideas": _l("Voting cannot begin before ideas can come in."),
    "vote_ends_before_ideas": _l("Voting must last at least until the last idea can come in."),
    "answer_before_the_end": _l("The answer cannot be due before ideas and votes are in."),
    "review_ends_before_it_begins": _l("The panel must have time after ideas and votes are in. Choose a later time."),
    "ballot_not_offered": _l("Choose one of these."),
    "closes_in_the_past": _l("The closing date has passed. Choose a later one."),
    "deadline_only_later": _l("After publication the deadline can only move later."),
    "rule_needs_outsiders": _l(
        "The rule asks what people from outside say, and nobody from outside can take part. Let them take part, or choose "
        "another rule."
    ),
    "panel_too_small": _l(
        "The panel needs at least %(needed)s people, and %(named)s are named. Name them under “Sponsors, deputies and "
        "panel”, then publish."
    ),
    "rule_needs_a_budget": _l("This rule spends a budget. Say how much there is."),
    "nobody_has_this_address": _l("Nobody here has this address. Invite the person first."),
    "template_is_for_staff": _l(
        "“Ideas from staff” is for our own staff. Choose “Technical question”, or let our own staff alone answer."
    ),
    "amendment_needs_a_reason": _l("Say why: everybody who sees the challenge reads it."),
    "say_what_happens_to_ideas": _l("Say what happens to the ideas that were sent."),
    "say_what_happens_to_prize": _l("A prize was promised. Say what happens to it."),
    "prize_only_up": _l("After publication the prize can only grow. Write a greater amount."),
    "terms_as_they_are": _l("These are the present terms. Choose others, or leave them."),
    "audience_as_it_is": _l("They can answer already. Choose others, or leave it."),
    "author_would_fall_out": _l(
        "Somebody who sent an idea could not take part any more. Choose so that everybody stays in."
    ),
    "words_missing": _l("This cannot be empty."),
    "nothing_is_changed": _l("Nothing is changed yet. Correct what is wrong, or leave it."),
    "not_a_sponsor_here": _l("Choose one of the sponsors."),
    "sponsor_is_no_deputy": _l("This person is a sponsor here already. Name somebody else."),
    "not_a_checker_here": _l("Choose one of those who check ideas here."),
    "checker_is_no_deputy": _l("This person checks ideas here already. Name somebody else."),
    "no_judge_in_own_cause": _l(
        "This person has an idea here. Nobody is judge in his own cause: who answers for a challenge sends no idea to it. "
        "Name somebody else."
    ),
    "deputy_of_nobody": _l("Say for whom the deputy stands in."),
    "own_deputy": _l("Nobody stands in for himself. Name somebody else."),
    "last_sponsor": _l("A challenge needs a sponsor. Name another one first."),
}
