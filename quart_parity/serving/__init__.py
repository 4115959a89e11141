"""Servers that are started for a comparison, and what their applications tell of themselves."""
