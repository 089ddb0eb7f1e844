"""Keeping the index: what its entries say, and when they are made."""
