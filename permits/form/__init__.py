"""The questions of an application, and its answers as they are read."""
