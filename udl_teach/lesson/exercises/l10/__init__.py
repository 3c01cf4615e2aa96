"""The exercises of lesson 10, in their order."""

ORDER = ("nt_xent", "sampling_matrices", "vicreg_terms", "masked_loss", "choose_augmentations")
