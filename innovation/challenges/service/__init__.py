"""Verbs on programmes and challenges."""
