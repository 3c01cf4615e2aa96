"""What a neighbour map shows faithfully, and what it does not."""
