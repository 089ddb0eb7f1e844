"""The demo programme of a fictional chemicals company: loading.py tells it, from texts (*.toml) and a crowd (names.py)."""
