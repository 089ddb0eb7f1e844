"""The part of a mailed link that only this house can make: signed, so that nothing secret needs to be stored or logged."""

from __future__ import annotations

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer


def sign_link(keys: Sequence[str], purpose: str, row_id: int, nonce: str) -> str:
    """Sign a row's id and nonce for one purpose.

    Args:
        keys: the house's secret keys, the present one last.
    """
    return str(URLSafeSerializer(list(keys), salt=f"innovation.{purpose}").dumps([row_id, nonce]))


def read_link(keys: Sequence[str], purpose: str, token: str) -> tuple[int, str]:
    """(row id, nonce) of a signed link; (0, '') for one that is not ours."""
    try:
        row_id, nonce = URLSafeSerializer(list(keys), salt=f"innovation.{purpose}").loads(token)
        return int(row_id), str(nonce)
    except (BadSignature, ValueError, TypeError):
        return 0, ""
