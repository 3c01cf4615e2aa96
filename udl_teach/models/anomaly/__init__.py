"""Models that learn what is normal and score how strange a sample is."""
