"""The exercises of lesson 04, in their order."""

ORDER = (
    "kl_to_prior",
    "reparameterize",
    "negative_bound",
    "importance_weighted_bound",
    "judge_collapse",
)
