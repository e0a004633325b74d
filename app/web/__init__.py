"""The web: pages, JSON, event stream, metrics. It reads the bus and nothing else."""
