"""What a person says of himself. Where he stands (circle, organisation, department) is never among it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people.events import ProfileChanged
from innovation.people.models import Person
from innovation.rules.policy import May

MOST_PHRASES = 12
LONGEST_PHRASE = 60
MOST_LINKS = 5
LONGEST_LABEL = 80
LONGEST_URL = 500
LONGEST_ASK = 600
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LANGUAGE = re.compile(r"^[a-z]{2,3}$")


@use_case(May.USE_ACCOUNT)
def say(
    *,
    actor: Actor,
    expertise: Sequence[str],
    links: Sequence[tuple[str, str]],
    spoken: Sequence[str],
    ask_me: str,
    now: datetime = AT_LOCK,
) -> None:
    """Say what one knows about, where that can be seen, which languages one reads and writes, what to be asked for.

    Args:
        expertise: short phrases; the same one twice counts once.
        links: (label, address); an empty pair is left out.
        spoken: languages as tags such as ``nl``.

    Raises:
        Invalid: too many or too long phrases, a link without its label or not over https, an unknown language.
    """
    person = db.session.get_one(Person, actor.person_id)
    person.expertise = _phrases(expertise)
    person.shown_by = _links(links)
    person.spoken = _languages(spoken)
    if len(ask_me) > LONGEST_ASK:
        raise Invalid("ask_too_long", field="ask_me")
    person.ask_me = ask_me.strip()
    emit(ProfileChanged(person_id=person.id), actor=actor, now=now)


def _phrases(said: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for phrase in (" ".join(each.split()) for each in said):
        if phrase:
            found.setdefault(phrase.casefold(), phrase)
    if len(found) > MOST_PHRASES:
        raise Invalid("too_many_phrases", field="expertise", most=MOST_PHRASES)
    if any(len(each) > LONGEST_PHRASE for each in found.values()):
        raise Invalid("phrase_too_long", field="expertise", most=LONGEST_PHRASE)
    return list(found.values())


def _links(said: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    found = []
    for place, (label, url) in enumerate((label.strip(), url.strip()) for label, url in said):
        if not label and not url:
            continue
        if not url or not _is_https(url):
            raise Invalid("not_https", field=f"url_{place + 1}")
        if not label or len(label) > LONGEST_LABEL:
            raise Invalid("label_missing", field=f"label_{place + 1}")
        found.append({"label": label, "url": url})
    if len(found) > MOST_LINKS:
        raise Invalid("too_many_links", field=f"label_{MOST_LINKS}")
    return found


def _is_https(url: str) -> bool:
    """Whether it is an address a reader can safely follow: https, a name, no password in it, nothing hidden."""
    if len(url) > LONGEST_URL or _CONTROL.search(url) or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and "." in (parts.hostname or "") and "@" not in parts.netloc
    except ValueError:
        return False


def _languages(said: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(said))
    if any(not _LANGUAGE.match(each) for each in found):
        raise Invalid("unknown_language", field="spoken")
    return found
