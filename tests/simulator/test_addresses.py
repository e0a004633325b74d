"""Every pod has an address, and simulations do not take each other's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.simulator.world import WORKLOADS
from app.simulator.world_addresses import Block, Shared, claim
from app.simulator.world_clock import VirtualClock

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SPEC = WORKLOADS[0]
BLOCKS = range(200, 203)


def test_two_simulations_get_different_blocks_and_a_closed_one_is_free_again() -> None:
    one, two = claim(BLOCKS), claim(BLOCKS)
    assert isinstance(one, Block)
    assert isinstance(two, Block)
    assert one.number != two.number
    one.close()
    again = claim(BLOCKS)
    assert isinstance(again, Block)
    assert again.number == one.number
    two.close()
    again.close()


def test_addresses_of_a_block_are_its_own_and_are_not_given_twice() -> None:
    block = Block(42)
    places = [block.place(SPEC) for _ in range(600)]
    assert len({ip for ip, _ in places}) == 600
    assert all(ip.startswith("127.42.") for ip, _ in places)
    assert all(0 < int(part) < 255 for ip, _ in places for part in ip.split(".")[2:])
    assert {ports for _, ports in places} == {SPEC.ports}


def test_without_blocks_pods_share_an_address_and_have_ports_of_their_own() -> None:
    shared = claim(())
    assert isinstance(shared, Shared)
    ip, ports = shared.place(SPEC)
    assert ip == "127.0.0.1"
    assert [name for name, _ in ports] == [name for name, _ in SPEC.ports]
    assert len({number for _, number in ports} | {0}) == len(ports) + 1


@pytest.mark.parametrize("rate", [0.5, 1, 60])
def test_virtual_time_passes_at_its_rate_and_never_jumps(rate: float) -> None:
    wall = [NOW]
    clock = VirtualClock(lambda: wall[0])
    wall[0] += timedelta(seconds=10)
    clock.set_rate(rate)
    before = clock.now()
    assert before == NOW + timedelta(seconds=10)
    wall[0] += timedelta(seconds=10)
    assert clock.now() - before == timedelta(seconds=10 * rate)
    clock.set_rate(1)
    assert clock.now() - before == timedelta(seconds=10 * rate)
