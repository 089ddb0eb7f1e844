"""Reading people."""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from innovation.kernel import clock, ids, paging
from innovation.kernel.actor import Actor, Circle, Grant, Origin
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, roles_of
from innovation.people.models import (
    CircleMembership,
    Credential,
    Department,
    EmailAddress,
    GrantRow,
    Invitation,
    MailLink,
    Organisation,
    Person,
    SignIn,
)
from innovation.rules.predicates import Role


@roles_of(Person)
def _roles_on_person(actor: Actor, person: Person) -> frozenset[Role]:
    return general_roles(actor)


@roles_of(Invitation)
def _roles_on_invitation(actor: Actor, invitation: Invitation) -> frozenset[Role]:
    return general_roles(actor)


@roles_of(Organisation)
def _roles_on_organisation(actor: Actor, organisation: Organisation) -> frozenset[Role]:
    return general_roles(actor)


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as the frame of every page needs him."""

    actor: Actor
    language: str
    theme: str
    sign_in_id: int
    public_id: str


def email_key(typed: str) -> str:
    """The form under which an address is unique: NFKC, lower case, domain in IDNA."""
    local, _, domain = unicodedata.normalize("NFKC", typed.strip()).rpartition("@")
    # What is no domain name stays as it is: a form has refused it by then, an import keeps it.
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return f"{local.lower()}@{domain.lower()}"


def signed_in(token: str) -> Profile | None:
    """Who holds this sign-in token, with everything granted to him: one query."""
    return _profile(SignIn.token_digest == ids.digest(token), SignIn.revoked_at.is_(None), SignIn.expires_at > clock.now())


def _profile(*conditions: object) -> Profile | None:
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.language,
            Person.theme,
            Person.public_id,
            SignIn.id,
            CircleMembership.circle,
            CircleMembership.organisation_id,
            CircleMembership.department_id,
            GrantRow.role,
            GrantRow.scope,
            GrantRow.scope_id,
        )
        .select_from(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(CircleMembership, and_(CircleMembership.person_id == Person.id, CircleMembership.valid_to.is_(None)))
        .outerjoin(GrantRow, and_(GrantRow.person_id == Person.id, GrantRow.valid_to.is_(None)))
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None), *conditions)  # type: ignore[arg-type]
    ).all()
    if not rows:
        return None
    person_id, name, language, theme, public_id, sign_in_id, circle, organisation_id, department_id, *_ = rows[0]
    grants = frozenset(Grant(Role(row.role), row.scope, row.scope_id) for row in rows if row.role)
    who = Actor(
        person_id=person_id,
        name=name,
        circle=Circle(circle) if circle else None,
        organisation_id=organisation_id,
        department_id=department_id,
        grants=grants,
    )
    return Profile(who, language, theme, sign_in_id, public_id)


def actor(person_id: int, origin: Origin = Origin.WEB) -> Actor:
    """A person as an actor, outside any sign-in: for the command line, imports and tests.

    Raises:
        LookupError: there is no such person.
    """
    person = db.session.get(Person, person_id)
    if person is None:
        raise LookupError(f"no person {person_id}")
    circle = db.session.scalars(
        select(CircleMembership).where(CircleMembership.person_id == person_id, CircleMembership.valid_to.is_(None))
    ).one_or_none()
    grants = db.session.scalars(select(GrantRow).where(GrantRow.person_id == person_id, GrantRow.valid_to.is_(None)))
    return Actor(
        person_id=person_id,
        name=person.name,
        circle=Circle(circle.circle) if circle else None,
        organisation_id=circle.organisation_id if circle else None,
        department_id=circle.department_id if circle else None,
        grants=frozenset(Grant(Role(g.role), g.scope, g.scope_id) for g in grants),
        origin=origin,
    )


def by_email(typed: str) -> Person | None:
    """The person who has this address, confirmed or not."""
    return db.session.scalars(
        select(Person).join(EmailAddress).where(EmailAddress.key == email_key(typed), Person.erased_at.is_(None))
    ).one_or_none()


def credential(typed: str) -> tuple[int, str] | None:
    """(person id, argon2 hash) for a confirmed address with a password."""
    row = db.session.execute(
        select(Person.id, Credential.secret)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .join(Credential, and_(Credential.person_id == Person.id, Credential.kind == "password"))
        .where(
            EmailAddress.key == email_key(typed),
            EmailAddress.verified_at.is_not(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
    ).first()
    return (row[0], row[1]) if row else None


def password_of(person_id: int) -> str | None:
    """The argon2 hash of a person's password."""
    return db.session.scalar(select(Credential.secret).where(Credential.person_id == person_id))


def mail_link(link_id: int, nonce: str, purpose: str) -> MailLink | None:
    """A link that is still good."""
    return db.session.scalars(
        select(MailLink).where(
            MailLink.id == link_id,
            MailLink.nonce == nonce,
            MailLink.purpose == purpose,
            MailLink.used_at.is_(None),
            MailLink.expires_at > clock.now(),
        )
    ).one_or_none()


def invitation(public_id: str, nonce: str) -> Invitation | None:
    """An invitation by its link, used or not; the page says which."""
    return db.session.scalars(
        select(Invitation)
        .options(joinedload(Invitation.organisation))
        .where(Invitation.public_id == public_id, Invitation.nonce == nonce)
    ).one_or_none()


def invitation_by_id(invitation_id: int) -> Invitation | None:
    return db.session.scalars(
        select(Invitation).options(joinedload(Invitation.organisation)).where(Invitation.id == invitation_id)
    ).one_or_none()


def address_of(person_id: int) -> EmailAddress | None:
    """Where a person's mail goes: a confirmed address before one that is not."""
    return db.session.scalars(
        select(EmailAddress)
        .where(EmailAddress.person_id == person_id)
        .order_by(EmailAddress.verified_at.is_(None), EmailAddress.id)
        .limit(1)
    ).one_or_none()


def recipients(person_ids: Iterable[int]) -> list[tuple[int, str, str]]:
    """(person id, address, language) of the people who can be written to."""
    found = db.session.execute(
        select(Person.id, EmailAddress.typed, Person.language)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .where(
            Person.id.in_(list(person_ids)),
            EmailAddress.verified_at.is_not(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id, EmailAddress.id)
    ).all()
    firsts: dict[int, tuple[int, str, str]] = {}
    for person_id, typed, language in found:
        firsts.setdefault(person_id, (person_id, typed, language))
    return list(firsts.values())


def names(person_ids: Iterable[int]) -> dict[int, str]:
    """Names by person id; an erased person has none and is missing."""
    wanted = list(set(person_ids))
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted), Person.erased_at.is_(None)))
    return {row.id: row.name for row in rows}


def persons(person_ids: Iterable[int]) -> list[Person]:
    """People by id, in the order asked for; an erased one is missing."""
    wanted = list(person_ids)
    rows = db.session.scalars(select(Person).where(Person.id.in_(wanted), Person.erased_at.is_(None)))
    found = {person.id: person for person in rows}
    return [found[each] for each in wanted if each in found]


def holders(role: Role, scope: str, scope_id: int) -> list[int]:
    """The people who hold a role in a scope."""
    return list(
        db.session.scalars(
            select(GrantRow.person_id)
            .where(
                GrantRow.role == role, GrantRow.scope == scope, GrantRow.scope_id == scope_id, GrantRow.valid_to.is_(None)
            )
            .order_by(GrantRow.id)
        )
    )


def managers(programme_id: int) -> list[int]:
    """Who manages a programme: its own managers, and those of the whole house."""
    return [*holders(Role.MANAGER, "programme", programme_id), *holders(Role.MANAGER, "host", 0)]


def in_circles(circles: Iterable[str], after: int = 0, limit: int = 500) -> list[int]:
    """The next people of some circles by id, for work that goes in batches."""
    return list(
        db.session.scalars(
            select(CircleMembership.person_id)
            .where(
                CircleMembership.circle.in_(list(circles)),
                CircleMembership.valid_to.is_(None),
                CircleMembership.person_id > after,
            )
            .order_by(CircleMembership.person_id)
            .limit(limit)
        )
    )


def host() -> Organisation | None:
    """The organisation this installation belongs to."""
    return db.session.scalars(select(Organisation).where(Organisation.is_host).limit(1)).one_or_none()


def organisations() -> Sequence[Organisation]:
    """Every organisation by name, for a choice in a form."""
    return db.session.scalars(select(Organisation).order_by(Organisation.name).limit(2000)).all()


def organisations_page(cursor: str | None) -> paging.Page[Organisation]:
    """Every organisation, the host first, then by name."""
    order = [paging.Key(Organisation.is_host, descending=True), paging.Key(Organisation.name)]
    return paging.fetch(select(Organisation), order, cursor, lambda row: (row[0].is_host, row[0].name))


def organisation(actor: Actor, public_id: str) -> Organisation | None:
    return db.session.scalars(select(Organisation).where(Organisation.public_id == public_id)).one_or_none()


def organisation_by_id(organisation_id: int | None) -> Organisation | None:
    return None if organisation_id is None else db.session.get(Organisation, organisation_id)


def with_results_page() -> Sequence[Organisation]:
    """Organisations besides the host that have a public results page, by name."""
    wanted = select(Organisation).where(Organisation.results_page, ~Organisation.is_host)
    return db.session.scalars(wanted.order_by(Organisation.name).limit(500)).all()


def departments() -> Sequence[Department]:
    return db.session.scalars(select(Department).order_by(Department.name).limit(2000)).all()


def get(actor: Actor, public_id: str) -> Person | None:
    """A person as managers and administrators see him."""
    return db.session.scalars(select(Person).where(Person.public_id == public_id, Person.erased_at.is_(None))).one_or_none()


def people_page(
    search: str, circle: str, cursor: str | None
) -> paging.Page[tuple[Person, CircleMembership | None, str | None]]:
    """People by name, with circle and organisation: one query."""
    statement = (
        select(Person, CircleMembership, Organisation.name)
        .outerjoin(CircleMembership, and_(CircleMembership.person_id == Person.id, CircleMembership.valid_to.is_(None)))
        .outerjoin(Organisation, Organisation.id == CircleMembership.organisation_id)
        .where(Person.erased_at.is_(None))
    )
    if circle:
        statement = statement.where(CircleMembership.circle == circle)
    if search:
        like = f"%{search.lower()}%"
        statement = statement.where(or_(func.lower(Person.name).like(like), func.lower(Organisation.name).like(like)))
    return paging.fetch(
        statement, [paging.Key(Person.name), paging.Key(Person.id)], cursor, lambda row: (row[0].name, row[0].id)
    )


def invitations_page(cursor: str | None) -> paging.Page[tuple[Invitation, str | None]]:
    """Invitations, newest first, with the inviting person's name."""
    statement = select(Invitation, Person.name).outerjoin(Person, Person.id == Invitation.invited_by)
    return paging.fetch(statement, [paging.Key(Invitation.id, descending=True)], cursor, lambda row: (row[0].id,))


def grants_of(person_id: int) -> Sequence[GrantRow]:
    return db.session.scalars(
        select(GrantRow).where(GrantRow.person_id == person_id, GrantRow.valid_to.is_(None)).order_by(GrantRow.id)
    ).all()


def standing(person_id: int) -> tuple[str | None, int | None]:
    """(circle, organisation id) of a person now."""
    row = db.session.execute(
        select(CircleMembership.circle, CircleMembership.organisation_id).where(
            CircleMembership.person_id == person_id, CircleMembership.valid_to.is_(None)
        )
    ).one_or_none()
    return (row[0], row[1]) if row else (None, None)


def circle_of(person_id: int) -> CircleMembership | None:
    return db.session.scalars(
        select(CircleMembership)
        .options(joinedload(CircleMembership.organisation), joinedload(CircleMembership.department))
        .where(CircleMembership.person_id == person_id, CircleMembership.valid_to.is_(None))
    ).one_or_none()


def demo_people(names_in_order: Sequence[str]) -> Sequence[Person]:
    """The demo's ready sign-ins, by foreign id."""
    found = {
        person.foreign_id: person
        for person in db.session.scalars(select(Person).where(Person.demo, Person.foreign_id.in_(names_in_order)))
    }
    return [found[name] for name in names_in_order if name in found]
