"""Readers of customers' registers, chosen by what a file holds and not by its name."""

from matching.readers.base import Source
from matching.readers.mapping import Mapping
from matching.readers.opening import open_source

__all__ = ["Mapping", "Source", "open_source"]
