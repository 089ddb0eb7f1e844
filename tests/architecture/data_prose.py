"""What the pages for lawyers, works councils and IT say in words; tables come where a name stands in double brackets."""

from __future__ import annotations

LEGAL = """
# For lawyers: what is agreed, what is recorded, and for how long

Made from the description of the database in `innovation/exchange/service/personal/registry/`; a test keeps this page the
same as what the code does. Words in `code` are names of tables, for whoever wants to look.

One installation belongs to one organisation (the host). It is the controller of the data; nobody else has access unless
the host gives it. The software sends nothing to its makers.

## What is agreed, and how it is proved

- **Terms of a challenge** have versions; a version never changes. Each has five plain lines above its full text and a
  SHA-256 of both. Who sends an idea accepts the version his challenge names; the acceptance keeps the person, the
  challenge, the version, the hash of the text and the time of the server.
- **An invited co-author** is shown and credited once he has accepted himself. Nobody accepts for somebody else.
- **After publication** a deadline moves only later and a prize only up. Changed terms hold for an idea only once each of
  its authors accepted them. Every amendment is dated, listed and mailed.
- **A confidential part of a brief** opens by accepting its confidentiality terms or by approval. Each opening is recorded,
  with the hash of the terms, and the sponsor can export the list.
- **A receipt** holds a hash of exactly what was sent and the server’s time, is signed by the house, and, where the host
  sets it, carries an RFC 3161 time stamp. It can be checked without this software.
- **Platform terms and privacy notice** are the host’s own and separate from the terms of a challenge.

<<agreed>>

## What was decided

A decision rests on a snapshot that is frozen first and kept with its hash; the same rule over the same snapshot gives the
same result on any machine (`innovation replay`). People stand in it by number. What a person decided other than the rule
is recorded with a reason.

Facts are chained by hashes (`innovation verify` recomputes the chain). A fact holds numbers and codes, never a text and
never a name, so that erasing a person does not break it.

<<decided>>

## Money

<<paid>>

## What a person can ask for

| right | how | what happens |
|---|---|---|
| access and portability | *Your account → Your data → Make my file* | see “The file a person gets” |
| rectification | *Your account*; circle, organisation and roles by a manager | changed at once |
| objection to being named | *Your account → Your name in public* | no public page names him from the next request on |
| erasure | *Your account → Your data*, or an administrator on request | see below |
| no more invitations | one click in an invitation | a digest of the address is kept; it is never invited again |

## The file a person gets

A ZIP with all rows about him (`data.json`), a page to read, his ideas with their versions, his comments, his files, and how
he voted. It is kept seven days, for him alone. The word “never again” outlives erasure.

What others wrote is not in it: no assessments of his ideas, no notes of others, not who reported a comment.

## What erasing does

The name, addresses, password, sign-ins and the account at the sign-in provider go in one transaction; messages, things
followed, drafts, forms, files on their way and views go after it, in steps that may be repeated. Somebody who alone answers
for a running challenge or project, or for the house, hands it over first. What was sent stays under its terms, by a
“former participant”, unless its author withdrew it before; the page of erasure offers that.

Votes and assessments stay as numbers without a name. The interest that outweighs erasure is that a result can be counted
again by those who took part; a number that leads to nobody is kept for it and for nothing else.

Backups hold what was erased until they are overwritten: choose their time accordingly, and erase anew after a restore. In
the embedded database (SQLite) the space of erased rows is written over as it is used again; `VACUUM` does it at once.

## For how long

<<kept>>

No text of a mail is kept: a message holds what it is about, and its words are made when it is sent. Files of exports are
deleted after seven days, what is in the trash after thirty days.

## Everything that is held of people

<<register>>

Tables in which no person stands: <<nobody>>.
"""

WORKS_COUNCIL = """
# For works councils and data protection officers: what is recorded about an employee

Made from the description of the database in `innovation/exchange/service/personal/registry/`; a test keeps this page the
same as what the code does.

The software is for questions and answers. It is no means to observe or compare employees, and these are the limits it
keeps by itself.

## What is not measured

- **No ranking of people.** Ideas are ranked, under a rule that everybody can read. There is no score, no grade, no list
  of the best or the most active people, no points or badges, and no target for a person.
- **No working time.** How long a page was open is not recorded, and no figure says when somebody works. Sign-ins keep a
  device and a date so that they can be ended; no page shows them to anybody else.
- **No reading behaviour for superiors.** That a voter saw an idea is kept so that an idea few people saw does not lose
  because of it; it is shown as a count only. Authors of sealed ideas see each opening by role and hour, without a name.
- **No vote of a person.** Nobody sees in the product how somebody voted, administrators included. Figures of groups of
  fewer than five people are not shown.
- **No automatic decision about a person.** The rule chooses ideas; a named person announces the result. Votes that look
  arranged are looked into by a person, who gives a reason.
- **No outside tracking.** Pages load nothing from other servers: no analytics, no fonts, no advertising.

## Where figures come near to a person

- What somebody wrote, decided or finished carries its time; his page lists his contributions for whoever may read them.
- A panel’s page says how many ideas each member has still to assess, so that a decision is not late.
- A challenge says how often the questions of its sponsor were answered in the time promised: it is a promise to those
  who answer, not a grade. Sponsors see it before they ask.
- A project shows who does which task, and which of them are late.

Agree with the employer that none of this is used to judge people.

## What an employee decides himself

- whether public pages may name him: not without a yes, and a no holds from the next request on;
- what he says of himself (expertise, links, languages): all of it is optional;
- what reaches him, and how; whether ideas and comments are written at all;
- to see everything held of him, votes included, as a file, at any time and without asking anybody;
- to be erased. His votes stay as numbers, what he sent stays under “former participant”.

## What others decide about him

Circle (staff, partner, expert, public), organisation, department and roles are given by an invitation, a confirmed
domain, the sign-in provider or a manager; he sees them on his account. An account that is switched off at the company’s
sign-in provider is off here at the next request; what he owns passes to a successor who was named.

## What nobody sees

<<secret>>

## What is recorded, who sees it, and for how long

<<recorded>>

Every page and every export asks at that moment whether this person may see it. Operators of the database can read what is
in it, as in every system: agree with them in writing that they do not, and keep the circle small.
"""

IT = """
# For IT: what runs, what it talks to, what it needs

Made from the settings, the regular work, the headers and the locked packages; a test keeps this page the same as the
code. How to install, upgrade and watch it stands in the [guide for operators](operator.md).

## Processes

| process | command | how many | listens on |
|---|---|---|---|
| web | `gunicorn … wsgi:app` | one or more on any host | 127.0.0.1:8000, behind a web server of yours that speaks HTTPS |
| worker | `innovation worker` | one or more | nothing |
| clock | `innovation clock` | one; a second does no harm | nothing |

They share PostgreSQL (or the embedded SQLite on one machine), Redis or Valkey (or none: work then waits up to a minute) and
a store for files (a folder, or a bucket that speaks S3). The schema has <<tables>> tables. None of the processes needs to
be root, or to write anywhere but in `INNOVATION_HOME`.

## Addresses that are contacted

| what | where to | when |
|---|---|---|
| database | `DATABASE_URL`, usually TCP 5432 | always, if set |
| Redis or Valkey | `REDIS_URL`, usually TCP 6379 | always, if set |
| mail server | `INNOVATION_SMTP_URL`, usually TCP 587 or 465, encrypted | when a mail is due, if set |
| file store | `INNOVATION_FILES_ENDPOINT`, HTTPS | when a file comes or goes, if set |
| sign-in provider | its OpenID Connect addresses, HTTPS | when somebody signs in and from time to time after, if set |
| time stamps | `INNOVATION_TIMESTAMP_URL`, HTTPS | after an idea is sent, if set; a digest goes there and nothing else |

Nothing else. There is no telemetry, no licence server and no update check; browsers load nothing from other servers.

## What a browser is told

| header | value |
|---|---|
| `Content-Security-Policy` | `<<csp>>` |
| `X-Content-Type-Options` | `nosniff` |
| `Referrer-Policy` | `same-origin` |
| `Cross-Origin-Opener-Policy` | `same-origin` |
| `Permissions-Policy` | `camera=(), geolocation=(), microphone=()` |
| `Cache-Control` of pages | `no-store` for who is signed in |

Files that people added go out with a policy of their own that runs nothing. `Strict-Transport-Security` is set by the web
server in front, which ends TLS. Cookies: one for the session (`HttpOnly`, `SameSite=Lax`, `Secure` under https), one each
for light or dark and for the language. Every form carries a token against forgery; sign-in and forms that send mail are
throttled.

## Secrets

Passwords are kept as argon2id hashes. Tokens of sign-ins, feeds and set-up links are kept as digests. Sessions and links
in mails are signed with `SECRET_KEY`; refresh tokens of the sign-in provider are encrypted. Nothing of that is in a log, an
export or a person’s own file.

## Settings

<<settings>>

## Regular work

Each piece is taken once, however many clocks run.

<<regular>>

## Backup and restore

Back up the database first, the files after it; Redis needs none. Keep `SECRET_KEY` (embedded: `var/secret_key`), or
everybody signs in again. The commands stand in the [guide for operators](operator.md#backing-up). After a restore run
`innovation migrate`, then `innovation verify`: it recomputes the chain of facts, every result and every count. Whoever was
erased after the backup was made must be erased again.

## Packages and their licences

Locked with hashes in `requirements.lock`. Licences as the packages state them.

<<packages>>
"""
