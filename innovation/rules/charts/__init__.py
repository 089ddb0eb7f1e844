"""Where the parts of a chart go: whole numbers out of whole numbers, so that a chart is the same wherever it is drawn."""
