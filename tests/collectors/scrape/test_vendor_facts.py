"""The vendor's pages, as facts."""

import math

import pytest

from app.domain.facts_traffic import MeasureFact, TrafficFact
from app.domain.quantiles import quantile
from app.domain.subject import NodeId
from collectors.exposition import read_page
from collectors.rates import increases, scraped
from collectors.scrape import WANTED
from collectors.vendor_facts import fault, measures_of, traffic_of
from collectors.vendor_metrics import is_counter

WINDOW = 15.0


def read(body):
    return read_page(body, "text/plain", WANTED, is_counter)


def between(node, first, later):
    """The facts of two pages of a pod, 15 s apart."""
    pages, last = [read(first), read(later)], None
    for number, page in enumerate(pages):
        counters = frozenset(key for key in page.samples if is_counter(*key))
        before, last = last, scraped(page, counters, number * WINDOW, last)
    grown = increases(before, last, 60.0)
    said = NodeId(node), "pod:1", pages[-1]
    return (*traffic_of(*said, grown), *measures_of(*said))


@pytest.fixture
def facts(recorded):
    """The facts of two recorded pages."""

    def of(node, name, later=None):
        first = recorded(f"{name}.txt")
        return between(node, first, later or recorded(f"{name}-later.txt"))

    return of


def traffic(facts):
    return {f.subject: f for f in facts if isinstance(f, TrafficFact)}


def measures(facts):
    return {f.name: f.value for f in facts if isinstance(f, MeasureFact)}


def test_a_platform_service_tells_its_boxs_traffic_once(facts):
    """By code, from gws_responses: jetty counts the same requests again."""
    fact = traffic(facts("voice", "platform-service"))["voice"]
    assert fact.window_s == WINDOW
    assert fact.requests == 140 + 2 + 3 + 5
    assert fact.errors == 5
    assert fact.client_errors == 3  # 401 is counted apart
    assert fact.duration_sum_s == pytest.approx(6.0)
    assert fact.duration_count == 150
    assert fact.active == 42


def test_a_platform_services_gauges_are_measures(facts):
    found = measures(facts("voice", "platform-service"))
    assert found == {"deadlocked_threads": 0, "pool_saturation": 0.7}


def test_workspaces_count_is_a_counter_whatever_its_type_says(facts):
    fact = traffic(facts("workspace", "workspace"))["workspace"]
    assert fact.requests == 90 + 10 + 200
    assert fact.errors == 10


def test_workspaces_means_are_milliseconds_without_long_polls(facts):
    fact = traffic(facts("workspace", "workspace"))["workspace"]
    assert fact.duration_count == 100
    assert fact.duration_sum_s == pytest.approx(90 * 0.0355 + 10 * 0.9)


def test_outgoing_requests_belong_to_the_connection_that_their_category_names(facts):
    found = traffic(facts("workspace", "workspace"))
    assert set(found) == {"workspace", 26, 29, 30}
    assert (found[30].requests, found[30].errors) == (30, 0)
    assert found[30].duration_sum_s == pytest.approx(30 * 0.008)


def test_a_request_without_an_answer_is_an_error(facts):
    voice = traffic(facts("workspace", "workspace"))[29]
    assert (voice.requests, voice.errors) == (80, 20)


def test_a_refusal_is_neither_an_error_nor_the_clients_fault(facts):
    iwd = traffic(facts("workspace", "workspace"))[26]
    assert (iwd.requests, iwd.errors, iwd.client_errors) == (5, 0, 0)


def test_another_boxs_page_never_speaks_for_workspaces_connections(facts):
    assert set(traffic(facts("voice", "workspace"))) == {"voice"}


def test_users_are_those_of_the_pod(facts):
    found = measures(facts("workspace", "workspace"))
    assert found["workspace_users"] == 412
    assert found["event_loop_lag_s"] == pytest.approx(0.004132)


def test_without_server_activity_users_are_added_over_tenants(facts, recorded):
    page = recorded("workspace.txt")
    lines = [x for x in page.splitlines(True) if b"cometd_active_user_count" not in x]
    assert (
        measures(facts("workspace", "workspace", b"".join(lines)))["workspace_users"]
        == 412
    )


def test_ucsx_durations_are_milliseconds_and_its_own_checks_are_left_out(facts):
    fact = traffic(facts("ucs", "ucsx"))["ucs"]
    assert fact.requests == 100 + 10
    assert fact.duration_count == 100
    assert fact.duration_sum_s == pytest.approx(20.0)
    assert fact.buckets == ((0.1, 40), (0.5, 90), (math.inf, 100))
    assert quantile(fact.buckets, 0.5) == pytest.approx(0.18)


def test_nothing_counted_yet_is_zero_requests_not_silence(facts, recorded):
    same = recorded("platform-service.txt")
    fact = traffic(facts("voice", "platform-service", same))["voice"]
    assert (fact.requests, fact.errors, fact.duration_count) == (0, 0, 0)


def test_answers_without_their_code_are_requests_whose_fate_is_not_known(facts):
    bare = b"gws_responses_total 10\nnodejs_eventloop_lag_seconds 1\n"
    fact = traffic(facts("voice", "platform-service", bare))["voice"]
    assert (fact.requests, fact.errors) == (10, None)


def test_a_page_without_any_of_our_metrics_says_nothing(facts):
    assert facts("voice", "platform-service", b"go_goroutines 7\n") == ()


@pytest.mark.parametrize(
    ("code", "whose"),
    [
        ("200", "none"), ("302", "none"), ("2xx", "none"), ("1xx", "none"),
        ("404", "client"), ("4xx", "client"), ("401", "none"), ("429", "none"),
        ("500", "server"), ("5xx", "server"), ("599", "server"), ("0", "server"),
        ("ECONNRESET", "server"), ("", "server"), ("999", "server"),
    ],
)  # fmt: skip
def test_a_code_says_whose_fault_it_was(code, whose):
    assert fault(code) == whose


def test_redis_tells_its_latency_without_commands_that_wait_on_purpose():
    def page(calls, seconds):
        return (
            f'redis_commands_total{{cmd="get"}} {calls}\n'
            f'redis_commands_total{{cmd="blpop"}} {calls}\n'
            f'redis_commands_duration_seconds_total{{cmd="get"}} {seconds}\n'
            f'redis_commands_duration_seconds_total{{cmd="blpop"}} {seconds * 1e6}\n'
            f"redis_commands_processed_total {2 * calls}\n"
        ).encode()

    fact = traffic(between("redis", page(1000, 0.5), page(2000, 2.5)))["redis"]
    assert fact.requests == 2000
    assert (fact.duration_count, fact.duration_sum_s) == (1000, pytest.approx(2.0))


def test_redis_latencies_in_microseconds_are_seconds():
    first = (
        b"redis_commands_latencies_usec_count 0\nredis_commands_latencies_usec_sum 0\n"
    )
    later = first.replace(b"count 0", b"count 10").replace(b"sum 0", b"sum 50000")
    fact = traffic(between("redis", first, later))["redis"]
    assert fact.duration_sum_s == pytest.approx(0.05)


def test_elasticsearch_tells_how_long_searches_took():
    name = "elasticsearch_indices_search_query"
    first = f"{name}_total 0\n{name}_time_seconds 0\n".encode()
    later = f"{name}_total 8\n{name}_time_seconds 4\n".encode()
    fact = traffic(between("elasticsearch", first, later))["elasticsearch"]
    assert (fact.requests, fact.duration_sum_s, fact.duration_count) == (8, 4, 8)


@pytest.mark.parametrize(
    ("page", "share"),
    [
        (b"redis_connected_clients 8500\nredis_config_maxclients 10000\n", 0.85),
        (
            b'pg_stat_activity_count{datname="gws",state="active"} 100\n'
            b'pg_stat_activity_count{datname="prov",state="idle"} 156\n'
            b"pg_settings_max_connections 512\n",
            0.5,
        ),
        (b"redis_connected_clients 8500\nredis_config_maxclients 0\n", None),
        (b"redis_connected_clients 8500\n", None),
    ],
)
def test_a_stores_clients_are_held_against_its_own_limit(page, share):
    found = measures(measures_of(NodeId("redis"), "pod:1", read(page)))
    assert found.get("connection_saturation") == share


def test_a_bucket_whose_bound_is_no_number_is_left_out():
    def page(count):
        return (
            f'jetty_requests_seconds_bucket{{le="x"}} {count}\n'
            f'jetty_requests_seconds_bucket{{le="+Inf"}} {count}\n'
            f"jetty_requests_seconds_sum {count}\njetty_requests_seconds_count {count}\n"
        ).encode()

    assert traffic(between("voice", page(1), page(4)))["voice"].buckets == (
        (math.inf, 3),
    )
