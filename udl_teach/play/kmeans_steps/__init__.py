"""Lloyd's algorithm, half an iteration at a time."""
