"""The exercises of lesson 06, in their order."""

ORDER = ("discriminator_loss", "best_discriminator", "generator_loss", "play_round", "count_modes", "gradient_penalty")
