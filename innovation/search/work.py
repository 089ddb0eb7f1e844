"""Doors of facts and time for the index."""

from __future__ import annotations

from innovation.challenges.events import (
    ChallengeAmended,
    ChallengeDecided,
    ChallengeEdited,
    ChallengeProposed,
    ChallengePublished,
    ChallengeReturned,
    ChallengeStarted,
    ChallengeStopped,
)
from innovation.discussion.events import (
    CommentAdded,
    CommentEdited,
    CommentHeldBack,
    CommentKept,
    CommentRemoved,
    CommentRestored,
    CommentRestoredByAppeal,
    CommentTrashed,
)
from innovation.ideas.events import (
    IdeaAccepted,
    IdeaDeclined,
    IdeaEmptied,
    IdeaHandedIn,
    IdeaPromoted,
    IdeaRestored,
    IdeaRevised,
    IdeaSentBack,
    IdeaShortlisted,
    IdeaStarted,
    IdeaSubmitted,
    IdeaTurnedDown,
    IdeaWithdrawn,
    NoteAdded,
)
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.events import Delivery, Event, on
from innovation.people.events import CircleChanged, InvitationAccepted, PersonJoined, ProfileChanged
from innovation.projects.events import (
    LessonWritten,
    ProjectAdopted,
    ProjectDescribed,
    ProjectIterated,
    ProjectOpened,
    ProjectPassed,
    ProjectReopened,
    ProjectShelved,
    ProjectStopped,
    ProjectUnsettled,
)
from innovation.search.service import indexing
from innovation.voting.events import IdeasMerged


@on(
    ChallengeStarted,
    ChallengeEdited,
    ChallengeAmended,
    ChallengeProposed,
    ChallengeReturned,
    ChallengePublished,
    ChallengeStopped,
    ChallengeDecided,
    name="search.follow_challenges",
    imports=True,
)
def follow_challenges(event: Event, delivery: Delivery) -> None:
    _index("challenge", event.challenge_id)


@on(
    IdeaStarted,
    IdeaSubmitted,
    IdeaHandedIn,
    IdeaAccepted,
    IdeaSentBack,
    IdeaTurnedDown,
    IdeaRevised,
    IdeaWithdrawn,
    IdeaRestored,
    IdeaEmptied,
    NoteAdded,
    IdeaShortlisted,
    IdeaPromoted,
    IdeaDeclined,
    IdeasMerged,
    name="search.follow_ideas",
    imports=True,
)
def follow_ideas(event: Event, delivery: Delivery) -> None:
    _index("idea", event.idea_id, event.payload.get("into_id"))


@on(
    ProjectOpened,
    ProjectDescribed,
    ProjectPassed,
    ProjectStopped,
    ProjectAdopted,
    ProjectIterated,
    ProjectShelved,
    ProjectUnsettled,
    ProjectReopened,
    LessonWritten,
    name="search.follow_projects",
    imports=True,
)
def follow_projects(event: Event, delivery: Delivery) -> None:
    _index("project", event.project_id)


@on(PersonJoined, CircleChanged, InvitationAccepted, ProfileChanged, name="search.follow_people", imports=True)
def follow_people(event: Event, delivery: Delivery) -> None:
    _index("person", event.payload["person_id"])


@on(
    CommentAdded,
    CommentEdited,
    CommentTrashed,
    CommentRestored,
    CommentHeldBack,
    CommentKept,
    CommentRemoved,
    CommentRestoredByAppeal,
    name="search.follow_comments",
    imports=True,
)
def follow_comments(event: Event, delivery: Delivery) -> None:
    _index("comment", event.payload["comment_id"])


@queue.every(name="search.fill", minutes=10)
def fill() -> int:
    """What no fact told of: everything in a house that had no index yet, drafts as they grow, people who were erased."""
    return indexing.fill(Origin.CLOCK)


def _index(kind: str, *ids: int | None) -> None:
    indexing.index(actor=house(Origin.CLOCK), kind=kind, ids=[each for each in ids if each is not None])
