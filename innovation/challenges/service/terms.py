"""The ready terms, and their acceptance."""

from __future__ import annotations

import hashlib
from datetime import datetime

from innovation.challenges import queries
from innovation.challenges.events import TermsAccepted
from innovation.challenges.models import Challenge, Terms, TermsAcceptance
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.events import emit

AUTHOR_KEEPS = "author_keeps"
LICENCE_IF_CHOSEN = "licence_if_chosen"
EMPLOYEE = "employee"

READY: dict[str, tuple[int, dict[str, tuple[str, str]]]] = {
    AUTHOR_KEEPS: (
        1,
        {
            "en": (
                "You keep your idea",
                "1. The idea stays yours, with every right in it.\n"
                "2. We read it only to decide about this challenge.\n"
                "3. If we want to use it, we contact you and agree on terms first.\n"
                "4. Until then we keep it confidential among the people named on the challenge.\n"
                "5. You confirm that it is yours to give, and that it holds nobody else's secrets.",
            ),
            "nl": (
                "Uw idee blijft van u",
                "1. Het idee blijft van u, met alle rechten.\n"
                "2. Wij lezen het alleen om over deze uitdaging te beslissen.\n"
                "3. Willen wij het gebruiken, dan nemen wij contact op en spreken wij eerst voorwaarden af.\n"
                "4. Tot dan houden wij het vertrouwelijk onder de mensen die bij de uitdaging staan.\n"
                "5. U bevestigt dat u het mag geven, en dat er geen geheimen van anderen in staan.",
            ),
        },
    ),
    LICENCE_IF_CHOSEN: (
        1,
        {
            "en": (
                "A licence if your idea is chosen",
                "1. The idea stays yours.\n"
                "2. If it is chosen, we may use it, without a time limit and not exclusively, for the prize stated.\n"
                "3. If it is not chosen, we get no right at all, and your rights are yours again at once.\n"
                "4. You may publish it after the result.\n"
                "5. You confirm that it is yours to give, and that it holds nobody else's secrets.",
            ),
            "nl": (
                "Een licentie als uw idee wordt gekozen",
                "1. Het idee blijft van u.\n"
                "2. Wordt het gekozen, dan mogen wij het gebruiken voor de genoemde prijs: zonder tijdslimiet, "
                "niet exclusief.\n"
                "3. Wordt het niet gekozen, dan krijgen wij geen enkel recht en zijn uw rechten meteen weer vrij.\n"
                "4. Na de uitslag mag u het publiceren.\n"
                "5. U bevestigt dat u het mag geven, en dat er geen geheimen van anderen in staan.",
            ),
        },
    ),
    EMPLOYEE: (
        1,
        {
            "en": (
                "Ideas from our own staff",
                "1. The idea is part of your work here, as your contract says.\n"
                "2. Your name stays with it wherever it goes.\n"
                "3. You may work on it if it becomes a project.\n"
                "4. If it becomes an invention, the law on employees' inventions and our own rules apply.\n"
                "5. You confirm that it holds nobody else's secrets.",
            ),
            "nl": (
                "Ideeën van eigen medewerkers",
                "1. Het idee hoort bij uw werk hier, zoals in uw contract staat.\n"
                "2. Uw naam blijft eraan verbonden, waar het ook heen gaat.\n"
                "3. Wordt het een project, dan mag u eraan meewerken.\n"
                "4. Wordt het een uitvinding, dan gelden de wet en onze eigen regeling.\n"
                "5. U bevestigt dat er geen geheimen van anderen in staan.",
            ),
        },
    ),
}
"""Key → (version, language → (title, five plain lines)). A change of text is a new version."""


def ready_terms(key: str, language: str) -> Terms:
    """The row of a ready text, made when it is first used; inside a use case."""
    version, texts = READY[key]
    language = language if language in texts else "en"
    found = queries.terms(key, version, language)
    if found is None:
        title, body = texts[language]
        text_hash = hashlib.sha256(body.encode()).hexdigest()
        # Somebody else may be the first to use it at this very moment.
        row = upsert(Terms).values(key=key, version=version, language=language, title=title, body=body, text_hash=text_hash)
        db.session.execute(row.on_conflict_do_nothing(index_elements=["key", "version", "language"]))
        found = queries.terms(key, version, language)
        assert found is not None
    return found


def record_acceptance(*, actor: Actor, person_id: int, challenge: Challenge, now: datetime) -> None:
    """Keep that a person accepted the challenge's terms; twice is once. Inside a use case."""
    if challenge.terms_id is None or queries.accepted(person_id, challenge) is not None:
        return
    terms = db.session.get_one(Terms, challenge.terms_id)
    db.session.add(
        TermsAcceptance(
            person_id=person_id,
            challenge_id=challenge.id,
            terms_id=terms.id,
            text_hash=terms.text_hash,
            accepted_at=now,
        )
    )
    emit(
        TermsAccepted(
            person_id=person_id, terms_id=terms.id, challenge_id=challenge.id, programme_id=challenge.programme_id
        ),
        actor=actor,
        now=now,
    )
