"""The funnel: what entered each stage, what is inside, what left; from facts alone."""
