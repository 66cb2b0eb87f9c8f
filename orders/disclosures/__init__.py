"""The disclosure register: its months, searches in it on a ground, and what waits for oversight."""
