"""Open innovation: from a question to a proof of concept, once and with a reason for every idea."""

__version__ = "0.1.0"
