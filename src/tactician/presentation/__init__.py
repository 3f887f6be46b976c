"""Presentation: words, tables and pages for what the advice says. Computes nothing."""
