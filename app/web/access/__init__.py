"""Who may look, and who may change something: signing in, sessions and roles."""
