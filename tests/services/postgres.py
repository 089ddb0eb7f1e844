"""A PostgreSQL for the tests: the one that ``TEST_DATABASE_URL`` names, else a child made by initdb.

The child keeps nothing safe (no fsync) and trusts every connection, on 127.0.0.1 alone.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.services import LOCAL, die_with, free_port, wait_until

_OWNER = "innovation"
_OPTIONS = {
    "listen_addresses": LOCAL,
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


_SHAPE = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
    SELECT concat(conrelid::regclass, ' ', conname) AS line FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat(indexrelid::regclass, ' ', indisvalid) FROM pg_index
        JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat(attrelid::regclass, ' ', attname, ' ', atttypid, ' ', attnotnull) FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL
    SELECT concat(tgrelid::regclass, ' ', tgname, ' ', tgenabled) FROM pg_trigger WHERE NOT tgisinternal
) AS lines
"""
_KEEP = """
DO $$
DECLARE kept record;
BEGIN
    CREATE SCHEMA kept;
    FOR kept IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', kept.tablename, kept.tablename);
    END LOOP;
    CREATE TABLE kept."its numbers" AS SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
END $$
"""
_RESTORE = """
DO $$
DECLARE
    one record;
    held boolean;
    holds boolean;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
    SET LOCAL session_replication_role = replica;  -- no foreign key is asked while rows go and come
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I), EXISTS (SELECT FROM kept.%I)', one.tablename, one.tablename)
            INTO held, holds;
        IF held THEN
            EXECUTE format('DELETE FROM public.%I', one.tablename);
        END IF;
        IF holds THEN
            EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', one.tablename, one.tablename);
        END IF;
    END LOOP;
    FOR one IN
        SELECT sequencename, before.last_value AS was FROM pg_sequences AS now
        JOIN kept."its numbers" AS before USING (sequencename)
        WHERE now.schemaname = 'public' AND now.last_value IS DISTINCT FROM before.last_value
    LOOP
        PERFORM setval(format('public.%I', one.sequencename), coalesce(one.was, 1), one.was IS NOT NULL);
    END LOOP;
END $$
"""


def _shape(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])


def binaries() -> Path | None:
    """The folder with ``initdb`` and ``postgres``: where PATH points, else Debian's newest."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)[::-1]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def available() -> str | None:
    """None, or why there is no PostgreSQL to test with."""
    if os.environ.get("TEST_DATABASE_URL"):
        return None
    if binaries() is None:
        return "no TEST_DATABASE_URL, and neither initdb nor postgres on PATH or in /usr/lib/postgresql"
    if os.geteuid() == 0 and _lesser_user() is None:
        return "PostgreSQL refuses to run as root, and there is no user postgres or nobody"
    return None


class Server:
    """A running PostgreSQL; made by :func:`start`."""

    def __init__(self, address: str, process: subprocess.Popen[bytes] | None, folder: Path | None) -> None:
        self._address, self._process, self._folder = address, process, folder
        self._connections: dict[str, psycopg.Connection[Any]] = {}

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy's address of one of its databases."""
        parts = urlsplit(self._address)
        return urlunsplit(parts._replace(scheme="postgresql+psycopg", path=f"/{database}"))

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or a copy of ``template`` (nobody may be connected to that); its address."""
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(command.format(sql.Identifier(name), sql.Identifier(template or "template0")))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove it if it is there, throwing out whoever is connected."""
        self._forget(name)
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def keep_rows(self, name: str) -> str:
        """Remember what a database's tables hold now, for :meth:`restore_rows`; a fingerprint of the tables' shape."""
        self._execute(sql.SQL(_KEEP), name)
        with psycopg.connect(_plain(self.url(name)), autocommit=True) as connection:
            return _shape(connection)

    def restore_rows(self, name: str, shape: str) -> bool:
        """Give a database's tables the rows and numbers they held, throwing out whoever is in the midst of something.

        Much faster than a fresh copy: making and dropping a database writes everything of the server to the disk. Whoever
        is connected and does nothing stays so, this method too: a new connection learns every table anew.

        Args:
            shape: the fingerprint it had. With another one nothing is done: somebody took a wall away, so it has to be
                made anew. Returns whether it was the same.
        """
        try:
            connection = self._lasting(name)
            if _shape(connection) != shape:
                return False
            connection.execute(_RESTORE)
        except psycopg.OperationalError:  # there is no such database, or somebody threw us out
            self._forget(name)
            return False
        return True

    def _lasting(self, name: str) -> psycopg.Connection[Any]:
        """A connection to a database that is kept."""
        found = self._connections.get(name)
        if found is None or found.closed:
            found = self._connections[name] = psycopg.connect(_plain(self.url(name)), autocommit=True)
        return found

    def _forget(self, name: str) -> None:
        found = self._connections.pop(name, None)
        if found is not None:
            found.close()

    def stop(self) -> None:
        """End the child and remove a folder made for it; leave somebody else's server alone."""
        for name in list(self._connections):
            self._forget(name)
        if self._process is not None:
            for sign, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
                if self._process.poll() is None:
                    self._process.send_signal(sign)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self._process.wait(patience)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _execute(self, command: sql.SQL | sql.Composed, database: str | None = None) -> None:
        address = self.url(database) if database else self._address
        with psycopg.connect(_plain(address), autocommit=True) as connection:
            connection.execute(command)


def start(folder: Path) -> Server:
    """A running server with its data in ``folder`` (or below /tmp, if its user cannot reach ``folder``)."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return Server(given, None, None)
    bin_folder, reason = binaries(), available()
    if bin_folder is None or reason:
        raise RuntimeError(reason)
    owner = _lesser_user() if os.geteuid() == 0 else None
    folder.mkdir(parents=True, exist_ok=True)
    made = None
    if owner is not None and not _reachable(folder):
        folder = made = Path(tempfile.mkdtemp(prefix="innovation-postgres-"))
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data, log = folder / "data", folder / "server.log"
    _initialise(bin_folder / "initdb", data, log, owner)
    for attempt in range(3):  # somebody else may take the free port first
        try:
            address, process = _serve(bin_folder / "postgres", data, log, owner)
            return Server(address, process, made)
        except RuntimeError:
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def _initialise(initdb: Path, data: Path, log: Path, owner: pwd.struct_passwd | None) -> None:
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--username={_OWNER}"]
    done = subprocess.run([initdb, *options, "-D", data], check=False, capture_output=True, text=True, **_as(owner))
    log.write_text(done.stdout + done.stderr)
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{log.read_text()}")


def _serve(postgres: Path, data: Path, log: Path, owner: pwd.struct_passwd | None) -> tuple[str, subprocess.Popen[bytes]]:
    port = free_port()
    settings = [part for name, value in {**_OPTIONS, "port": str(port)}.items() for part in ("-c", f"{name}={value}")]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [postgres, "-D", data, *settings],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with(os.getpid(), signal.SIGINT),  # sets one flag of the child
            **_as(owner),
        )
    address = f"postgresql://{_OWNER}@{LOCAL}:{port}/postgres"

    def answers() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"postgres ended at its start:\n{log.read_text()}")
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(address, connect_timeout=5):
            return True
        return False

    wait_until(answers, 60, f"an answer of PostgreSQL on port {port}")
    return address, process


def _lesser_user() -> pwd.struct_passwd | None:
    """Whom root becomes, since PostgreSQL refuses root."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [], "cwd": "/"}


def _reachable(folder: Path) -> bool:
    """Whether any user may pass through the folders above (pytest's temporary folders are closed)."""
    return all(parent.stat().st_mode & 0o001 for parent in folder.resolve().parents)


def _plain(address: str) -> str:
    return urlunsplit(urlsplit(address)._replace(scheme="postgresql"))
