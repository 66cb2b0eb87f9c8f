"""Benchmarks: each step as a process of its own, with its time and its most memory."""
