"""Verbs of promotion: picking, queueing, freezing, deciding, announcing."""
