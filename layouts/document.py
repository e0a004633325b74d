"""The page as the server sends it: painted with the present state, no script needed.

`first_paint` is the visible part; `document` puts Dash's own parts around it. The
picture therefore stands before any script has run, and Dash adds the panel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.topology import Topology
from layouts.pages import Page

OWN_ASSETS: Final = r"(theme|live|paint|page)\.js|gws\.css|favicon\.svg"
"""For `Dash(assets_ignore=...)`: `document` names these files itself."""


def first_paint(
    topology: Topology,
    snapshot: Mapping[str, Any],
    page: Page,
    now: datetime,
    *,
    name: str,
) -> str:
    """What is seen: header, the page's main part, legend. `name`: the deployment's.

    Before the first evaluation, give the encoding of a `Snapshot` without members.
    """
    return ""


def document(
    painted: str,
    dash: Mapping[str, str],
    *,
    title: str,
    asset: Callable[[str], str],
) -> str:
    """The whole HTML.

    `dash`: the keyword arguments of `Dash.interpolate_index` (`config`, `scripts`,
    `renderer`, `app_entry`, `css`, `metas`); `asset`: `Dash.get_asset_url`.
    """
    return ""
