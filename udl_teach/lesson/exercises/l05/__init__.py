"""The exercises of lesson 05, in their order."""

ORDER = ("best_unit", "neighbourhood", "online_update", "batch_update", "topographic_error", "diagnose_maps")
