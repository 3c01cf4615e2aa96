"""The exercises of lesson 00, in their order."""

ORDER = ("centre",)
