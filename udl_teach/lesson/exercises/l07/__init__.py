"""The exercises of lesson 07, in their order."""

ORDER = ("grown_size", "conditional_scores", "coverage", "frechet_distance", "augmented_scores")
