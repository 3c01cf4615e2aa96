"""Denoising: ways to corrupt clean samples, and models that learn to restore them."""
