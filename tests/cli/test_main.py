"""Exit codes and errors: 0, 1, 2, one line each, never a traceback."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from app.cli.main import World, main

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World({}, lambda: NOW, io.StringIO(), io.StringIO())


def test_a_good_configuration_is_called_fine(world, lonely):
    assert main(["check-config", str(lonely)], world) == 0
    assert world.out.getvalue().splitlines() == [
        f"{lonely}: fine; watches demo",
        "history: not kept; a file in storage.history or storage.records keeps it",
    ]
    assert world.err.getvalue() == ""


def test_every_problem_of_a_bad_one_is_a_line(world, tmp_path):
    file = tmp_path / "gws.yaml"
    file.write_text("server: {prot: 1}\ndeployments: [{id: A}]\n")
    assert main(["check-config", str(file)], world) == 2
    assert world.out.getvalue() == ""
    assert world.err.getvalue().splitlines() == [
        f'gws-observatory: {file}:1:10: server.prot: unknown key "prot"; did you mean "port"?',
        f"gws-observatory: {file}:2:20: deployments[0].id: may hold only a-z, 0-9 and -, at most 63 of them",
    ]


def test_the_environment_is_checked_with_it(lonely):
    environ = {"GWS_OBSERVATORY__SERVER__PORT": "no"}
    world = World(environ, lambda: NOW, io.StringIO(), io.StringIO())
    assert main(["check-config", str(lonely)], world) == 2
    assert "GWS_OBSERVATORY__SERVER__PORT" in world.err.getvalue()


def test_what_is_not_used_is_a_warning(world, lonely):
    lonely.write_text("deployments: [{id: demo, group: alone}]\n")
    assert main(["check-config", str(lonely)], world) == 0
    assert "warning: " in world.err.getvalue()


@pytest.mark.parametrize(
    "command", ["check-config", "serve --config", "doctor --config"]
)
@pytest.mark.parametrize("name", ["nothing.yaml", "folder"])
def test_a_file_that_cannot_be_read_is_a_wrong_configuration(
    command, name, world, tmp_path
):
    (tmp_path / "folder").mkdir()
    file = tmp_path / name
    assert main([*command.split(), str(file)], world) == 2
    (line,) = world.err.getvalue().splitlines()
    assert line.startswith(f"gws-observatory: {file}: ")


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "report",
        "nope",
        "serve",
        "doctor",
        "check-config",
        "demo --port x",
        "demo --port 70000",
        "demo --seed x",
        "serve --config f --nope",
    ],
)
def test_a_wrong_command_line_is_told_in_a_line(arguments, world):
    assert main(arguments.split(), world) == 2
    (line,) = world.err.getvalue().splitlines()
    assert line.startswith("gws-observatory: ")
    assert "--help" in line


@pytest.mark.parametrize("arguments", ["--help", "--version", "demo --help"])
def test_help_and_version_are_done(arguments, world, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments.split(), world)
    assert ended.value.code == 0
    assert "gws-observatory" in capsys.readouterr().out


def test_a_broken_world_is_a_line_too(lonely):
    """An exception that nobody expected: what and where, on one line."""

    def no_clock() -> datetime:
        raise RuntimeError("the clock\nis broken")

    world = World({}, no_clock, io.StringIO(), io.StringIO())
    assert main(["doctor", "--config", str(lonely)], world) == 1
    (line,) = world.err.getvalue().splitlines()
    assert line.startswith(
        "gws-observatory: doctor failed: RuntimeError: the clock is broken at "
    )
