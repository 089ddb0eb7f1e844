"""Faults: processes killed, Redis emptied, mail servers that fail. Every test proves that its own fault happened."""
