"""The text engine: pure functions on texts and manifests. No I/O, no clock, no ids minted."""
