"""Deletion by the rules of `orders.retention`: the purge, its receipts, and legal holds against it."""
