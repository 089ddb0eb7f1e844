"""Operators: what failed, the mails of a house without a mail server, and commands that run the place."""
