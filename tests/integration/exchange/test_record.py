"""The record of a result: anyone counts and decides again from it, it names nobody, and one changed byte is found."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest

from innovation.challenges.models import Challenge
from innovation.exchange.service import record, recounting
from innovation.ideas.service import writing
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.promotion.models import Run
from innovation.promotion.service import picking, running
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from innovation.voting import service as votes
from innovation.voting.models import Flag
from tests.support.world import World

VOTERS = 24


def _voted(world: World, voters: int = VOTERS, **changes: object) -> Challenge:
    """A challenge of four ideas whose votes fall off from the first to the last, some by people nobody verified."""
    rule = ready_rule("support_top", capacity={"kind": "top", "k": 2})
    challenge = world.challenge(world.person("Sponsor"), rule=rule, who_may="everyone", **changes)
    made = [world.idea(challenge, world.person(f"Author {n}"), f"Secret title {n}") for n in range(4)]
    crowd = [*world.crowd(voters - 4), *world.crowd(4, Circle.PUBLIC)]
    for place, who in enumerate(crowd):
        for n, idea in enumerate(made):
            if place % (n + 1) == 0:
                world.vote(idea, who)
    return world.again(challenge)


def _record(world: World, run: Run) -> bytes:
    found = record.build(run, "How to count again.\n").content
    db.session.rollback()
    return found


def _kept(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "record.zip"
    path.write_bytes(content)
    return path


def _files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def _written(tmp_path: Path, files: dict[str, bytes]) -> Path:
    path = tmp_path / "changed.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return path


def test_a_record_counts_and_decides_again_without_the_database(world: World, tmp_path: Path) -> None:
    run = world.announced(_voted(world))
    content = _record(world, run)
    lines = recounting.recount(_kept(tmp_path, content))
    assert [line.what for line in lines if not line.holds] == []
    assert [line.what for line in lines if line.what.startswith("the votes on 4 ideas")] != []
    assert _record(world, run) == content


def test_one_changed_byte_is_found_in_every_file(world: World, tmp_path: Path) -> None:
    files = _files(_record(world, world.announced(_voted(world))))
    found = {}
    for name, content in files.items():
        if name == record.MANIFEST:
            changed = content.replace(b'"snapshot_hash": "', b'"snapshot_hash": "0', 1)
        else:
            changed = content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]
        try:
            lines = recounting.recount(_written(tmp_path, files | {name: changed}))
            found[name] = [line.holds for line in lines][-1]
        except recounting.BadRecord:
            found[name] = False
    assert set(found) == {
        "README.txt",
        "ballots.csv",
        "ballots.json",
        "changes.json",
        "decisions.csv",
        "judgements.csv",
        "manifest.json",
        "snapshot.json",
    }
    assert [name for name, held in found.items() if held] == []


def test_a_forged_vote_is_found_although_every_fingerprint_of_the_files_is_right(world: World, tmp_path: Path) -> None:
    files = _files(_record(world, world.announced(_voted(world))))
    ballots = json.loads(files["ballots.json"])
    ballots["voters"][0]["votes"] = {}
    forged = files | {"ballots.json": json.dumps(ballots, sort_keys=True, separators=(",", ":")).encode()}
    manifest = json.loads(files[record.MANIFEST])
    manifest["files"]["ballots.json"] = record.hashlib.sha256(forged["ballots.json"]).hexdigest()
    forged[record.MANIFEST] = json.dumps(manifest).encode()
    lines = recounting.recount(_written(tmp_path, forged))
    assert (lines[-1].holds, lines[-1].what) == (False, "the ballots are those of the snapshot")


def test_a_record_names_nobody(world: World) -> None:
    challenge = _voted(world)
    files = _files(_record(world, world.announced(challenge)))
    everything = b"".join(files.values()).decode()
    assert [word for word in ("Author", "person", "Sponsor", "example.org") if word in everything] == []


def test_few_voters_leave_totals_only(world: World, tmp_path: Path) -> None:
    content = _record(world, world.announced(_voted(world, voters=19)))
    assert [name for name in _files(content) if name.startswith("ballots")] == []
    lines = recounting.recount(_kept(tmp_path, content))
    assert [line.what for line in lines if not line.holds] == []


def test_a_sealed_idea_has_an_id_and_no_title(world: World) -> None:
    challenge = world.sealed()
    sponsor = world.sponsor_of(challenge)
    idea = world.idea(challenge, world.person("Inventor"), "Secret title")
    world.close(challenge)
    idea = world.idea_again(idea)
    picking.pick(actor=sponsor, idea=idea, chosen=True, reason="It works.")
    picking.finish_picks(actor=world.actor(sponsor.person_id or 0), challenge=world.again(challenge))
    world.settle()
    everything = b"".join(_files(_record(world, world.run_of(challenge))).values()).decode()
    assert ("Secret title" in everything, idea.public_id in everything) == (False, True)


@pytest.mark.parametrize("words", [b"no zip at all", b""])
def test_what_is_no_record_is_refused_plainly(words: bytes, tmp_path: Path) -> None:
    with pytest.raises(recounting.BadRecord):
        recounting.recount(_kept(tmp_path, words))


def test_who_gets_the_record(world: World) -> None:
    challenge = _voted(world)
    outsider, voter = world.person("Outsider", Circle.PUBLIC), world.person("Voter")
    run = world.announced(challenge)
    address = f"/runs/{run.public_id}/record.zip"
    sponsor = world.sponsor_of(challenge)

    def answers() -> dict[str, int]:
        people = {"sponsor": sponsor, "manager": world.manager, "voter": voter, "outsider": outsider, "visitor": None}
        return {name: world.browser(who).get(address).status_code for name, who in people.items()}

    assert answers() == {"sponsor": 200, "manager": 200, "voter": 404, "outsider": 404, "visitor": 404}
    for audience, visitor in (("participants", 404), ("public", 200)):
        challenge = world.again(challenge)
        challenge.record_for = audience
        db.session.commit()
        assert answers() == {"sponsor": 200, "manager": 200, "voter": 200, "outsider": 200, "visitor": visitor}


def test_people_who_only_looked_are_no_voters(world: World) -> None:
    """Two votes among many readers would be two ballots to read."""
    challenge = world.challenge(world.person("Sponsor"), rule=ready_rule("support_top"))
    idea = world.idea(challenge)
    crowd = world.crowd(24)
    for who in crowd[:2]:
        world.vote(idea, who)
    for who in crowd[2:]:
        world.see(who, idea)
    content = _record(world, world.announced(challenge))
    assert [name for name in _files(content) if name.startswith("ballots")] == []


def test_no_group_of_a_record_is_smaller_than_five(world: World) -> None:
    challenge = world.challenge(world.person("Sponsor"), rule=ready_rule("support_top"), who_may="everyone")
    idea = world.idea(challenge)
    crowd = [*world.crowd(20), *world.crowd(1, Circle.PARTNER), *world.crowd(1, Circle.EXPERT)]
    for who in crowd:
        world.vote(idea, who)
    ballots = json.loads(_files(_record(world, world.announced(challenge)))["ballots.json"])
    sizes = Counter(voter["group"] for voter in ballots["voters"])
    assert min(sizes.values()) >= 5


def test_a_withdrawn_title_is_not_in_the_record(world: World) -> None:
    challenge = _voted(world)
    gone = world.idea(challenge, author := world.person("Leaver"), "Gone for good")
    writing.withdraw(actor=author, idea=world.idea_again(gone))
    everything = b"".join(_files(_record(world, world.announced(challenge))).values()).decode()
    assert ("Gone for good" in everything, gone.public_id in everything) == (False, True)


def test_ballots_that_are_dropped_or_listed_otherwise_are_found(world: World, tmp_path: Path) -> None:
    files = _files(_record(world, world.announced(_voted(world))))
    manifest = json.loads(files[record.MANIFEST])
    dropped = {name: content for name, content in files.items() if not name.startswith("ballots")}
    manifest["files"] = {name: digest for name, digest in manifest["files"].items() if not name.startswith("ballots")}
    dropped[record.MANIFEST] = json.dumps(manifest).encode()
    assert recounting.recount(_written(tmp_path, dropped))[-1].holds is False
    listed = files | {"ballots.csv": files["ballots.csv"].replace(b",1\n", b",0\n", 1)}
    manifest = json.loads(files[record.MANIFEST])
    manifest["files"]["ballots.csv"] = record.hashlib.sha256(listed["ballots.csv"]).hexdigest()
    listed[record.MANIFEST] = json.dumps(manifest).encode()
    lines = recounting.recount(_written(tmp_path, listed))
    assert (lines[-1].holds, lines[-1].what) == (False, "ballots.csv and ballots.json list the same ballots")


def test_an_author_gets_no_record_before_the_announcement(world: World) -> None:
    challenge = _voted(world)
    manager = world.grant(world.person("Second manager"), Role.MANAGER)
    world.idea(challenge, manager)
    run = world.decided(challenge)
    address = f"/runs/{run.public_id}/record.zip"
    assert world.browser(manager).get(address).status_code == 404
    running.announce(actor=world.sponsor_of(challenge), run=world.run_of(challenge))
    assert world.browser(manager).get(address).status_code == 200


# --- pairs ---------------------------------------------------------------------------------------------------------


def _compared(world: World, verified: int = 20) -> Challenge:
    """Ideas put side by side by verified people, by some whom nobody verified, and by two whose answers were removed."""
    rule = ready_rule("support_top", order={"by": "pairs", "descending": True}, capacity={"kind": "top", "k": 2})
    challenge = world.ballot("pairs", sponsor=world.person("Sponsor"), rule=rule, who_may="everyone")
    made = [world.idea(challenge, world.person(f"Author {n}"), f"Secret title {n}") for n in range(8)]
    every = list(combinations(made, 2))
    for n, who in enumerate(world.crowd(verified)):
        for m in range(3):
            world.compare(*every[(3 * n + m) % 28], who, (1, 1, -1, 0)[(n + 2 * m) % 4])
    for who in world.crowd(9, Circle.PUBLIC):
        world.compare(made[3], made[0], who)
        world.compare(made[3], made[1], who)
    gone = world.crowd(2)
    for who in gone:
        world.compare(made[2], made[0], who)
    with transaction():
        people = [who.person_id for who in gone]
        flag = Flag(challenge_id=challenge.id, fingerprint="x", people=people, figures={}, found_at=world.now())
        db.session.add(flag)
    votes.remove_votes(actor=world.manager, challenge=world.again(challenge), flag=flag, reason="One hand.")
    return world.again(challenge)


def test_pairs_are_counted_again_with_those_of_unverified_people_cut(world: World, tmp_path: Path) -> None:
    run = world.announced(_compared(world))
    content = _record(world, run)
    listed = _files(content)["pairs.csv"].decode().splitlines()
    assert (listed[0], len(listed)) == ("voter,group,first,second,preferred", 1 + 20 * 3 + 9 * 2)
    assert Counter(line.split(",")[1] for line in listed[1:]) == {"": 60, "u": 18}
    lines = recounting.recount(_kept(tmp_path, content))
    assert [line.what for line in lines if not line.holds] == []
    assert "78 comparisons count up to the figures of the snapshot" in [line.what for line in lines]
    assert _record(world, run) == content


@pytest.mark.parametrize(
    ("before", "after"), [(b",u,", b",,"), (b",1\n", b",-1\n"), (b",1\n", b",7\n"), (b",1\n", b",no\n")]
)
def test_a_forged_comparison_is_found(world: World, tmp_path: Path, before: bytes, after: bytes) -> None:
    files = _files(_record(world, world.announced(_compared(world))))
    forged = files | {"pairs.csv": files["pairs.csv"].replace(before, after)}
    manifest = json.loads(files[record.MANIFEST])
    manifest["files"]["pairs.csv"] = record.hashlib.sha256(forged["pairs.csv"]).hexdigest()
    forged[record.MANIFEST] = json.dumps(manifest).encode()
    lines = recounting.recount(_written(tmp_path, forged))
    told = r"idea \w+: (for|against|voters|its strength) is .*|pairs.csv cannot be read: .*"
    assert (lines[-1].holds, re.fullmatch(told, lines[-1].what) is not None) == (False, True)


def test_few_people_who_compared_are_not_listed(world: World, tmp_path: Path) -> None:
    content = _record(world, world.announced(_compared(world, verified=10)))
    assert "pairs.csv" not in _files(content)
    assert [line.what for line in recounting.recount(_kept(tmp_path, content)) if not line.holds] == []
