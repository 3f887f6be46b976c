"""Shows a trace of the forward engine: as text, pages, graphs, step by step, and as a quiz."""
