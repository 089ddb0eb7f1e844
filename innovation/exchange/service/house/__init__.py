"""Everything a host owns, to take along: gathered, packed, and what stays behind with its reason."""
