"""The documents of a case and of a permit, as tagged PDF."""
