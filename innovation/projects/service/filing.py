"""Files of a project, which its team keeps. As with its other papers, no gate locks them."""

from __future__ import annotations

from datetime import datetime

from innovation.attachments import queries as attachments
from innovation.attachments.models import Upload
from innovation.attachments.service import uploads
from innovation.attachments.service.limits import Limits
from innovation.attachments.service.uploads import Wanted
from innovation.kernel.actor import Actor
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.models import Project
from innovation.rules.policy import May


@use_case(May.WORK_ON_PROJECT, on="project")
def begin_upload(*, actor: Actor, project: Project, wanted: Wanted, limits: Limits, now: datetime = AT_LOCK) -> Upload:
    """Begin to add a file to a project's documents.

    Raises:
        Invalid: such a file is not taken, or there is no room for it.
    """
    if project.file_set_id is None:
        project.file_set_id = uploads.open_set("project", project.challenge_id, now).id
    file_set = attachments.set_by_id(project.file_set_id)
    return uploads.begin(actor=actor, file_set=file_set, wanted=wanted, limits=limits)
