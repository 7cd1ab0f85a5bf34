"""What is learned from a population: a frozen fitted object, and the function that applies it."""
