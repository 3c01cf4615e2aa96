"""The exercises of lesson 02, in their order."""

ORDER = ("reconstruction_loss", "learn", "make_decoder", "kl_penalty", "dead_units")
