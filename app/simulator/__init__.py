"""A deployment that is not there, speaking the protocols of one that is."""
