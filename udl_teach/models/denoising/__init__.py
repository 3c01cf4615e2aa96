"""Denoising: ways to corrupt clean samples, and models that learn to undo them."""
