"""What an export of the whole house leaves out, with the reason of each: read by code, by its README and by the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TABLES: Final[Mapping[str, str]] = {
    "credential": "passwords, as digests",
    "sign_in": "who is signed in: keys of browsers",
    "provider_account": "under which key somebody is known to the sign-in provider",
    "mail_link": "keys of links in mails",
    "setup_link": "the key for the first administrator",
    "feed_key": "keys of personal feeds",
    "never_invite": "digests of addresses whose owners said never again",
    "idempotency": "keys of forms that were sent lately",
    "form_draft": "what somebody typed and did not send",
    "upload": "files that are still on their way",
    "message": "people’s own inboxes and mails",
    "saved_view": "people’s own filters",
    "notification_choice": "what people want to hear of",
    "watch": "what people follow",
    "project_follower": "what people follow",
    "view": "which ideas people saw",
    "ballot": "who voted, with the time: it would lead from a vote to its voter",
    "vote_change": "earlier votes, with their times: they would lead from a vote to its voter",
    "comparison_change": "earlier votes, with their times: they would lead from a vote to its voter",
    "participation": "who took part, with the time: it would lead from a vote to its voter",
    "succession": "who takes over from whom, which people decide themselves",
    "delivery": "work under way",
    "clock_tick": "work under way",
    "doomed_file": "files that are being deleted",
    "search_entry": "the search index: it is made from the rest",
    "search_word": "the search index: it is made from the rest",
    "search_spelling": "the search index: it is made from the rest",
    "list_order": "in what order ideas were offered: it is made from the rest",
}
"""Table → why no row of it goes out."""

COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "challenge": {
        "pseudonym_key": "the key that makes voters’ pseudonyms",
        "full_text": "the full part of a brief: each reading of it is noted for its sponsor, who has it",
        "full_terms": "the full part of a brief: each reading of it is noted for its sponsor, who has it",
    },
    "invitation": {"nonce": "keys of links in mails"},
    "attachment": {"key": "where the store keeps a file; the column “file” says where it lies in this archive"},
    "run": {"ballots": "the votes a result was made from; its record gives them, as far as secrecy allows"},
    "work_order": {"file_key": "where the store keeps a file", "params": "what somebody typed to ask for a list"},
    "vote_flag": {
        "people": "whose votes were looked into",
        "figures": "how people voted",
        "fingerprint": "how people voted",
    },
    "event": {"request_id": "which request of a browser it came from"},
}
"""Table → column → why it does not go out."""

VOTES: Final = ("vote", "comparison")
"""Tables of votes: under a pseudonym of this one challenge, without times, in the order of the pseudonyms; and only once the
challenge is decided, and with enough voters (as the record of a result has them)."""

SETTINGS: Final = frozenset({"terms", "privacy", "look", "logo"})
"""Settings of the house whose values go out; of every other one, keys among them, the name alone does."""

FIGURES: Final = frozenset(
    {"passage", "event", "standing", "measured", "reminder", "stage_count", "tally", "imported_tally"}
)
"""Tables about ideas that hold codes and numbers, never a word of one."""
