"""Verbs on projects."""
