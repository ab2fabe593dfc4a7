"""Measures the Drafting Room against peers, in one run on one machine: ratios travel, absolute times do not."""
