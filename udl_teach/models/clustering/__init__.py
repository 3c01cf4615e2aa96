"""Clustering and embedding with neural networks."""
