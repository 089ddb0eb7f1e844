"""Doors of facts for messages: who is told of what. What is outside the database (sending) is a delivery of its own."""

from innovation.notifications.work import (
    awards,
    challenges,
    deadlines,
    ideas,
    moderation,
    people,
    projects,
    regular,
    sending,
    steering,
    talk,
)
