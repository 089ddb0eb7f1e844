"""Tools without business words: database, use cases, lifecycles, facts, queue, web, forms, text, mail, clock."""
