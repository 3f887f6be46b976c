"""Spreadsheets as Nordic and Dutch programs export them, made on the spot."""
