"""Notes: the line in the header, and the drawer that `n` opens beside the picture.

`assets/notes_list.js` keeps what they show, `assets/notes.js` writes, pins and deletes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from app.domain import markdown
from app.domain.notes import NAME_MOST, TEXT_MOST
from app.domain.subject import NodeId
from app.domain.topology import Topology
from layouts import figures, says, times
from layouts import strings_room as words
from layouts.markup import Markup, for_scripts, tag

State = Mapping[str, Any]
Child = Markup | str


def line(snapshot: State) -> Markup:
    """One line of the header, always there: nothing moves when a note comes."""
    notes = snapshot["notes"]
    pinned = next((markdown.plain(one["text"]) for one in notes if one["pinned"]), "")
    button = tag(
        "button",
        tag("span", words.NOTES),
        " ",
        tag("span", len(notes), data_notes_count=True),
        tag("span", class_="fresh", data_notes_fresh=True),
        type="button",
        aria_expanded="false",
        aria_controls="gws-notes",
        data_notes_button=True,
    )
    summary = tag("p", pinned, title=pinned, data_notes_pinned=True)
    return tag("div", button, summary, class_="noted")


def drawer(topology: Topology, snapshot: State, now: datetime) -> Markup:
    notes = snapshot["notes"]
    items = {one["id"]: _item(topology, snapshot, one, now) for one in notes}
    pinned = [items[one["id"]] for one in notes if one["pinned"]]
    rest = [items[one["id"]] for one in notes if not one["pinned"]]
    return tag(
        "aside",
        tag("button", "×", type="button", class_="close", aria_label=words.CLOSE_NOTES,
            data_notes_close=True),
        tag("h2", words.NOTES),
        tag("h3", words.SUMMARY),
        tag("p", words.NO_SUMMARY, class_="quiet", data_no_summary=True,
            hidden=bool(pinned)),
        tag("ul", pinned, data_notes_summary=True),
        _form(),
        _filter(),
        tag("p", words.NO_NOTES, class_="quiet", data_no_notes=True, hidden=bool(rest)),
        tag("ol", rest, data_notes_list=True),
        _words(),
        id="gws-notes",
        class_="notes",
        aria_label=words.NOTES,
        hidden=True,
    )  # fmt: skip


def _form() -> Markup:
    about = tag(
        "select", tag("option", words.THIS_MOMENT, value="moment"), name="about"
    )
    text = tag(
        "textarea",
        name="text",
        rows=3,
        maxlength=TEXT_MOST,
        required=True,
        aria_describedby="gws-notes-how",
    )
    by = tag(
        "input",
        type="text",
        name="by",
        required=True,
        maxlength=NAME_MOST,
        autocomplete="name",
    )
    pin = tag("input", type="checkbox", name="pinned")
    return tag(
        "form",
        tag("label", tag("span", words.ABOUT), about),
        tag("label", tag("span", words.NOTE), text),
        tag("p", words.MARKDOWN, class_="quiet", id="gws-notes-how"),
        tag("label", tag("span", words.YOUR_NAME), by, title=words.NO_SIGN_IN),
        tag("p", role="alert", data_notes_error=True),
        tag(
            "p",
            tag("button", words.SEND, data_notes_go=True),
            tag("label", pin, tag("span", words.PIN_IT), class_="check"),
            class_="ways",
        ),
        data_notes_form=True,
    )


def _filter() -> Markup:
    box = tag("input", type="checkbox", data_notes_only=True)
    label = tag("span", words.ONLY.format(who=""), data_notes_chosen=True)
    return tag(
        "p", tag("label", box, label, class_="check"), class_="only", hidden=True
    )


def _item(topology: Topology, snapshot: State, note: State, now: datetime) -> Markup:
    ((what, which),) = note["about"].items()
    pin = "unpin" if note["pinned"] else "pin"
    head = tag(
        "p",
        tag("strong", note["by"]),
        " ",
        tag("span", _about(topology, snapshot, what, which), class_="about"),
        " ",
        times.heard(note["at"], now),
        class_="note-head",
    )
    # Sanitised where it was rendered: see app/domain/markdown.py.
    text = tag("div", Markup(note["html"]), class_="note-text")
    ways = tag(
        "p",
        tag("button", words.FOR_BROWSER[pin], type="button", data_note_pin=True),
        tag("button", words.FOR_BROWSER["delete"], type="button", data_note_delete=True,
            hidden=True),
        class_="ways",
    )  # fmt: skip
    return tag("li", head, text, ways, data_note=note["id"])


def _about(topology: Topology, snapshot: State, what: str, which: Any) -> list[Child]:
    """A way to what it is about, where there is one."""
    if what == "connection":
        ends = says.both_ends(topology, topology.connection(which))
        return [tag("button", which, type="button", data_goto=which), f" {ends}"]
    if what == "node":
        label = topology.box(NodeId(which)).label
        return [tag("button", label, type="button", data_goto_node=which)]
    if what == "incident":
        return [words.FOR_BROWSER["incident"].format(which=which)]
    address = f"/map/{snapshot['deployment']}?at={quote(which)}"
    shown = tag("time", figures.clock(which), datetime=which)
    return [tag("a", shown, href=address)]


def _words() -> Markup:
    return for_scripts(words.FOR_BROWSER, "gws-room-words")
