"""Administration, `/admin`: tokens, and who did what. Plain: a table each.

`assets/admin.js` makes and revokes tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from layouts import strings_access as words
from layouts import times
from layouts.markup import Markup, join, tag
from layouts.plain import figure_words, plain_page
from layouts.strings import PRODUCT

ADDRESS: Final = "/admin"
STYLES: Final = ("gws.css", "contrast.css", "report.css", "admin.css")
SCRIPTS: Final = ("figures.js", "times.js", "admin.js")
ASKED: Final = ("who", "what", "outcome")
Row = Mapping[str, Any]


def page(
    acts: Sequence[Row],
    older: str | None,
    trouble: str | None,
    listed: Sequence[Row],
    deployments: Sequence[str],
    query: Mapping[str, str],
    *,
    tokens: bool,
    asset: Callable[[str], str],
) -> str:
    """The whole HTML. `older`: where the next page begins; `query`: what was asked
    for; `tokens`: are there any here? Where nobody signs in they are of no use."""
    asked = {name: query[name] for name in ASKED if query.get(name)}
    shown = tag(
        "main",
        _top(),
        _tokens(listed, deployments) if tokens else None,
        _audit(acts, older, trouble, asked, paged="before" in query),
        tag("p", class_="unseen", role="status", data_announce=True),
        id="gws-main",
        class_="report admin",
    )
    loaded = [tag("script", src=asset(name)) for name in SCRIPTS]
    title = f"{words.ADMINISTER} · {PRODUCT}"
    return plain_page(
        join((shown, figure_words(), loaded)), title=title, styles=STYLES, asset=asset
    )


def _top() -> Markup:
    return tag(
        "header",
        tag("p", PRODUCT, class_="product"),
        tag("h1", words.ADMINISTER),
        tag("nav", tag("a", words.BACK, href="/", class_="download")),
    )


def _tokens(listed: Sequence[Row], deployments: Sequence[str]) -> Markup:
    body = [_token(one) for one in listed]
    none = tag("p", words.NO_TOKENS, class_="quiet", hidden=bool(body))
    return tag(
        "section",
        tag("h2", words.TOKENS, id="gws-tokens"),
        tag("p", words.TOKENS_TOLD, class_="under"),
        none if not body else _table("gws-tokens", words.TOKEN_COLUMNS, body),
        _make(deployments),
    )


def _token(one: Row) -> Markup:
    within = one["deployments"]
    where = words.EVERYWHERE if within is None else ", ".join(within)
    named = f"gws-token-{one['id']}"
    revoke = tag(
        "button",
        words.REVOKE,
        type="button",
        aria_describedby=named,
        data_revoke=one["id"],
        data_surely=words.REVOKE_SURELY,
    )
    state = words.REVOKED if one["revoked_at"] else words.OVER
    cells = (
        tag("strong", one["name"], id=named),
        words.KINDS.get(one["kind"], one["kind"]),
        words.ROLES[one["role"]],
        where,
        one["made_by"],
        times.local(one["until"], "dated"),
        revoke if one["holds"] else tag("span", state, class_="quiet"),
    )
    return tag("tr", [tag("td", cell) for cell in cells], data_token=one["id"])


def _make(deployments: Sequence[str]) -> Markup:
    name = tag("input", type="text", name="name", required=True, maxlength=60)
    roles = [tag("option", text, value=role) for role, text in words.ROLES.items()]
    spans = [
        tag("option", text, value=days, selected=days == "90")
        for days, text in words.SPANS
    ]
    whole = tag("option", words.EVERYWHERE, value="")
    within = [whole, *(tag("option", one, value=one) for one in deployments)]
    return tag(
        "form",
        _labelled(words.NAME, name),
        _labelled(words.ROLE, tag("select", roles, name="role")),
        _labelled(words.WHERE, tag("select", within, name="deployment")),
        _labelled(words.FOR, tag("select", spans, name="days")),
        tag("button", words.MAKE),
        tag("p", role="alert", data_error=True),
        tag("p", tag("span", words.MADE), " ", tag("code", data_secret=True),
            class_="made", role="status", hidden=True, data_made=True),
        class_="row",
        data_make_token=True,
        data_unreachable=words.UNREACHABLE,
    )  # fmt: skip


def _audit(
    acts: Sequence[Row],
    older: str | None,
    trouble: str | None,
    asked: Mapping[str, str],
    *,
    paged: bool,
) -> Markup:
    told = f"?{urlencode(asked)}" if asked else ""
    more = f"?{urlencode({**asked, 'before': older})}" if older else None
    troubled = words.TROUBLE.format(why=trouble) if trouble else ""
    ways = (
        tag("a", words.NEWEST, href=f"{ADDRESS}{told}", class_="download")
        if paged
        else None,
        tag("a", words.OLDER, href=f"{ADDRESS}{more}", class_="download")
        if more
        else None,
        tag("a", words.AS_CSV, href=f"/api/v1/audit.csv{told}", class_="download"),
    )
    return tag(
        "section",
        tag("h2", words.AUDIT, id="gws-audit"),
        _filter(asked),
        tag("p", troubled, role="status") if troubled else None,
        _table("gws-audit", words.AUDIT_COLUMNS, [_act(one) for one in acts])
        if acts
        else tag("p", words.NOTHING_DONE, class_="quiet"),
        tag("nav", ways, aria_label=words.AUDIT),
    )


def _filter(asked: Mapping[str, str]) -> Markup:
    outcomes = [
        tag("option", text, value=name, selected=asked.get("outcome") == name)
        for name, text in {"": words.ALL_OUTCOMES, **words.OUTCOMES}.items()
    ]
    who = tag("input", type="search", name="who", value=asked.get("who", ""))
    what = tag("input", type="search", name="what", value=asked.get("what", ""))
    return tag(
        "form",
        _labelled(words.WHO, who),
        _labelled(words.WHAT, what),
        _labelled(words.OUTCOME, tag("select", outcomes, name="outcome")),
        tag("button", words.SHOW),
        class_="row",
        method="get",
        action=ADDRESS,
    )


def _act(one: Row) -> Markup:
    shown = one["name"] or one["who"]
    other = one["who"] if one["who"] != shown else ""
    cells = (
        times.local(one["at"], "full"),
        [shown, " ", tag("span", other, class_="quiet") if other else ""],
        one["what"],
        words.OUTCOMES[one["outcome"]],
        one["deployment"] or "",
        one["about"],
        one["address"],
    )
    return tag("tr", [tag("td", cell) for cell in cells], data_outcome=one["outcome"])


def _table(heading: str, columns: Sequence[str], rows: Sequence[Markup]) -> Markup:
    head = tag("tr", [tag("th", name, scope="col") for name in columns])
    table = tag(
        "table", tag("thead", head), tag("tbody", rows), aria_labelledby=heading
    )
    return tag(
        "div", table, class_="scrolls", tabindex=0, role="region",
        aria_labelledby=heading,
    )  # fmt: skip


def _labelled(label: str, field: Markup) -> Markup:
    return tag("label", tag("span", label), field)
