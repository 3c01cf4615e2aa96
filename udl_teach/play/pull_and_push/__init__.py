"""Contrastive learning onto the unit circle: what attracts and what repels."""
