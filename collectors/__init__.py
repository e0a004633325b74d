"""One file a source: an adapter that talks, and pure functions that read."""
