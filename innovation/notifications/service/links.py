"""The part of an unsubscribing link that only this house can make: a person and a topic, signed."""

from __future__ import annotations

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer

from innovation.rules.notices import Topic

_SALT = "innovation.unsubscribe"


def sign(keys: Sequence[str], public_id: str, topic: Topic) -> str:
    """Sign a person's public name and a topic.

    Args:
        keys: the house's secret keys, the present one last.
    """
    return str(URLSafeSerializer(list(keys), salt=_SALT).dumps([public_id, topic.value]))


def read(keys: Sequence[str], token: str) -> tuple[str, Topic] | None:
    """(person's public name, topic) of a signed link; None for one that is not ours."""
    try:
        public_id, topic = URLSafeSerializer(list(keys), salt=_SALT).loads(token)
        return str(public_id), Topic(topic)
    except (BadSignature, ValueError, TypeError):
        return None
