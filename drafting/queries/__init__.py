"""Read models: from tables to views, for one reader. Nothing here writes."""
