"""A walk through the code of a model of glyphs whose true factors are known."""
