"""The exercises of lesson 01, in their order."""

ORDER = ("principal_directions", "encode_decode", "assign", "update", "purity", "choose_by_bic")
