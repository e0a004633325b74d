"""Who is let in by a code, who is not, and how often one may try."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.screens import (
    CODE_LASTS,
    CODE_LENGTH,
    ENTRY_LASTS,
    GUESSES_OF_ALL,
    GUESSES_OF_ONE,
    GUESSES_WITHIN,
    LETTERS,
    MOST_LET_IN,
    MOST_WAITING,
    Full,
    Lobby,
    Refused,
    View,
    admit,
    enter,
    of,
    spelled,
    waits,
)

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
VIEW = View(("east", "west"), rotate_s=30)
EMPTY = Lobby(b"a key of this process")


def waiting(code="K7M4HX", secret="s1", at=NOW, lobby=EMPTY):
    return waits(lobby, at, secret, code)


def test_a_code_is_spelled_in_letters_that_are_not_mistaken():
    assert spelled(lambda letters: letters[-1]) == "9" * CODE_LENGTH
    assert not set(LETTERS) & set("0O1ILQ2Z5S8BUVGD6")


def test_who_shows_the_code_is_let_in_once():
    lobby, refused = admit(waiting(), NOW + SECOND, "k7m-4hx", VIEW, "desk")
    assert refused is None
    assert of(lobby, NOW + SECOND, "s1").view == VIEW
    again, refused = admit(lobby, NOW + 2 * SECOND, "K7M4HX", VIEW, "desk")
    assert refused == Refused()
    assert of(again, NOW + 2 * SECOND, "s1").view == VIEW


def test_a_code_lasts_ten_minutes_to_the_second():
    late = NOW + CODE_LASTS
    _, refused = admit(waiting(), late - SECOND, "K7M4HX", VIEW, "desk")
    assert refused is None
    lobby, refused = admit(waiting(), late, "K7M4HX", VIEW, "desk")
    assert refused == Refused()
    assert lobby.screens == ()
    assert of(waiting(), late, "s1") is None


def test_who_was_let_in_enters_under_a_new_name_and_stays():
    lobby, _ = admit(waiting(), NOW, "K7M4HX", VIEW, "desk")
    lobby, view = enter(lobby, NOW + SECOND, "s1", "s2")
    assert view == VIEW
    assert of(lobby, NOW + SECOND, "s1") is None
    assert of(lobby, NOW + ENTRY_LASTS, "s2").view == VIEW
    lobby, view = enter(lobby, NOW + timedelta(days=300), "s2", "s3")
    assert view == VIEW


def test_who_waits_or_is_unknown_does_not_enter():
    lobby = waiting()
    assert enter(lobby, NOW, "s1", "s2") == (lobby, None)
    assert enter(lobby, NOW, "nobody", "s2") == (lobby, None)


def test_a_tv_that_asks_again_has_one_code():
    lobby = waits(waiting(), NOW, "s2", "PPPPPP", instead="s1")
    assert len(lobby.screens) == 1
    _, refused = admit(lobby, NOW, "K7M4HX", VIEW, "desk")
    assert refused == Refused()
    _, refused = admit(lobby, NOW, "PPPPPP", VIEW, "desk")
    assert refused is None


def test_no_more_wait_than_there_is_room_for():
    lobby = EMPTY
    for place in range(MOST_WAITING):
        lobby = waits(lobby, NOW + place * SECOND, f"s{place}", f"code {place}")
    later = NOW + timedelta(minutes=5)
    assert waits(lobby, later, "one more", "PPPPPP") == Full(NOW + CODE_LASTS)
    assert isinstance(waits(lobby, NOW + CODE_LASTS, "s", "PPPPPP"), Lobby)
    assert isinstance(waits(lobby, later, "s", "PPPPPP", instead="s3"), Lobby)


def test_wrong_guesses_of_one_caller_are_listened_to_a_few_times_a_minute():
    lobby = waiting()
    for place in range(GUESSES_OF_ONE):
        lobby, refused = admit(lobby, NOW + place * SECOND, "AAAAAA", VIEW, "one")
        assert refused == Refused()
    at = NOW + 10 * SECOND
    lobby, refused = admit(lobby, at, "K7M4HX", VIEW, "one")
    assert refused == Refused(NOW + GUESSES_WITHIN)
    assert of(lobby, at, "s1").view is None
    _, refused = admit(lobby, at, "K7M4HX", VIEW, "another")
    assert refused is None
    _, refused = admit(lobby, NOW + GUESSES_WITHIN, "K7M4HX", VIEW, "one")
    assert refused is None


def test_wrong_guesses_of_many_callers_are_counted_together():
    lobby = waiting()
    for place in range(GUESSES_OF_ALL):
        lobby, _ = admit(lobby, NOW + place * SECOND, "AAAAAA", VIEW, f"caller {place}")
    _, refused = admit(lobby, NOW + 30 * SECOND, "K7M4HX", VIEW, "desk")
    assert refused == Refused(NOW + GUESSES_WITHIN)


def test_who_was_let_in_first_is_forgotten_first():
    lobby = waiting("PPPPPP", "waits")
    for place in range(MOST_LET_IN + 1):
        lobby = waits(lobby, NOW, f"w{place}", "K7M4HX")
        lobby, _ = admit(lobby, NOW, "K7M4HX", VIEW, "desk")
        lobby, _ = enter(lobby, NOW, f"w{place}", f"in{place}")
    assert of(lobby, NOW, "in0") is None
    assert of(lobby, NOW, "in1").view == VIEW
    assert of(lobby, NOW, f"in{MOST_LET_IN}").view == VIEW
    assert of(lobby, NOW, "waits").code is not None


@given(st.text(max_size=12), st.text(min_size=1, max_size=12))
def test_nothing_that_is_kept_holds_a_secret_or_a_code(code, secret):
    lobby = waits(EMPTY, NOW, f"secret {secret}", f"code {code}")
    kept = repr(lobby)
    assert f"secret {secret}" not in kept and f"code {code}" not in kept


@given(st.text(alphabet=LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_only_its_own_code_lets_a_tv_in(guess):
    lobby, refused = admit(waiting(), NOW, guess, VIEW, "desk")
    assert (refused is None) == (guess == "K7M4HX")
    assert (of(lobby, NOW, "s1").view is None) == (guess != "K7M4HX")
