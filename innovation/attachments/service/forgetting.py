"""What is on its way from a person who is erased arrives no more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from innovation.attachments.models import Doomed, Upload
from innovation.attachments.service.sweeping import IN_PEACE
from innovation.attachments.service.uploads import parts_of
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import AT_LOCK, use_case

BATCH = 200


@use_case(None)
def forget_uploads(*, actor: Actor, person_id: int, now: datetime = AT_LOCK) -> int:
    """Delete the next uploads of a person; what arrived of them is swept with the next files. Returns how many."""
    rows = db.session.scalars(select(Upload).where(Upload.person_id == person_id).order_by(Upload.id).limit(BATCH)).all()
    db.session.add_all([Doomed(key=parts_of(each), since=now - IN_PEACE) for each in rows])
    db.session.execute(
        delete(Upload).where(Upload.id.in_([each.id for each in rows])), execution_options={"synchronize_session": False}
    )
    return len(rows)
