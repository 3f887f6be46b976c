"""Workbench: tools for people who write rules."""
