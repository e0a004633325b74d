"""Good input made bad: bytes decide where it is bent, and into what.

What decides is plain bytes, so that hypothesis and libFuzzer both drive it, shrink it,
and repeat a failure from the bytes alone.
"""

from __future__ import annotations

import copy
from typing import Any, Final

MOST_EDITS: Final = 12
ODD: Final[tuple[Any, ...]] = (
    None, True, -1, 0, 1.5, 1e308, 2**63, -(2**63), 10**30,
    "", "x", "0", "-1", "NaN", "1e999", "9" * 5000, "\0", "\u0661\u0662", "a\nb",
    "2026-13-45T99:99:99Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    [], {}, [[]], [None], {"": None}, [{}], ["x"], {"x": "y"},
)  # fmt: skip
"""What stands where something else was promised."""
WEDGES: Final = (
    b"", b"\0", b"\n", b"\r\n", b'"', b"\\", b"{", b"}", b"[", b"]", b":", b",", b"=",
    b"#", b" ", b"\t", b"-", b"NaN", b"+Inf", b"1e999", b"9" * 400, b"\xff", b"\xc3\xa9",
    b"&a", b"*a", b"!!python/object:os.system", b"%", b"../", b"\xe2\x80\xae",
)  # fmt: skip


class Choices:
    """One decision after another; zeros when the bytes are used up."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def left(self) -> bool:
        return self._at < len(self._data)

    def below(self, end: int) -> int:
        """0 to `end` - 1, of two bytes."""
        two = self._data[self._at : self._at + 2]
        self._at += 2
        return int.from_bytes(two, "big") % max(1, end)


def bent(document: Any, data: bytes) -> Any:
    """A copy of a JSON document in which some values are others, gone or doubled."""
    choices, holder = Choices(data), [copy.deepcopy(document)]
    for _ in range(MOST_EDITS):
        if not choices.left:
            break
        _edit(holder, choices)
    return holder[0]


def _edit(holder: Any, choices: Choices) -> None:
    """Walk down to some value, and change it where it stands."""
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return
        key = keys[choices.below(len(keys))]
        if not isinstance(holder[key], dict | list) or not choices.below(6):
            break
        holder = holder[key]
    match choices.below(8):
        case 0:
            del holder[key]
            if not holder and isinstance(holder, list):
                holder.append(None)
        case 1 if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        case _:
            holder[key] = copy.deepcopy(ODD[choices.below(len(ODD))])


def spliced(text: bytes, data: bytes) -> bytes:
    """Text in which some pieces are cut out, doubled, or driven apart by a wedge."""
    choices = Choices(data)
    for _ in range(MOST_EDITS):
        if not choices.left:
            break
        at = choices.below(len(text) + 1)
        length = choices.below(24)
        wedge = WEDGES[choices.below(len(WEDGES))]
        kept = text[at : at + length] * choices.below(3)
        text = text[:at] + wedge + kept + text[at + length :]
    return text
