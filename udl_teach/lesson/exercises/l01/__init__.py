"""The exercises of lesson 01, in their order."""

ORDER = ("principal_directions", "explained_variance_ratio", "assign", "update", "purity")
