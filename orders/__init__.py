"""Orders, from the draft to the purge. Its rooms are listed in docs/architecture.md."""
