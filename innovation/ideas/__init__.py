"""Drafts, submission, co-authors, revisions, withdrawal."""
