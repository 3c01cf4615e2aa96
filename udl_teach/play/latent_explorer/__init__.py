"""A map of two-dimensional codes, decoded wherever the learner goes."""
