"""What every test relies on: property tests that are alike each time they run."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady",
    deadline=None,  # two cores are shared by everything; time is not the property
    derandomize=True,  # a red build must be red again
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")
