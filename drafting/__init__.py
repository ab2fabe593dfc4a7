"""The Drafting Room: one base text, many delegations' proposals, one compilation; every issued text a version."""
