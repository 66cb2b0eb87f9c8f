"""Match a customer's register against a versioned population store. Plain library: no Django."""
