"""Reading what is decided for many: saved reasons, sendings, what was chosen, and who is reminded of what."""
