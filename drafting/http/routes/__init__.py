"""The routes, grouped by noun; each is a few lines over a query or the executor."""
