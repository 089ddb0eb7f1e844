"""A house that really runs (web server, worker, clock, Redis) and a browser to walk through it."""

from __future__ import annotations

import email
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from email import policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import missing
from tests.services import valkey

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of several test processes one takes a whole journey: starting a house costs more than most of its tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents and item.path.name != "test_axe.py":
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 40) -> None:
    """Look again and again until a condition holds; never sleep a fixed time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.1)
    pytest.fail(f"{what} did not happen within {seconds} seconds")


class RunningHouse:
    """The product's own processes on a folder of their own."""

    def __init__(self, home: Path, redis_url: str) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("INNOVATION_", "DATABASE_"))},
            "INNOVATION_HOME": str(home),
            "INNOVATION_BASE_URL": self.base,
            "INNOVATION_DEMO_SIGN_IN": "1",
            "INNOVATION_RATE_LIMITS": "0",
            "REDIS_URL": redis_url,
        }
        self.children: list[subprocess.Popen[bytes]] = []

    def command(self, *arguments: str) -> str:
        """Run an ``innovation`` command and return what it prints."""
        done = subprocess.run(
            [str(BIN / "innovation"), *arguments], env=self.environ, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, days_later: float = 0) -> None:
        """Start web server, worker and clock; ``days_later`` shifts the house's clock."""
        environ = {**self.environ, "INNOVATION_CLOCK_OFFSET": str(int(days_later * 86_400))}
        self.environ = environ
        web = [str(BIN / "gunicorn"), "wsgi:app", "-b", f"127.0.0.1:{self.port}", "--threads", "24", "--workers", "1"]
        commands = [web, [str(BIN / "innovation"), "worker"], [str(BIN / "innovation"), "clock"]]
        with (self.home / "processes.log").open("ab") as log:
            self.children = [subprocess.Popen(c, env=environ, cwd=ROOT, stdout=log, stderr=log) for c in commands]
        wait_until(self.answers, "the web server's first answer")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        for child in self.children:
            child.terminate()
        for child in self.children:
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.children = []

    def mails(self, to: str = "") -> list[tuple[str, str]]:
        """(subject, text) of the mails written so far, oldest first."""
        found = []
        for path in sorted((self.home / "mail").glob("*.eml"), key=lambda p: p.stat().st_mtime):
            message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            body = message.get_body(preferencelist=("plain",))
            assert body is not None
            if to in str(message["To"]):
                found.append((str(message["Subject"]), str(body.get_content())))
        return found

    def link_in_mail(self, to: str, containing: str) -> str:
        """The newest link to somewhere that was mailed to somebody; waits for the mail."""

        def links() -> list[str]:
            texts = " ".join(text for _subject, text in self.mails(to))
            return [link for link in re.findall(r"https?://\S+", texts) if containing in link]

        wait_until(lambda: bool(links()), f"a mail to {to}")
        return links()[-1]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("no Chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = valkey.start(tmp_path_factory.mktemp("valkey"))
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[RunningHouse]:
    """A running house in which nobody lives yet."""
    house = RunningHouse(tmp_path_factory.mktemp("empty"), redis_url)
    house.command("migrate")
    house.start()
    yield house
    house.stop()


@pytest.fixture(scope="module")
def demo_house(demo_home: Path, tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[RunningHouse]:
    """A running house with the demo programme."""
    house = RunningHouse(shutil.copytree(demo_home, tmp_path_factory.mktemp("demo") / "home"), redis_url)
    house.start()
    yield house
    house.stop()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody new: ``visit(house, script=False, width=390, theme="dark", language="nl")``."""
    contexts: list[BrowserContext] = []

    def begin(
        house: RunningHouse, *, script: bool = True, width: int = 1280, theme: str = "light", language: str = "en"
    ) -> Page:
        context = chromium.new_context(
            base_url=house.base,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            locale=language,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield begin
    for context in contexts:
        context.close()
