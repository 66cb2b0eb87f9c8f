"""Permissions to give data of a delivery to a third party."""
