"""Tables, transactions and the event log. Knows nothing of negotiation; imports nothing of ``drafting``."""
