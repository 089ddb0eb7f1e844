"""Adding files as people do: by the verbs, by the form, and part by part as the script does."""

from __future__ import annotations

import io
from typing import Any

from werkzeug.test import TestResponse

from innovation.attachments.models import Attachment, Upload
from innovation.attachments.service import arriving
from innovation.attachments.service.limits import Limits
from innovation.attachments.service.uploads import Wanted
from innovation.challenges.models import Challenge
from innovation.challenges.service import filing as of_challenges
from innovation.ideas.models import Idea
from innovation.ideas.service import filing as of_ideas
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.files import store
from innovation.kernel.usecase import row_key
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.projects.service import filing as of_projects
from innovation.rules.file_names import address_name
from tests.support.browser import Browser
from tests.support.world import World

LIMITS = Limits(1_000_000, 5_000_000, 20_000_000)


def begin(world: World, who: Actor, owner: Idea | Challenge | Project, wanted: Wanted, limits: Limits = LIMITS) -> Upload:
    """Begin an upload by the owner's own verb."""
    if isinstance(owner, Idea):
        return of_ideas.begin_upload(actor=who, idea=world.idea_again(owner), wanted=wanted, limits=limits)
    if isinstance(owner, Challenge):
        return of_challenges.begin_upload(actor=who, challenge=world.again(owner), wanted=wanted, limits=limits)
    world.anew()
    project = projects.by_id(row_key(owner))
    assert project is not None
    return of_projects.begin_upload(actor=who, project=project, wanted=wanted, limits=limits)


def add(world: World, who: Actor, owner: Any, content: bytes, name: str = "plan.pdf", alt: str = "") -> Attachment:
    """Add a whole file."""
    upload = begin(world, who, owner, Wanted(name, len(content), alt))
    made = arriving.take_whole(actor=who, upload=upload, store=store(), content=io.BytesIO(content))
    db.session.rollback()
    return made


def address(file: Attachment) -> str:
    """Where a file is served."""
    return f"/files/{file.public_id}/{address_name(file.name)}"


def start(browser: Browser, path: str, content: bytes, name: str = "plan.pdf") -> TestResponse:
    """Begin an upload as the script does."""
    return browser.post(path, {"name": name}, headers={"Upload-Length": str(len(content))})


def send(browser: Browser, url: str, offset: int, part: bytes) -> TestResponse:
    """Send one part."""
    headers = {"Upload-Offset": str(offset)}
    return browser.call("PATCH", url, data=part, headers=headers, content_type="application/offset+octet-stream")


def by_form(browser: Browser, path: str, content: bytes, name: str = "plan.pdf", **fields: str) -> TestResponse:
    """Add a file as a browser without JavaScript does. (The test client leaves a large one open.)"""
    limit = b"----form"
    lines = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (limit, *_both(pair)) for pair in fields.items()
    ]
    head = b'--%s\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % (limit, name.encode())
    body = b"".join([*lines, head, content, b"\r\n--%s--\r\n" % limit])
    return browser.call("POST", path, data=body, content_type=f"multipart/form-data; boundary={limit.decode()}")


def _both(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    return pair[0].encode(), pair[1].encode()
