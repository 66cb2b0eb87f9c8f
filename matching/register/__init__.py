"""A customer's register: loaded as text, checked and shown, and written again when it is matched."""
