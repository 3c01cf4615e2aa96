"""A trained self-organizing map, layer by layer and unit by unit."""
