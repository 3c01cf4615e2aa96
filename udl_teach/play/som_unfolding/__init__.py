"""A self-organizing map that unfolds over points in the plane."""
