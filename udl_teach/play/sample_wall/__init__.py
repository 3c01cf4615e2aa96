"""Samples of an image generator along its training."""
