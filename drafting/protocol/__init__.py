"""The wire contract: commands, events, views, problems and the fold. Pydantic only; shared with every client."""
