"""Which person, building or real-estate unit each row of a register names."""
