"""Compression: transform, quantization, entropy model and range coder; learned, and by PCA."""
