"""Word files, in and out: what a ministry sends is read with care, what it gets opens without a complaint."""
