"""What differs on the reference itself is named, accepted where it stands, and nowhere else."""

from dataclasses import replace
from typing import Any

import pytest

from quart_parity import Report, Result
from quart_parity.exchange import Exchange, Raised
from quart_parity.noise import REASON, WHOLE, Noise
from tests.builders import answer, raw_request
from tests.issuing import judged, page, value

MADE = "<h1>Shop</h1>\n<p>{}</p>\n<p>made in {} ms</p>"


def noise_of(*clients: tuple[list[Exchange], list[Exchange]]) -> Noise:
    """What is learned of clients of the reference, each against itself."""
    noise = Noise()
    for ours, again in clients:
        noise.add(judged(ours, again))
    return noise


def left(result: Result) -> list[str]:
    return [one.path for one in result.differences if one.accepted is None]


def reasons(result: Result) -> list[str | None]:
    return [one.accepted for one in result.differences]


def test_what_varies_is_accepted_with_its_reason() -> None:
    """A difference at a path where the reference differs from itself is shown, and counts not."""
    noise = noise_of(([value({"ms": 1, "n": 1})], [value({"ms": 2, "n": 1})]))
    result = judged([value({"ms": 5, "n": 1})], [value({"ms": 9, "n": 2})], noise=noise)
    report = Report("a", "b")
    report.add(result)

    assert [(one.path, one.accepted) for one in result.differences] == [
        ("body.ms", REASON),
        ("body.n", None),
    ]
    assert (report.count, report.accepted, report.noise) == (1, 1, {"body.ms of GET /": 1})


def test_noise_is_that_of_one_route() -> None:
    """Whatever number or id stands in its path, and no other route's."""
    noise = noise_of(([value(1, target="/orders/17")], [value(2, target="/orders/17")]))

    def on(target: str) -> list[str]:
        return left(judged([value(3, target=target)], [value(4, target=target)], noise=noise))

    assert on("/orders/18?page=2") == []
    assert on("/orders") == ["body"]


def test_positions_in_a_list_are_any() -> None:
    """What varies in one member may vary in each, as the order of a set does."""
    noise = noise_of(([value(["a", "b", "c"])], [value(["b", "a", "c"])]))

    assert left(judged([value(["a", "b", "c"])], [value(["c", "a", "b"])], noise=noise)) == []
    assert left(judged([value(["a", "b"])], [value(["b", "a", "c"])], noise=noise)) == ["body[2]"]
    assert left(judged([value(["a", "b"])], [value(["b", 1])], noise=noise)) == ["body[1]"]


@pytest.mark.parametrize(
    ("ours", "theirs", "accepted"),
    [
        (MADE.format("tea", 7), MADE.format("tea", 12), [REASON]),
        (MADE.format("tea", 7), MADE.format("coffee", 7), [None]),
        (MADE.format("tea", 7), MADE.format("coffee", 12), [None]),
        (MADE.format("tea", 7), MADE.format("tea", "some"), [None]),
        (MADE.format("tea", 7), MADE.format("tea", 12) + "<hr>", [None]),
        (MADE.format("tea", 7), MADE.format("tea", "7.5"), [None]),
    ],
    ids=["number", "elsewhere", "both", "word", "more", "structure"],
)
def test_the_rest_of_a_text_is_compared(ours: str, theirs: str, accepted: list[Any]) -> None:
    """A page that says how long it took may differ in that number, and in nothing else."""
    noise = noise_of(([page(MADE.format("tea", 1))], [page(MADE.format("tea", 23))]))

    assert reasons(judged([page(ours)], [page(theirs)], noise=noise)) == accepted


def test_lines_that_vary_in_more_than_words_are_lines() -> None:
    """The other lines of the page are still compared."""
    noise = noise_of(([page(MADE.format("tea", "1"))], [page(MADE.format("tea", "0.5"))]))

    def accepted(what: str, time: str) -> list[str | None]:
        ours, theirs = page(MADE.format("tea", 3)), page(MADE.format(what, time))
        return reasons(judged([ours], [theirs], noise=noise))

    assert accepted("tea", "7.25 or 8") == [REASON]
    assert accepted("coffee", "7.25") == [None]


def test_a_text_that_varies_as_a_whole_is_said_to_be_no_longer_compared() -> None:
    """It is accepted, and the reason says that nothing of it was compared."""
    noise = noise_of(([page("a\nb")], [page("a")]))

    assert reasons(judged([page("a")], [page("x\ny\nz")], noise=noise)) == [WHOLE]


@pytest.mark.parametrize(
    "again",
    [answer(409), answer(raised=Raised("KeyError", "x", None)), answer(broken="too long")],
    ids=["status", "raised", "broken"],
)
def test_an_application_in_another_state_tells_no_noise(again: Exchange) -> None:
    """A customer that was there already is no randomness, nor is anything that follows from it."""
    ours = [value({"ms": 1}), answer(), page("Hello, Ann"), page("Cart")]
    theirs = [value({"ms": 2}), again, page("Log in, please"), page("Cart")]
    noise = noise_of((ours, theirs))

    assert list(noise.places) == ["body.ms of GET /"]
    assert noise.unsure["walk"] >= 2
    assert noise.notes() == [
        "1 scenarios ('walk') were not searched for noise to their end: the reference does"
        " something else when it is asked again. Reset its state between scenarios."
    ]


def test_a_status_is_never_noise() -> None:
    """An application does not fail at random, as far as a comparison is concerned."""
    noise = noise_of(([answer()], [answer(500)]))

    assert left(judged([answer()], [answer(500)], noise=noise)) == ["status"]
    assert noise_of(([page("a")], [page("a")])).notes() == []


def test_what_only_one_answer_has_is_no_noise() -> None:
    """A field that comes and goes is a difference."""
    noise = noise_of(([value({"a": 1})], [value({})]))

    assert left(judged([value({"a": 1})], [value({})], noise=noise)) == ["body.a"]


def test_an_accepted_difference_keeps_its_reason() -> None:
    """What somebody wrote down comes first."""
    noise = noise_of(([value(1)], [value(2)]))
    [one] = judged([value(1)], [value(2)]).differences

    assert noise.accepted(one).is_noise
    assert noise.accepted(replace(one, accepted="known")).accepted == "known"


def test_values_that_correspond_are_no_noise() -> None:
    """A token that each run makes for itself needs no acceptance, and gets none."""
    tokens = [f"{n}f3a1c{n}07b9e4d28a6{n}" * 2 for n in (1, 2)]
    noise = noise_of(([value(tokens[0])], [value(tokens[1])]))

    assert noise.places == {}


def test_lengths_of_what_varies_are_noise() -> None:
    """Those that are right for each side's own body, and those that HEAD tells of it."""

    def sized(text: str, method: str = "GET", length: int | None = None) -> Exchange:
        size = len(text) if length is None else length
        exchange = page(text, ("Content-Length", str(size)))
        return replace(exchange, request=raw_request(method))

    noise = noise_of(([page("made in 5 ms")], [page("made in 7 ms")]))
    made = judged([sized("made in 9 ms")], [sized("made in 10 ms")], noise=noise)
    wrong = judged([sized("made in 9 ms")], [sized("made in 10 ms", length=3)], noise=noise)
    asked = judged([sized("", "HEAD", 12)], [sized("", "HEAD", 13)], noise=noise)

    assert left(made) == []
    assert left(wrong) == ["header.content-length"]
    assert left(asked) == []
    assert left(judged([sized("", "HEAD", 12)], [sized("", "HEAD", 13)], noise=Noise())) != []


def test_a_list_in_random_order_is_noise() -> None:
    """Also where two runs happen to agree in a part of it; words that stay are still compared."""

    def shown(order: str, word: str = "fixed") -> Exchange:
        return page(" ".join(f"<li>{name}</li>" for name in order.split()) + f"<p>{word}</p>")

    noise = noise_of(([shown("a b c d")], [shown("b a d c")]))

    for ours, theirs in (("a b c d", "a c b d"), ("d c b a", "a b c d"), ("b a c d", "b d c a")):
        assert left(judged([shown(ours)], [shown(theirs)], noise=noise)) == []
    wrong = judged([shown("a b c d")], [shown("a c b d", "other")], noise=noise)
    assert left(wrong) == ["body"]
