"""An order's links as workers read them: by its model, with what was completed and what was decided."""
