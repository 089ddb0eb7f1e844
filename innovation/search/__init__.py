"""One search over everything a person may see: the index, its port to both databases, and its page."""
