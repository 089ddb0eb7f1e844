"""The pass that a page gives out for what it shows: only ideas that were put before a person can be reported as seen."""

from __future__ import annotations

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeTimedSerializer

VALID_SECONDS = 24 * 3600
_SALT = "innovation.views"


def view_pass(keys: Sequence[str], person_id: int | None, public_ids: Sequence[str]) -> str | None:
    """Sign the ideas that a page shows to a person; None where there are none, or nobody is signed in to have seen them.

    Args:
        keys: the house's secret keys, the present one last.
    """
    if person_id is None or not public_ids:
        return None
    return str(URLSafeTimedSerializer(list(keys), salt=_SALT).dumps([person_id, list(public_ids)]))


def read_pass(keys: Sequence[str], person_id: int | None, token: str) -> list[str]:
    """The ideas that a pass is for; none for one that is not ours, another person's, or older than a day."""
    try:
        owner, public_ids = URLSafeTimedSerializer(list(keys), salt=_SALT).loads(token, max_age=VALID_SECONDS)
        return [str(each) for each in public_ids] if owner == person_id else []
    except (BadSignature, ValueError, TypeError):
        return []
