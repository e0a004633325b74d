"""Why a connection stands where it does, as a script sees it."""

from app.domain.evaluate import Deployment, Memory, evaluate
from app.domain.explain import explain
from app.domain.knowledge import Knowledge, learn
from app.domain.limits import DEFAULT
from app.domain.plain import plain
from app.domain.topology import standard
from app.web.schema_explain import Explanation
from tests.web.conftest import NOW, facts

PATH = "/api/v1/deployments/demo/connections/9/explain"


def test_it_is_told_as_its_description_says(live):
    deployment, knowledge = Deployment("demo", standard(), DEFAULT), Knowledge()
    for reading in facts():
        knowledge = learn(knowledge, reading)
    memory = evaluate(deployment, knowledge, Memory(), NOW).memory
    live.explained[9] = plain(explain(deployment, knowledge, memory, NOW, 9))
    answer = live.get(PATH)
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()
    Explanation.model_validate(found)
    assert found["number"] == 9
    assert {one["about"] for one in found["evidence"]} >= {9}


def test_before_the_first_judgement_it_says_so(live):
    answer = live.get("/api/v1/deployments/demo/connections/10/explain")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_ready")


def test_a_connection_that_is_not_there_is_not_found(live):
    answer = live.get("/api/v1/deployments/demo/connections/99/explain")
    assert answer.status_code == 404


def test_of_a_moment_it_is_what_the_picture_of_then_tells(live):
    answer = live.get(f"{PATH}?at=2026-11-24T10:00:01Z")
    found = answer.json()
    Explanation.model_validate(found)
    assert (found["at"], found["recalled"]) == ("2026-11-24T10:00:00.123Z", True)
    state = live.get("/api/v1/deployments/demo/connections/9").json()
    assert found["status"] == state["status"]
    assert [one["text"] for one in found["rulings"]] == [
        one["text"] for one in state["reasons"]
    ]
    assert not found["would_change"]
    gone = live.get(f"{PATH}?at=2026-11-01T10:00:01Z")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "no_history")
