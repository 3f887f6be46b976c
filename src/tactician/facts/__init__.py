"""Facts: the vocabulary, the client, its measures, and the files they come from. Knows no rule."""
