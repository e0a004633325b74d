"""The slider over the past: a strip along the foot of the page, closed at first.

Incidents, turns and gaps are drawn in by `assets/replay_track.js`, the pictures are
fetched by `replay_pictures.js`, and `replay.js` moves and plays. What is shown, and how
far live is ahead, is said by the bar of a frozen page (`layouts.frozen`).
"""

from __future__ import annotations

from typing import Final

from layouts import strings_moments
from layouts import strings_replay as words
from layouts.markup import Markup, tag

STRIP: Final = "gws-replay"
SPEEDS: Final = (1, 10, 60, 600)
USUAL_SPEED: Final = 60
USUAL_SPAN: Final = "24h"


def opens() -> Markup:
    """The button beside the one that freezes."""
    return tag(
        "button",
        tag("span", "↺", aria_hidden="true"),
        tag("span", words.REPLAY, class_="label"),
        type="button",
        class_="replays",
        title=words.REPLAY_TITLE,
        aria_expanded="false",
        aria_controls=STRIP,
        data_replay_open=True,
    )


def strip(deployment: str) -> Markup:
    """All of it."""
    return tag(
        "section",
        tag("div", _play(), _where(deployment), _spans(), _close(), class_="re-tools"),
        tag("div", _lanes(), class_="re-track", data_replay_track=True),
        tag("p", role="status", class_="re-said", data_replay_said=True),
        id=STRIP,
        class_="replay",
        aria_label=words.STRIP,
        data_replay=True,
        hidden=True,
    )


def _play() -> Markup:
    options = [
        tag("option", f"{speed}×", value=speed, selected=speed == USUAL_SPEED)
        for speed in SPEEDS
    ]
    return tag(
        "div",
        _step("before", "‹", strings_moments.EARLIER),
        tag("button", words.PLAY, type="button", title=words.PLAY_TITLE, class_="play",
            data_replay_play=True),
        _step("after", "›", strings_moments.LATER),
        tag("label", tag("span", words.SPEED, class_="unseen"),
            tag("select", options, title=words.SPEED_TITLE, data_replay_speed=True)),
        class_="re-play",
    )  # fmt: skip


def _step(where: str, shown: str, label: str) -> Markup:
    return tag(
        "button", shown, type="button", data_step=where, title=label, aria_label=label
    )


def _where(deployment: str) -> Markup:
    """The moment of the slider, the incident it lies in, and ways from there."""
    return tag(
        "div",
        tag("time", data_replay_at=True),
        tag("label", tag("span", words.INCIDENTS, class_="unseen"),
            tag("select", data_replay_incidents=True)),
        tag("a", words.POSTMORTEM, data_replay_postmortem=f"/incident/{deployment}/",
            hidden=True),
        tag("a", words.COMPARE, href=f"/compare/{deployment}",
            title=words.COMPARE_TITLE, data_replay_compare=f"/compare/{deployment}"),
        class_="re-where",
    )  # fmt: skip


def _spans() -> Markup:
    choices = [
        tag("button", short, type="button", title=long, data_replay_span=key,
            aria_pressed="true" if key == USUAL_SPAN else "false")
        for key, (short, long) in words.SPANS.items()
    ]  # fmt: skip
    return tag("div", choices, class_="re-spans", role="group", aria_label=words.SPAN)


def _close() -> Markup:
    return tag(
        "button", "×", type="button", class_="re-close", aria_label=words.CLOSE,
        data_replay_close=True,
    )  # fmt: skip


def _lanes() -> tuple[Markup, ...]:
    """Incidents; under them turns and gaps, with the slider over them; the times."""
    slider = tag(
        "input", type="range", min=0, max=1, value=1, step=1, autocomplete="off",
        aria_label=words.MOMENT, data_replay_slider=True,
    )  # fmt: skip
    return (
        tag("div", class_="re-incidents", data_replay_lane="incidents"),
        tag("div",
            tag("div", class_="re-gaps", data_replay_lane="gaps"),
            tag("div", class_="re-turns", data_replay_lane="turns"),
            slider, class_="re-slide"),
        tag("div", class_="re-times", aria_hidden="true", data_replay_lane="times"),
    )  # fmt: skip
