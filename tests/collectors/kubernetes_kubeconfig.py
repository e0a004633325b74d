"""Kubeconfigs for the tests."""

from __future__ import annotations

import yaml


def kubeconfig(path, url, user=None, cluster=None):
    """A kubeconfig with two contexts, of which `other` leads nowhere."""
    context = {"cluster": "c", "user": "u", "namespace": "default"}
    nowhere = {"cluster": "nowhere", "user": "u"}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [
            {"name": "here", "context": context},
            {"name": "other", "context": nowhere},
        ],
        "clusters": [
            {"name": "c", "cluster": {"server": url} | (cluster or {})},
            {"name": "nowhere", "cluster": {"server": "http://127.0.0.1:9"}},
        ],
        "users": [{"name": "u", "user": user or {}}],
    }
    path.write_text(yaml.safe_dump(content))
    return path
