"""Inbox and mail: listens to everyone's facts, and writes to the people they concern."""
