"""When a target is probed again: how soon a failure or a recovery is certain."""

import threading
from time import monotonic

import pytest

from collectors.sockets import Patience

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def outcomes(readings):
    return [[o.ok for o in r.facts[0].outcomes] for r in readings]


def test_three_of_three_is_known_long_before_the_next_turn(
    aimed, prober, refused_port, heard
):
    prober(aimed(refused_port), interval_s=60).start()
    began = monotonic()
    heard.until(lambda got: [False] * 3 in outcomes(got), 30)
    assert monotonic() - began < 30
    assert outcomes(heard.readings) == [[False], [False] * 2, [False] * 3]


def test_a_recovery_is_known_as_soon(aimed, prober, serve, heard):
    well = threading.Event()

    def handle(server, connection):
        server.request(connection)
        connection.sendall(OK if well.is_set() else b"HTTP/1.1 503 Down\r\n\r\n")

    prober(aimed(serve(handle).port, "http", "/"), interval_s=5).start()
    heard.until(lambda got: [False] * 3 in outcomes(got))
    well.set()
    heard.until(lambda got: [True] * 3 in outcomes(got), 40)
    first = next(i for i, seen in enumerate(outcomes(heard.readings)) if seen[-1])
    last = outcomes(heard.readings).index([True] * 3)
    assert heard.at[last] - heard.at[first] < 2 * 5


def test_a_target_that_stays_down_is_not_hammered(aimed, prober, refused_port, heard):
    prober(aimed(refused_port), interval_s=60).start()
    heard.until(lambda got: len(got) == 3, 30)
    with pytest.raises(AssertionError, match="never so"):
        heard.until(lambda got: len(got) > 3, 1.5)


def test_a_target_that_flaps_is_asked_at_most_three_times_a_turn(
    aimed, prober, serve, heard
):
    turn = iter(range(1000))

    def handle(server, connection):
        server.request(connection)
        connection.sendall(OK if next(turn) % 2 else b"HTTP/1.1 503 Down\r\n\r\n")

    prober(aimed(serve(handle).port, "http", "/"), interval_s=60).start()
    heard.until(lambda got: len(got) == 3, 30)
    with pytest.raises(AssertionError, match="never so"):
        heard.until(lambda got: len(got) > 3, 1.5)


def test_a_well_target_keeps_to_its_interval(aimed, prober, serve, answer, heard):
    prober(aimed(serve(answer(b"")).port), interval_s=60).start()
    heard.until(lambda got: len(got) == 1)
    with pytest.raises(AssertionError, match="never so"):
        heard.until(lambda got: len(got) > 1, 1.5)
    (fact,) = heard.readings[0].facts
    assert heard.readings[0].feed.name == f"tcp {fact.target}"
    assert heard.readings[0].feed.max_age_s == 180


def test_hanging_targets_delay_no_other(
    aimed, prober, serve, answer, black_hole, heard
):
    hang = serve(lambda server, connection: server.ended.wait(20))
    good = aimed(serve(answer(b"")).port)
    bad = [aimed(hang.port, "http", "/"), aimed(black_hole)]
    slow = Patience(connect_s=2, read_s=2, total_s=2)
    prober(good, *bad, interval_s=0.3, patience=slow).start()
    heard.until(lambda got: sum(r.feed.name == f"tcp {good.name}" for r in got) >= 8)
    when = [
        at for r, at in zip(heard.readings, heard.at, strict=False)
        if r.feed.name == f"tcp {good.name}"
    ]  # fmt: skip
    gaps = [b - a for a, b in zip(when[1:], when[2:], strict=False)]
    assert max(gaps) < 1.2  # a hanging one takes 2 s


def test_stopping_waits_for_no_handshake(aimed, prober, serve, heard):
    taken = threading.Event()

    def hang(server, connection):
        taken.set()
        server.ended.wait(20)

    patient = Patience(connect_s=30, read_s=30, total_s=30)
    one = prober(aimed(serve(hang).port, "tls"), patience=patient)
    one.start()
    assert taken.wait(30)
    began = monotonic()
    one.stop()
    one.join(30)
    assert monotonic() - began < 2
    assert heard.readings == []
