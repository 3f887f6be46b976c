"""Explanations in words, as pages and as JSON; from templates over data, with no text of its own about a client."""
