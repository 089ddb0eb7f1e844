"""A sealed idea's project: named on every page to whoever may see it, and by its reference in all that leaves the house."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.usecase import transaction
from innovation.projects import queries
from innovation.projects.models import Project
from innovation.projects.service import gates, reminding, updates
from innovation.promotion.service import picking, running
from innovation.rules.predicates import Role
from tests.support.world import World

NAME = "Aramid in the glue"


class Vault:
    """The project of a sealed idea whose first gate is late, and everybody who might read its name."""

    def __init__(self, world: World) -> None:
        self.world, self.manager = world, world.manager
        challenge = world.sealed()
        self.challenge = challenge.public_id
        self.author, self.other = world.person("Author", Circle.EXPERT), world.person("Other", Circle.EXPERT)
        idea = world.idea(challenge, self.author, title=NAME)
        self.sponsor = world.sponsor_of(challenge)
        world.close(challenge)
        picking.pick(actor=self.sponsor, idea=world.idea_again(idea), chosen=True, reason="Good.")
        picking.finish_picks(actor=self.sponsor, challenge=world.again(challenge))
        world.settle()
        running.announce(actor=self.sponsor, run=world.run_of(challenge))
        self.number = world.project_of(idea).id
        with transaction():
            self.again().gates[0].due_at = clock.now() - timedelta(days=3)
        self.world.anew()

    def again(self) -> Project:
        self.world.anew()
        found = queries.by_id(self.number)
        assert found is not None
        return found

    def names(self, who: Actor, *paths: str) -> list[bool]:
        browser = self.world.browser(who)
        return [NAME in browser.get(path).get_data(as_text=True) for path in paths]

    @property
    def lists(self) -> tuple[str, ...]:
        """Every page that lists projects for whoever counts them."""
        funnel = f"/challenges/{self.challenge}/funnel"
        rows = [f"/{kind}/{stage}/inside" for kind, stage in (("project", "project_running"), ("gate", "gate_frame"))]
        return "/projects", "/desk", "/funnel", funnel, *(f"{start}{row}" for row in rows for start in ("/funnel", funnel))


@pytest.fixture
def vault(embedded: World) -> Vault:
    return Vault(embedded)


def test_every_list_of_projects_names_it_to_the_manager(vault: Vault) -> None:
    assert dict(zip(vault.lists, vault.names(vault.manager, *vault.lists), strict=True)) == dict.fromkeys(vault.lists, True)
    assert vault.names(vault.manager, f"/projects/{vault.again().public_id}") == [True]


def test_its_own_people_read_its_name_wherever_they_meet_it(vault: Vault) -> None:
    assert vault.names(vault.author, "/projects", f"/projects/{vault.again().public_id}") == [True, True]
    assert vault.names(vault.sponsor, "/projects", "/my-work") == [True, True]


def test_whoever_may_not_see_it_reads_its_name_nowhere(vault: Vault) -> None:
    programme = vault.world.programme("Elsewhere").id
    elsewhere = vault.world.grant(vault.world.person(), Role.MANAGER, "programme", programme)
    paths = (
        *vault.lists,
        "/",
        "/my-work",
        "/inbox",
        f"/projects/{vault.again().public_id}",
        f"/challenges/{vault.challenge}",
    )
    for who in (vault.other, elsewhere):
        assert vault.names(who, *paths) == [False] * len(paths)
        assert queries.seen(who, [vault.number]) == set()
    assert queries.seen(vault.manager, [vault.number]) == {vault.number}


@pytest.mark.parametrize("who", ["manager", "sponsor"])
def test_the_files_behind_the_funnel_have_its_reference_alone(vault: Vault, who: str) -> None:
    browser, reference = vault.world.browser(getattr(vault, who)), vault.again().public_id
    for kind, stage in (("project", "project_running"), ("gate", "gate_frame"), ("idea", "promoted")):
        path = f"/challenges/{vault.challenge}/funnel/{kind}/{stage}/inside/export.csv"
        [row] = list(csv.reader(io.StringIO(browser.get(path).get_data().decode("utf-8-sig"))))[1:]
        assert (row[1] == reference, row[2]) == (kind != "idea", "")
    assert NAME not in browser.get(f"/challenges/{vault.challenge}/funnel/export.csv").get_data(as_text=True)


def test_every_mail_names_it_by_its_reference_and_the_message_inside_by_its_name(vault: Vault) -> None:
    gates.ask(actor=vault.author, project=vault.again(), gate_key="frame")
    updates.post_update(actor=vault.author, project=vault.again(), status="on_track", text="D\nF\n")
    reminding.remind_of_gates(actor=house(Origin.CLOCK))
    vault.world.decide(vault.again(), "frame", "hold", vault.sponsor)
    with clock.travelling(clock.now() + timedelta(days=30)):
        reminding.remind_of_gates(actor=house(Origin.CLOCK))
        vault.world.settle()
    told = [letter for letter in vault.world.letters() if vault.again().public_id in letter.whole]
    assert {letter.to for letter in told} >= {f"{vault.sponsor.name.lower()}@example.org", "manager@example.org"}
    assert [letter.subject for letter in vault.world.letters() if NAME in letter.whole] == []
    assert vault.names(vault.sponsor, "/inbox") == [True]


def test_a_projects_page_leads_to_its_sealed_idea_for_those_who_read_it_alone(vault: Vault) -> None:
    idea = vault.again().idea.public_id
    path = f"/projects/{vault.again().public_id}"
    pages = [vault.world.browser(who).get(path).get_data(as_text=True) for who in (vault.author, vault.manager)]
    assert [f"/ideas/{idea}" in page for page in pages] == [True, False]
    assert ["Thought up by" in page for page in pages] == [True, False]
