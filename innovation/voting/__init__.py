"""Votes, tallies, and the totals of polls held elsewhere."""
