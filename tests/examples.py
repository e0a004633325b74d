"""How many examples a property test tries: some wherever all tests run, many in
`make thorough` (`--hypothesis-profile=thorough`)."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings

PROFILES: Final = {"steady": 60, "thorough": 300}
DEAR: Final = 6
"""Of a property whose one example is a whole story, so many times fewer."""

for _name, _examples in PROFILES.items():
    settings.register_profile(
        _name,
        max_examples=_examples,
        deadline=None,  # two cores are shared by everything; time is not the property
        derandomize=True,  # a red build must be red again
        suppress_health_check=[HealthCheck.too_slow],
    )


settings.load_profile("steady")


def dear() -> settings:
    """For a property whose examples are dear."""
    return settings(max_examples=settings.default.max_examples // DEAR)
