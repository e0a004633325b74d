"""Configuration: one YAML file and the environment, made into frozen settings."""
