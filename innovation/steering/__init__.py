"""What a manager decides for many at once, in words that he saved, and can still stop for ten minutes."""
