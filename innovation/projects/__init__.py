"""Proof-of-concept projects, each grown from exactly one idea."""
