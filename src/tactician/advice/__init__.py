"""Advice: ranking, plan and explanation as data. Writes no text."""
