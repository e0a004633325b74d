"""Our Dash components, without an npm build: Python here, `assets/map.js` there.

Dash finds them as `window.gws_observatory.LiveMap`, `.Panel` and `.Charts`; what stands
in a `Panel` (`.Sign`, `.Spark`, `.Explain`, `.Copy`) is drawn by the `Panel` itself.
"""

from __future__ import annotations

from dash.development.base_component import Component


class _Own(Component):
    """What Dash wants to know about a component, said once."""

    _children_props: list[str] = []
    _base_nodes = ["children"]
    _namespace = "gws_observatory"

    def __init__(self, **properties: object) -> None:
        self._prop_names = list(properties)
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        given = {name: value for name, value in properties.items() if value is not None}
        super().__init__(**given)  # type: ignore[no-untyped-call]


class LiveMap(_Own):
    """Draws nothing: takes over the picture that is in the page before Dash starts.

    `selected`: `{"connection": 17}`, `{"node": "redis"}` or `None`; when something is
    chosen also `deployment`, and `version`: the snapshot's whenever something about the
    choice changed, so that a callback on `selected` also runs when there is news.
    `asked` counts the questions: Dash asks nothing that is the same as before.
    """

    _type = "LiveMap"

    def __init__(
        self, id: str | None = None, selected: dict[str, object] | None = None
    ) -> None:
        super().__init__(id=id, selected=selected)


class Panel(_Own):
    """What a tree of HTML and of our own components says, changed in place.

    `tree` is that tree. Dash would draw `children` anew whenever they are told anew,
    and take the focus and the marked text away from who reads. `name`: of the region;
    `words`: what it says while it is asked for, and when there is no answer.
    """

    _type = "Panel"

    def __init__(
        self,
        id: str | None = None,
        tree: object = None,
        name: str | None = None,
        words: dict[str, str] | None = None,
    ) -> None:
        super().__init__(id=id, tree=tree, name=name, words=words)


class Sign(_Own):
    """A status's sign, as `layouts.glyphs` draws it."""

    _type = "Sign"

    def __init__(self, status: str | None = None) -> None:
        super().__init__(status=status)


class Spark(_Own):
    """A line of the last hour, as `layouts.sparkline` plots it; `label` says it."""

    _type = "Spark"
    label: str | None

    def __init__(
        self,
        line: str | None = None,
        area: str | None = None,
        newest: str | None = None,
        box: str | None = None,
        label: str | None = None,
    ) -> None:
        super().__init__(line=line, area=area, newest=newest, box=box, label=label)


class Explain(_Own):
    """What `/api/v1/.../connections/<number>/explain` tells, once it is opened."""

    _type = "Explain"

    def __init__(self, number: int | None = None, title: str | None = None) -> None:
        super().__init__(number=number, title=title)


class Charts(_Own):
    """The charts of the chosen connection, once they are opened, over the picture.

    `plotly`: the address of the script that draws them; `words`: what it says.
    """

    _type = "Charts"

    def __init__(
        self,
        id: str | None = None,
        plotly: str | None = None,
        words: dict[str, str] | None = None,
    ) -> None:
        super().__init__(id=id, plotly=plotly, words=words)


class Copy(_Own):
    """A button that copies `text`, and says so. `name`: what a screen reader says."""

    _type = "Copy"

    def __init__(
        self,
        text: str | None = None,
        name: str | None = None,
        words: dict[str, str] | None = None,
    ) -> None:
        super().__init__(text=text, name=name, words=words)
