"""The exercises of lesson 03, in their order."""

ORDER = ("training_pair", "psnr", "entropy", "rate_point")
