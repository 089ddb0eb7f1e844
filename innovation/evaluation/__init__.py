"""What panels said of ideas: reviews with scores, and their mean."""
