"""Permits once they are granted: the holder's pages, standing permits, the public register."""
