"""Awards: what a challenge promised, offered to the people of a chosen idea, and followed until it is paid."""
