"""The pipeline: readings in, numbered snapshots out."""
