"""Self-organizing maps: units on a grid, with weights in the space of the data."""
