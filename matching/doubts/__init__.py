"""Doubtful rows: what officials see to decide each, why a pair has its weight, what was decided."""
