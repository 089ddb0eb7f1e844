"""Verbs of panels: criteria, reviews, the end of scoring; and taking in reviews from elsewhere."""

from innovation.evaluation.service.importing import record_reviews

__all__ = ["record_reviews"]
