"""The demo programme of a fictional chemicals company: its people (names.py) and its texts (*.toml)."""
