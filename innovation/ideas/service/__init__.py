"""Verbs on ideas."""
