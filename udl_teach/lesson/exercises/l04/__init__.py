"""The exercises of lesson 04, in their order."""

ORDER = ("kl_to_prior", "reparametrize", "negative_bound", "importance_weighted_bound")
