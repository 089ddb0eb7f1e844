"""Telling people: which of them a fact concerns is decided at the doors of facts, how it reaches each is decided here."""

from innovation.notifications.service.telling import SEND, tell, tell_each, write

__all__ = ["SEND", "tell", "tell_each", "write"]
