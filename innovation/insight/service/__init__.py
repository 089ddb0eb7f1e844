"""What insight keeps up: who took part, counters, saved views."""
