"""Rounds, runs, decisions: the pipeline that promotes ideas, once, with a reason for each."""
