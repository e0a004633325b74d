"""The documentation holds together: links lead somewhere, rights are the real ones."""

import re
from pathlib import Path

import pytest
import yaml

from collectors.kubernetes_resources import RESOURCES, VERBS

TOP = Path(__file__).parents[2]
PAGES = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links(page: Path) -> list[str]:
    """Where a page points to, outside of its code blocks."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    return LINK.findall(prose)


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub links to them."""
    titles = [title.lower() for title in HEADING.findall(page.read_text())]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_every_link_leads_to_a_file_of_this_repository(page: Path) -> None:
    broken = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        if re.match(r"https?://", link):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_index_leads_to_every_page() -> None:
    index = TOP / "docs" / "index.md"
    reached = {
        (index.parent / link.partition("#")[0]).resolve() for link in links(index)
    }
    pages = {page.resolve() for page in (TOP / "docs").rglob("*.md")}
    assert pages - reached == {index}


def test_the_documented_role_grants_what_is_asked_and_no_more() -> None:
    blocks = re.findall(
        r"```yaml\n(.*?)```", (TOP / "docs" / "least-privilege.md").read_text(), re.S
    )
    documents = [d for block in blocks for d in yaml.safe_load_all(block)]
    (role,) = [d for d in documents if d.get("kind") == "Role"]
    granted = {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    asked = {(r.group, r.plural, verb) for r in RESOURCES for verb in VERBS}
    assert granted == asked


def test_the_makefile_has_every_verb_that_the_pages_name() -> None:
    verbs = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(), re.M))
    named = {
        verb for page in PAGES for verb in re.findall(r"`?make ([a-z]+)", code(page))
    }
    assert named <= verbs


def code(page: Path) -> str:
    """Only what stands between backticks: prose may make other things."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", page.read_text(), re.S))
