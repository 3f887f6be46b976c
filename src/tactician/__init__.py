"""Tactician: an expert system for customer strategy."""
