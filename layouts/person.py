"""Who looks at a page: what stands of it in the header, and what is offered to do.

The pages are the same for everybody, and painted once; `told` puts in who looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from layouts import strings_access as words
from layouts.admin import ADDRESS
from layouts.markup import Markup, for_scripts, join, tag

PLACE: Final = Markup("<!--gws-person-->")
"""Where it stands in the header. No text of a page can hold it: `<` is escaped."""
MAY_NOT: Final = "gws-may-not"
"""What stands for it in the attribute `data-may-not` of the whole."""


@dataclass(frozen=True, slots=True)
class Looks:
    """`name`: of who is signed in; `may_not`: what is not offered, as
    `app.domain.access.Act` calls it; `administers`: everywhere."""

    name: str | None = None
    role: str | None = None
    may_not: tuple[str, ...] = ()
    administers: bool = False


def told(page: str, looks: Looks) -> str:
    """The page, with who looks at it."""
    for_him = page.replace(MAY_NOT, " ".join(looks.may_not), 1)
    return for_him.replace(PLACE, person(looks), 1)


def place() -> Markup:
    """For the header."""
    return join((PLACE, for_scripts(words.for_browser(), "gws-person-words")))


def person(looks: Looks) -> Markup:
    if looks.name is None:
        return _only_looks() if "tend" in looks.may_not else Markup()
    role = words.ROLES.get(looks.role or "", words.LOOKS_ONLY)
    out = tag(
        "form",
        tag("button", words.SIGN_OUT, data_sign_out=True),
        method="post",
        action="/auth/logout",
    )
    inside = tag("a", words.ADMINISTER, href=ADDRESS) if looks.administers else None
    return tag(
        "details",
        tag(
            "summary",
            tag("span", words.SIGNED_IN_AS, class_="unseen"),
            " ",
            tag("span", looks.name, class_="who"),
        ),
        tag("div", tag("p", looks.name), tag("p", role, class_="role"), inside, out),
        class_="person",
        data_person=looks.name,
    )


def _only_looks() -> Markup:
    return tag("p", words.LOOKS_ONLY, class_="person quiet")
