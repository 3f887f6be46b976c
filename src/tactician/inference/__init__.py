"""Inference: weights of evidence and three engines over the same Rulebase. Knows no domain word."""
