"""The population store: extracts and changes read, checked, prepared, and published as versions."""
