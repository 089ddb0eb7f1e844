"""Reading the keys this house signs with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from innovation.kernel.db import db
from innovation.people.models import HostSetting

NAME = "signing_key."
"""How the names of the signing keys begin; a number follows, the highest is the present one."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key this house signs or signed with: base64 of its 32 bytes, and since when."""

    key: str
    since: datetime


def kept(name: str) -> Any:
    """A key as it is kept, both halves; None where there is none of that name."""
    return db.session.scalar(select(HostSetting.value).where(HostSetting.name == name))


def public_keys() -> list[PublicKey]:
    """Every key this house ever signed with, the first one first."""
    rows = db.session.execute(
        select(HostSetting.value, HostSetting.changed_at).where(HostSetting.name.startswith(NAME)).order_by(HostSetting.id)
    )
    return [PublicKey(row.value["public"], row.changed_at) for row in rows]
