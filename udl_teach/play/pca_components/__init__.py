"""Principal components, one after the other."""
