"""The check of a register: how it is read, by which mapping, and what was found in it."""
