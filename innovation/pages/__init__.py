"""Every page that shows more than its own feature."""
