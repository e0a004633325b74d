"""Every component id that a callback names, in one place."""

from __future__ import annotations

from typing import Final

LIVE_MAP: Final = "live-map"
"""The component that takes over the picture the server painted; it tells the choice."""
PANEL: Final = "panel"
"""Where the chosen connection or box is explained."""
CHARTS: Final = "charts"
"""Where the charts of the chosen connection are drawn."""
