"""A made-up population, and customers' registers drawn from it: the same seed gives the same bytes."""
