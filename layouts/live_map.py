"""A Dash component without an npm build: Python here, `assets/map.js` in the browser.

It draws nothing. The picture is in the page before Dash starts; the component takes it
over and tells Dash what the reader chose.
"""

from __future__ import annotations

from dash.development.base_component import Component


class LiveMap(Component):
    """`selected`: `{"connection": 17}`, `{"node": "redis"}` or `None`, and `version`.

    `version` is the snapshot's whenever something about the choice changed, so that a
    callback on `selected` also runs when there is news about it.
    """

    _children_props: list[str] = []
    _base_nodes = ["children"]
    _namespace = "gws_observatory"
    _type = "LiveMap"

    def __init__(
        self, id: str | None = None, selected: dict[str, object] | None = None
    ) -> None:
        self._prop_names = ["id", "selected"]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        given = {"id": id, "selected": selected}
        super().__init__(  # type: ignore[no-untyped-call]
            **{k: v for k, v in given.items() if v is not None}
        )
