"""Files that people add: file sets, uploads that survive a lost connection, and who may read what."""
