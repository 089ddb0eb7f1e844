"""Inviting people: one or a list, how the mails go out, and how those who are asked answer."""

from innovation.people.service.employers import department_named, organisation_named
from innovation.people.service.invitations.answering import accept, decline, pass_on, refuse_for_good, take_up
from innovation.people.service.invitations.asking import GOOD_DAYS, ask, invite, revoke
from innovation.people.service.invitations.lists import cancel_rest, invite_list
from innovation.people.service.invitations.preparing import MOST_LINES, Broken, Entry, Prepared, prepare
from innovation.people.service.invitations.reading import lines_of, lines_of_file
from innovation.people.service.invitations.sending import hand_over, mark_bounced, mark_sent

__all__ = [
    "GOOD_DAYS",
    "MOST_LINES",
    "Broken",
    "Entry",
    "Prepared",
    "accept",
    "ask",
    "cancel_rest",
    "decline",
    "department_named",
    "hand_over",
    "invite",
    "invite_list",
    "lines_of",
    "lines_of_file",
    "mark_bounced",
    "mark_sent",
    "organisation_named",
    "pass_on",
    "prepare",
    "refuse_for_good",
    "revoke",
    "take_up",
]
