"""The exercises of lesson 13, in their order."""

ORDER = ("mode_specific", "tstr", "closest_records", "attack", "release")
