"""Models of tables of numbers and categories: encodings, generators, and rivals without a network."""
