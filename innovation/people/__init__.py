"""Persons, addresses, credentials, sign-ins, organisations, circles, grants and invitations."""
