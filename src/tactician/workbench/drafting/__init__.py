"""Drafting: cases constructed from the rules themselves."""
