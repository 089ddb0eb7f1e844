"""Data in and out: importers, exports, bundles, the demo, personal data out and erasure."""
