"""Fake diamonds beside real ones while a generator learns."""
