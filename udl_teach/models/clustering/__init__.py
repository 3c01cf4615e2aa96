"""Clustering and embedding: networks that learn codes for groups, and codes for maps."""
