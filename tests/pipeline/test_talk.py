"""What people say while a pipeline runs is on the picture at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from app.domain.notes import About, Note, What
from app.domain.talk import Talk


def test_a_note_is_shown_and_goes_although_nobody_reports(running, bus):
    now = datetime.fromtimestamp(time.time(), UTC)
    note = Note("n", now, "Ana", About(What.NODE, "redis"), "restarted")
    said = [Talk()]
    with running(talk=lambda: said[0]) as pipeline:
        first = bus.wait(lambda s: s["version"] == 1)
        assert first["notes"] == []
        said[0] = Talk((note,))
        pipeline.look_again()
        found = bus.wait(lambda s: s["notes"])
        assert found["notes"][0]["html"] == "<p>restarted</p>"
        said[0] = Talk()
        pipeline.look_again()
        bus.wait(lambda s: s["version"] > found["version"] and not s["notes"])
