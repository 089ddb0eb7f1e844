"""Reading people."""

from innovation.people.queries.belonging import (
    departments,
    host,
    organisation,
    organisation_by_id,
    organisations,
    organisations_page,
    with_results_page,
)
from innovation.people.queries.drafting import drafts_at
from innovation.people.queries.granted import circle_of, grants_of, holders, in_circles, managers, standing
from innovation.people.queries.inviting import invitation, invitation_by_id, invitations_page
from innovation.people.queries.person import (
    actor,
    actors,
    address_of,
    by_email,
    email_key,
    get,
    names,
    people_page,
    persons,
    recipients,
)
from innovation.people.queries.signing_in import Profile, credential, demo_people, mail_link, password_of, signed_in

__all__ = [
    "Profile",
    "actor",
    "actors",
    "address_of",
    "by_email",
    "circle_of",
    "credential",
    "demo_people",
    "departments",
    "drafts_at",
    "email_key",
    "get",
    "grants_of",
    "holders",
    "host",
    "in_circles",
    "invitation",
    "invitation_by_id",
    "invitations_page",
    "mail_link",
    "managers",
    "names",
    "organisation",
    "organisation_by_id",
    "organisations",
    "organisations_page",
    "password_of",
    "people_page",
    "persons",
    "recipients",
    "signed_in",
    "standing",
    "with_results_page",
]
