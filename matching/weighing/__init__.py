"""How alike a row and a person are, in bits: comparisons, the model of what each says, the score."""
