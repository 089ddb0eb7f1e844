"""Readers of foreign formats, and what they all produce: see `rows`."""
