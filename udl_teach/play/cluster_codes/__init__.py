"""Codes that move while deep clustering is watched."""
