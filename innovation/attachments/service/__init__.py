"""Verbs on files, and what is found out about one before it is kept."""
