"""Views: a snapshot goes in, a component tree or a drawing comes out. Pure."""
