"""Reading what goes out and comes in: lists as they are shown, and the orders of long work."""
