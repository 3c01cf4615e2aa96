"""The exercises of lesson 09, in their order."""

ORDER = ("soft_assignment", "batch_target", "match", "continuity", "name_the_maps")
