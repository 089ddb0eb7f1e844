"""Deciding for many: saved reasons, sendings that wait ten minutes, and reminders."""
