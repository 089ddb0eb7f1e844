"""Doors of facts for messages: who is told of what. What is outside the database (sending) is a delivery of its own."""

from innovation.notifications.work import (
    asking,
    awards,
    challenges,
    checking,
    deadlines,
    ideas,
    moderation,
    people,
    projects,
    regular,
    reminding,
    sending,
    steering,
    talk,
)
