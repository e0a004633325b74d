"""Links to other tools in the configuration: `deployments[].links`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, StringConstraints

from app.config.fields import LINKED, as_mapping
from app.config.problems import unknown
from app.domain.links import FIELDS, names, parsed

HOST: Final = re.compile(r"https?://([^/?#]*)")
MOST: Final = 12
"""More are a menu, and nobody finds anything in it."""


def template(text: Any) -> str:
    """An address whose fields are known and stand behind its host."""
    if (
        not isinstance(text, str)
        or not text.isprintable()
        or re.search(r"[\s\\]", text)
    ):
        raise ValueError("must be an address: one word, without \\")
    fields = names(parsed(text))
    wrong = [unknown(name, FIELDS, "no field is called") for name in fields
             if name not in FIELDS]  # fmt: skip
    if wrong:
        raise ValueError("; ".join(dict.fromkeys(wrong)))
    host = HOST.match(text)
    if host is not None and "{" in host[1]:
        raise ValueError("the host must be written out, without a field")
    LINKED(text)
    return text


def _few(value: Any) -> Any:
    if isinstance(value, Mapping) and len(value) > MOST:
        raise ValueError(f"has more than {MOST} links")
    return as_mapping(value)


Label = Annotated[
    str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]+$")
]
Links = Annotated[
    Mapping[Label, Annotated[str, BeforeValidator(template)]], BeforeValidator(_few)
]
