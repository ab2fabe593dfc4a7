"""The demonstration: an invented text and fictional delegations, played through the executor like any other user."""
