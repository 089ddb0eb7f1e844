"""What is held of a person: described once, given to himself as a file, erased on his word."""
