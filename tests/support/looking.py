"""Looking everywhere: every address of the house, every link found there, every mail, for words that were planted.

Addresses come from the map of the house itself and names from its rows, so that what is added later is looked at without
being told; a kind of address or of row that is not known here fails.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from werkzeug.test import TestResponse

from innovation.attachments.models import Attachment, Upload
from innovation.awards.models import Award
from innovation.challenges.models import Challenge, Inquiry, OwnQuestion, Programme
from innovation.discussion.models import Case, Comment, Thread
from innovation.exchange.models import Order
from innovation.ideas.models import Idea, Offer
from innovation.insight.models import Report
from innovation.kernel import mail
from innovation.kernel.actor import Actor
from innovation.kernel.db import Base, Public, db
from innovation.people.models import Invitation, Organisation, Person
from innovation.projects.models import Project
from innovation.promotion.models import Run
from innovation.rules.quarters import quarter_of
from innovation.steering.models import SavedReason, Sending
from tests.conftest import missing
from tests.support.pages import addresses
from tests.support.world import World

ROWS: Mapping[str, type[Any]] = {
    "awards": Award,
    "challenges": Challenge,
    "comments": Comment,
    "files": Attachment,
    "ideas": Idea,
    "inquiries": Inquiry,
    "invitation": Invitation,
    "moderation": Case,
    "offers": Offer,
    "orders": Order,
    "organisations": Organisation,
    "people": Person,
    "programmes": Programme,
    "projects": Project,
    "reports": Report,
    "steering/reasons": SavedReason,
    "steering/sendings": Sending,
    "results/challenges": Challenge,
    "results/ideas": Idea,
    "results": Challenge,
    "runs": Run,
    "threads": Thread,
    "uploads": Upload,
}
"""Whose names stand in a path that begins so. What begins in another way gets the names of all other kinds of rows."""

NOBODY = "0000000000"
ENDLESS = ("/live/",)
"""Streams do not end; they say nothing but "changed"."""
NOT_FOLLOWED = ("/dev/", "/static/", "/sign-out", "/language", *ENDLESS)
_LINK = re.compile(r'(?:href|src|hx-get|data-live)="([^"]+)"')
_ZIP, _PDF = b"PK\x03\x04", b"%PDF"


def house_names(world: World, others: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Every name that an address may carry in this house.

    Args:
        others: what stands in gaps that are no rows' names.
    """
    world.anew()
    named = {part: _ids(model) for part, model in ROWS.items()}
    rest = [model for model in _public_models() if model not in set(ROWS.values())]
    left = [name for model in rest for name in _ids(model) if name != NOBODY]
    found = {key: list(values) for key, values in others.items() if not key.endswith("public_id")}
    found |= {f"{part}/public_id": ids for part, ids in named.items()}
    found |= {
        "public_id": left or [NOBODY],
        "question": _ids(OwnQuestion),
        "what": found.get("what", ["x"]),
        "live/public_id": [NOBODY],
        "files/name": sorted(set(db.session.scalars(db.select(Attachment.name)))) or ["x"],
        "nonce": sorted({str(each) for each in db.session.scalars(db.select(Invitation.nonce))}) or ["x"],
        "quarter": [str(quarter_of(world.now()))],
        "projects/kind": ["expected", "validated", "actual"],
        "form": ["csv", "xlsx"],
        "part": ["entered", "inside", "left"],
        "kind": ["idea", "challenge", "project"],
        "stage": ["submitted", "promoted"],
    }
    return found


def _public_models() -> list[type[Any]]:
    return [each.class_ for each in Base.registry.mappers if issubclass(each.class_, Public)]


def _ids(model: type[Any]) -> list[str]:
    return list(db.session.scalars(db.select(model.public_id).order_by(model.id))) or [NOBODY]


def text_of(response: TestResponse) -> str:
    """What an answer says: headers too, bundles and workbooks unpacked, papers read."""
    data = response.get_data()
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items() if name != "Set-Cookie")
    return f"{head}\n{_unpacked(data)}"


def _unpacked(data: bytes) -> str:
    if data.startswith(_ZIP):
        with zipfile.ZipFile(BytesIO(data)) as bundle:
            return "\n".join(f"{name}\n{_unpacked(bundle.read(name))}" for name in bundle.namelist())
    if data.startswith(_PDF):
        return _paper(data) + data.decode("latin-1")
    return data.decode("utf-8", "replace")


def _paper(data: bytes) -> str:
    if shutil.which("pdftotext") is None:
        missing("pdftotext is not here (Debian: poppler-utils)")
    return subprocess.run(["pdftotext", "-q", "-", "-"], input=data, capture_output=True, check=False).stdout.decode()


class Looker:
    """Somebody who opens every address there is, follows every link he finds, and searches for what he may not know."""

    def __init__(self, world: World, others: Mapping[str, Sequence[str]], markers: Mapping[str, str]) -> None:
        self.world = world
        self.markers = markers
        names = house_names(world, others)
        self.paths = list(dict.fromkeys(path for _endpoint, path in addresses(world.app, names) if _looked_at(path)))
        self.paths += [path for marker in markers.values() for path in self._searches(marker, names)]

    def _searches(self, marker: str, names: Mapping[str, Sequence[str]]) -> Iterable[str]:
        """Searches that would find a marker, by a half of it and by a slip: their pages do not say the whole of it back."""
        half, slip = marker[:5], marker[:3] + marker[4] + marker[3] + marker[5:]
        for word in (half, slip):
            yield from (f"/search?q={word}", f"/challenges?q={word}", f"/projects?q={word}", f"/search?q={word}&kind=person")
            yield from (f"/challenges/{challenge}/ideas?q={word}" for challenge in names["challenges/public_id"])
        yield from (f"/challenges/{challenge}/similar?title={half}" for challenge in names["challenges/public_id"])

    def finds(self, who: Actor | None) -> dict[str, list[str]]:
        """Where this person reads each marker: paths by the marker's name; only markers that he reads at all."""
        browser, found = self.world.browser(who), dict[str, list[str]]()
        first, waiting, known = set(self.paths), list(self.paths), set(self.paths)
        while waiting:
            path = waiting.pop(0)
            answer = browser.get(path)
            # A page may say the address back that was asked for; the marker in that is the asker's own.
            said = text_of(answer).replace(path, "").replace(html.escape(path), "")
            for name, marker in self.markers.items():
                if marker.lower() in said.lower():
                    found.setdefault(name, []).append(path)
            if path in first:
                # A link with a marker in it was found out above already; opening it would only say it back.
                new = [link for link in _links(said) if link not in known and self._opens(link)]
                known.update(new)
                waiting += new
        return found

    def _opens(self, link: str) -> bool:
        return _looked_at(link) and not any(marker.lower() in link.lower() for marker in self.markers.values())


def _looked_at(path: str) -> bool:
    return not path.startswith(NOT_FOLLOWED)


def _links(text: str) -> list[str]:
    found = (html.unescape(each).partition("#")[0] for each in _LINK.findall(text))
    inside = (re.sub(r"^https?://localhost(?::\d+)?", "", each) for each in found)
    return list(dict.fromkeys(each for each in inside if each.startswith("/")))


def mails(world: World) -> list[tuple[str, str]]:
    """Every mail as (to whom, all of it with its heads)."""
    found = []
    for _name, message in mail.kept(world.settings.mail_folder, 100_000):
        parts = [str(part.get_content()) for part in message.walk() if not part.is_multipart()]
        heads = [f"{name}: {value}" for name, value in message.items() if name != "To"]
        found.append((str(message["To"]), "\n".join([*heads, *parts])))
    return found
