"""What is meant for a developer's own browser alone: the demo's sign-in and the mails kept as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people.models import Person
from tests.support.world import World

DOORS = ("/dev/mail", "/demo/sponsor")
HOST = "127.0.0.1:8000"


@pytest.fixture
def machine(embedded: World) -> Iterator[World]:
    """A house with the demo's sign-in switched on and one person to sign in as."""
    before = embedded.settings
    embedded.app.extensions["innovation.settings"] = replace(before, demo_sign_in=True)
    number = embedded.person("Sponsor").person_id
    with transaction():
        person = db.session.get_one(Person, number)
        person.demo, person.source, person.foreign_id = True, "demo", "sponsor"
    yield embedded
    embedded.app.extensions["innovation.settings"] = before


def _get(world: World, path: str, host: str = HOST, carried: str = "", address: str = "127.0.0.1") -> TestResponse:
    headers = {"Host": host} | ({carried: "127.0.0.1"} if carried else {})
    return world.browser().get(path, headers=headers, environ_overrides={"REMOTE_ADDR": address})


def _answers(world: World, **request: str) -> list[int]:
    return [_get(world, path, **request).status_code for path in DOORS]


def test_a_browser_on_this_machine_is_let_in(machine: World) -> None:
    assert _answers(machine) == [200, 200]
    assert 'action="/demo/sponsor"' in _get(machine, "/sign-in").get_data(as_text=True)


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "Forwarded", "Via", "X-Real-IP"],
)
def test_what_a_proxy_on_this_machine_passes_on_is_refused(machine: World, header: str) -> None:
    assert _answers(machine, carried=header) == [404, 404]
    assert 'action="/demo/sponsor"' not in _get(machine, "/sign-in", carried=header).get_data(as_text=True)
    sent = machine.browser().post("/demo/sponsor", headers={"Host": HOST, header: "127.0.0.1"})
    assert sent.status_code == 404


def test_another_host_or_another_machine_is_refused(machine: World) -> None:
    assert _answers(machine, host="localhost:8000") == [404, 404]
    assert _answers(machine, address="10.0.0.7") == [404, 404]


def test_both_doors_are_shut_where_the_demo_sign_in_is_off(machine: World) -> None:
    machine.app.extensions["innovation.settings"] = replace(machine.settings, demo_sign_in=False)
    assert _answers(machine) == [404, 404]
