"""Readers of customers' registers, chosen by what a file holds and not by its name."""

from matching.readers.base import Mapping, Source
from matching.readers.opening import open_source

__all__ = ["Mapping", "Source", "open_source"]
