"""How material comes in: uploads in one go and in parts, and the order form filled in offline."""
