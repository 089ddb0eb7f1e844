"""Every setting of the product: its name, its default and its meaning.

The names that other tools share (``DATABASE_URL``, ``REDIS_URL``, ``SECRET_KEY``, ``PORT``) carry no prefix; all
others begin with ``INNOVATION_``. An ``INNOVATION_`` variable that is not listed here is an error, because a
misspelt setting that is silently ignored is worse than a refusal to start.
"""

from __future__ import annotations

import dataclasses
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

_PREFIX = "INNOVATION_"


class SettingsError(Exception):
    """A setting is unknown, malformed or missing; the message says which and what to do."""


def _setting(env: str, default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"env": env, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where everything lives and what is switched on. Built once, by :func:`load`, and never changed."""

    home: Path = _setting("INNOVATION_HOME", Path("var"), "Folder for all local state: database, mail files, keys.")
    database_url: str = _setting("DATABASE_URL", "", "SQLAlchemy address of PostgreSQL; empty means SQLite in the home.")
    redis_url: str = _setting("REDIS_URL", "", "Address of Redis or Valkey; empty means jobs wait for the sweeper.")
    secret_key: str = _setting("SECRET_KEY", "", "Signs sessions; required with DATABASE_URL, else made in the home.")
    secret_key_fallbacks: tuple[str, ...] = _setting(
        "INNOVATION_SECRET_KEY_FALLBACKS", (), "Earlier secret keys, comma separated, still accepted after a change."
    )
    base_url: str = _setting(
        "INNOVATION_BASE_URL", "http://127.0.0.1:8000", "Address people use; mails link to it, other hosts are refused."
    )
    smtp_url: str = _setting(
        "INNOVATION_SMTP_URL", "", "smtp://user:password@host:587 or smtps://…; empty writes mails to files in the home."
    )
    mail_from: str = _setting("INNOVATION_MAIL_FROM", "innovation@localhost.example", "Sender address of every mail.")
    sign_up: bool = _setting("INNOVATION_SIGN_UP", False, "Whether strangers may open an account (circle: public).")
    demo_sign_in: bool = _setting(
        "INNOVATION_DEMO_SIGN_IN", False, "Sign-in by one button as a demo person; refused unless local and embedded."
    )
    clock_offset_seconds: int = _setting(
        "INNOVATION_CLOCK_OFFSET", 0, "For tests only: seconds added to the database's clock; refused with DATABASE_URL."
    )
    rate_limits: bool = _setting("INNOVATION_RATE_LIMITS", True, "Whether sign-in and mail-sending forms are throttled.")
    files_url: str = _setting(
        "INNOVATION_FILES_URL", "", "Where files that people add are kept: s3://bucket/folder; empty means the home's files."
    )
    files_endpoint: str = _setting(
        "INNOVATION_FILES_ENDPOINT", "", "Address of the S3 server, such as https://s3.example.org; empty means Amazon's."
    )
    files_region: str = _setting("AWS_REGION", "us-east-1", "Region of the bucket; most other servers take any.")
    files_access_key: str = _setting("AWS_ACCESS_KEY_ID", "", "Key for the bucket; empty means what the machine was given.")
    files_secret_key: str = _setting("AWS_SECRET_ACCESS_KEY", "", "Secret of that key.")
    file_megabytes: int = _setting("INNOVATION_FILE_MEGABYTES", 25, "How large one file may be.")
    person_megabytes: int = _setting(
        "INNOVATION_PERSON_MEGABYTES", 500, "How much one person may add in all; what is in the trash counts."
    )
    challenge_megabytes: int = _setting(
        "INNOVATION_CHALLENGE_MEGABYTES", 5000, "How much may be added to one challenge, its ideas and projects together."
    )
    invitations_a_minute: int = _setting(
        "INNOVATION_INVITATIONS_A_MINUTE", 60, "How many mails of a list of invitations go out in a minute."
    )
    live_streams: int = _setting(
        "INNOVATION_LIVE_STREAMS", 200, "Open pages that one web process tells of news at once; others ask every 20 seconds."
    )
    oidc_issuer: str = _setting(
        "INNOVATION_OIDC_ISSUER", "", "Address of the provider at which people sign in (OpenID Connect); empty means none."
    )
    oidc_client_id: str = _setting("INNOVATION_OIDC_CLIENT_ID", "", "Name under which the provider knows this house.")
    oidc_client_secret: str = _setting("INNOVATION_OIDC_CLIENT_SECRET", "", "Secret that the provider gave with that name.")
    oidc_name: str = _setting("INNOVATION_OIDC_NAME", "", "What people call the provider; stands on its button.")
    oidc_department_claim: str = _setting(
        "INNOVATION_OIDC_DEPARTMENT_CLAIM", "", "Claim that holds a person's department; empty means the domain's."
    )
    oidc_check_seconds: int = _setting(
        "INNOVATION_OIDC_CHECK_SECONDS", 60, "How often the provider is asked whether an account is on; 0: at every request."
    )
    oidc_grace_minutes: int = _setting(
        "INNOVATION_OIDC_GRACE_MINUTES", 15, "How long people stay signed in while the provider does not answer."
    )
    desk_mail: str = _setting(
        "INNOVATION_DESK_MAIL", "07:30", "When managers are told on working days what waits on their desk; off: never."
    )
    backup_target: str = _setting(
        "INNOVATION_BACKUP_TARGET", "", "Where backups of this house go, in words; shown to administrators, used by nothing."
    )
    timestamp_url: str = _setting(
        "INNOVATION_TIMESTAMP_URL", "", "Authority (RFC 3161) that stamps receipts of ideas; empty: the house signs alone."
    )
    testing: bool = _setting("INNOVATION_TESTING", False, "For tests only: allows the clock offset on any database.")

    @property
    def embedded(self) -> bool:
        """True on the SQLite default: one machine, state in the home folder."""
        return not self.database_url

    @property
    def signing_keys(self) -> tuple[str, ...]:
        """Every key a signature may carry, the present one last."""
        return (*self.secret_key_fallbacks, self.secret_key)

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home.resolve() / 'innovation.sqlite3'}"

    @property
    def desk_mail_hour(self) -> time | None:
        """The hour on the house's wall at which managers are told what waits; None for never."""
        return None if self.desk_mail.lower() == "off" else time.fromisoformat(self.desk_mail)

    @property
    def mail_folder(self) -> Path:
        return self.home / "mail"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from environment variables.

    Raises:
        SettingsError: an unknown ``INNOVATION_`` name, a value that cannot be read, or a combination refused.
    """
    by_env = {f.metadata["env"]: f for f in dataclasses.fields(Settings)}
    unknown = sorted(name for name in environ if name.startswith(_PREFIX) and name not in by_env)
    # The test suite's own switches share the prefix but are no settings of the product.
    unknown = [name for name in unknown if not name.startswith("INNOVATION_TEST_")]
    if unknown:
        raise SettingsError(f"Unknown setting {', '.join(unknown)}. Known: {', '.join(sorted(by_env))}.")
    values = {f.name: _parse(env, environ[env], f.default) for env, f in by_env.items() if environ.get(env)}
    return check(Settings(**values))


def check(settings: Settings) -> Settings:
    """Refuse combinations that would be unsafe, and complete the secret key on the embedded default."""
    if settings.database_url and not settings.secret_key:
        raise SettingsError("SECRET_KEY is required once DATABASE_URL is set: give every process the same one.")
    if settings.demo_sign_in and settings.database_url:
        raise SettingsError("INNOVATION_DEMO_SIGN_IN is refused with DATABASE_URL: it would let anyone in.")
    if settings.clock_offset_seconds and settings.database_url and not settings.testing:
        raise SettingsError("INNOVATION_CLOCK_OFFSET is refused with DATABASE_URL: deadlines must be real.")
    _check_provider(settings)
    _check_desk_mail(settings)
    if not settings.secret_key:
        return dataclasses.replace(settings, secret_key=_local_secret(settings.home))
    return settings


def _check_provider(settings: Settings) -> None:
    """All four settings of the sign-in provider, or none of them; and no sign-in over a line that others can read."""
    given = {
        "INNOVATION_OIDC_ISSUER": settings.oidc_issuer,
        "INNOVATION_OIDC_CLIENT_ID": settings.oidc_client_id,
        "INNOVATION_OIDC_CLIENT_SECRET": settings.oidc_client_secret,
        "INNOVATION_OIDC_NAME": settings.oidc_name,
    }
    missing = [name for name, value in given.items() if not value]
    if missing and len(missing) < len(given):
        raise SettingsError(f"The sign-in provider lacks {', '.join(missing)}: set all four of its settings, or none.")
    if not missing and not settings.oidc_issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise SettingsError("INNOVATION_OIDC_ISSUER must begin with https://.")
    if settings.oidc_check_seconds < 0 or settings.oidc_grace_minutes < 0:
        raise SettingsError("INNOVATION_OIDC_CHECK_SECONDS and INNOVATION_OIDC_GRACE_MINUTES cannot be below zero.")


def _check_desk_mail(settings: Settings) -> None:
    try:
        hour = settings.desk_mail_hour
    except ValueError:
        raise SettingsError(f"INNOVATION_DESK_MAIL={settings.desk_mail!r} is no hour: use 07:30, or off.") from None
    if hour is not None and hour.tzinfo is not None:
        raise SettingsError("INNOVATION_DESK_MAIL is an hour on the house's wall: leave the zone out.")


def _parse(env: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off"}:
            return False
        raise SettingsError(f"{env}={text!r} is neither yes nor no: use 1 or 0.")
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise SettingsError(f"{env}={text!r} is not a whole number.") from None
    if isinstance(default, Path):
        return Path(text)
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _local_secret(home: Path) -> str:
    """The key kept in the home folder; made by whichever process comes first, then the same for all."""
    path = home / "secret_key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return path.read_text()
    except OSError as error:
        raise SettingsError(f"Cannot write to {home}: {error.strerror}. Set INNOVATION_HOME to another folder.") from error
