"""Two hundred people read one page, and somebody says something: ``python benchmarks/live.py`` prints RESULTS.md's table.

It starts the web server as ``dev.py`` does, in a new folder, opens the streams, and posts one comment. Each reader does what
the page's script does: at the word "changed" he waits a random moment of up to 1.5 seconds and fetches the talk anew. The
floor is an ordinary page (the challenge) of the same server while nobody listens, and the time until one single reader has
the comment.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from itsdangerous import URLSafeTimedSerializer

from innovation.app import create_app
from innovation.discussion import queries as discussion
from innovation.ideas.service import talking
from innovation.kernel import migrate
from innovation.kernel.db import db
from innovation.people.service import accounts
from innovation.settings import Settings
from tests.support.world import World

DELAY_SECONDS = 1.5


class Reader(threading.Thread):
    """One open page."""

    def __init__(self, port: int, live: str, talk: str, mark: str) -> None:
        super().__init__(daemon=True)
        self.port, self.live, self.talk, self.mark = port, live, talk, mark
        self.listening = threading.Event()
        self.refused = False
        self.has_it = 0.0

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=90)
        connection.request("GET", self.live)
        answer = connection.getresponse()
        if answer.status != 200:
            self.refused = True
            self.listening.set()
            return
        answer.readline()
        self.listening.set()
        while not self.has_it:
            line = answer.readline()
            if not line:
                return
            if line.startswith(b"event: changed"):
                time.sleep(random.uniform(0, DELAY_SECONDS))
                if self.mark in fetch(self.port, self.talk)[1]:
                    self.has_it = time.perf_counter()
        connection.close()


def fetch(port: int, path: str, cookie: str = "") -> tuple[float, str]:
    """(seconds, text) of one page."""
    begun = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=90)
    connection.request("GET", path, headers={"HX-Request": "true", "Cookie": cookie} if "/talk" in path else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 200, (path, answer.status)
    return time.perf_counter() - begun, text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=200)
    readers = parser.parse_args().readers
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        idea, challenge, thread, token = prepare(Path(folder))
        environ = {**os.environ, "INNOVATION_HOME": folder, "INNOVATION_BASE_URL": f"http://127.0.0.1:{port}"}
        size = ["--workers", "2", "--worker-class", "gthread", "--threads", "232", "--graceful-timeout", "2"]
        command = [
            str(Path(sys.executable).parent / "gunicorn"),
            "--bind",
            f"127.0.0.1:{port}",
            *size,
            "--no-control-socket",
        ]
        silent = subprocess.DEVNULL
        server = subprocess.Popen([*command, "wsgi:app"], cwd=ROOT, env=environ, stdout=silent, stderr=silent)
        try:
            wait_for(port)
            page = f"/challenges/{challenge}"
            for _ in range(20):
                fetch(port, page)
            alone = run(port, 1, idea, thread, page, token)
            many = run(port, readers, idea, thread, page, token)
        finally:
            server.terminate()
            server.wait()
    print("| readers | refused | last one has it, s (x one reader) | median, s | page before, ms | page meanwhile, ms (x) |")
    print("| --- | --- | --- | --- | --- | --- |")
    for found in (alone, many):
        count, refused, last, median, before, during = found
        print(
            f"| {count} | {refused} | {last:.2f} ({last / alone[2]:.1f}) | {median:.2f} | {before * 1000:.1f} | "
            f"{during * 1000:.1f} ({during / before:.1f}) |"
        )


def prepare(folder: Path) -> tuple[str, str, str, str]:
    """Names of an idea with twenty comments, its challenge and its thread; and the sign-in of somebody who may write."""
    settings = Settings(home=folder, secret_key="x" * 40, testing=True, rate_limits=False)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        migrate.upgrade()
        world = World(app)
        challenge = world.challenge(who_may="everyone")
        writer = world.person()
        idea = world.idea(challenge, writer)
        comment = None
        for number in range(20):
            found = world.idea_again(idea)
            comment = talking.say(actor=writer, idea=found, text=f"Comment {number}.")
        assert comment is not None
        thread = discussion.thread_by_id(comment.thread_id)
        assert thread is not None
        names = idea.public_id, challenge.public_id, thread.public_id
        token = accounts.sign_in(actor=writer, person_id=writer.person_id or 0, device="benchmark")
        db.session.remove()
        db.engine.dispose()
    (folder / "secret_key").write_text("x" * 40)
    return *names, token


def cookie_of(port: int, token: str) -> tuple[str, str]:
    """A signed-in browser's cookie and the word its forms carry."""
    settings = Settings(home=Path(), secret_key="x" * 40, testing=True, base_url=f"http://127.0.0.1:{port}")
    app = create_app(settings)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
        session["csrf_token"] = "c" * 40
    name = app.config["SESSION_COOKIE_NAME"]
    kept = client.get_cookie(name)
    assert kept is not None
    with app.test_request_context():
        signed = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps("c" * 40)
    return f"{name}={kept.value}", str(signed)


def run(port: int, count: int, idea: str, thread: str, page: str, token: str) -> tuple[int, int, float, float, float, float]:
    """(readers, refused, seconds to the last, to the median, page before, page meanwhile)."""
    before = statistics.median(fetch(port, page)[0] for _ in range(40))
    talk = f"/ideas/{idea}/talk"
    version = re.search(r'data-version="(\w+)"', fetch(port, talk)[1])
    assert version is not None
    mark = f"This is the news for {count}."
    people = [Reader(port, f"/live/{thread}?seen={version[1]}", talk, mark) for _ in range(count)]
    for each in people:
        each.start()
    for each in people:
        each.listening.wait(60)
    cookie, csrf = cookie_of(port, token)
    connection = HTTPConnection("127.0.0.1", port, timeout=90)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    begun = time.perf_counter()
    connection.request("POST", talk, urlencode({"text": mark, "csrf_token": csrf}), headers)
    answer = connection.getresponse()
    assert answer.status == 303, answer.status
    connection.close()
    during = []
    listening = [each for each in people if not each.refused]
    while any(not each.has_it for each in listening) and time.perf_counter() - begun < 60:
        during.append(fetch(port, page)[0])
        time.sleep(0.02)
    times = sorted(each.has_it - begun for each in listening)
    assert all(each.has_it for each in listening), "somebody did not get it"
    return count, count - len(listening), times[-1], statistics.median(times), before, statistics.median(during)


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            fetch(port, "/health")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server does not answer")


if __name__ == "__main__":
    main()
