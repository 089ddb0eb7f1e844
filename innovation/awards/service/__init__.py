"""Verbs of awards: offering, sharing, settling, talking, reminding."""
