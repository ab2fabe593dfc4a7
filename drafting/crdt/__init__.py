"""Working drafts as CRDTs, without I/O: what an update says, what a draft reads, and what the service writes in it."""
