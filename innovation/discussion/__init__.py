"""Talk: threads, comments, mentions, reports and what was decided about them."""
