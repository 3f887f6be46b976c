"""The report: one self-contained page to hand over, and an index over many."""
