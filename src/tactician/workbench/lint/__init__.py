"""Lint: what is wrong, doubtful or wasted in a rulebase that loads."""
