"""The exercises of lesson 03, in their order."""

ORDER = ("training_pair", "posterior_mean", "entropy", "rate_point", "lead_at_rates")
