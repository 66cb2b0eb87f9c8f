"""An order's own pages: from the draft to its placing, its state, its confirmation, the same order again."""
