"""What is kept for the next who asks is the latest, and no more than fits."""

from viz.recent import Recent


def test_the_least_recently_used_is_forgotten_first() -> None:
    recent = Recent[str, int](2)
    for number, key in enumerate("abab"):  # kept anew counts as used
        recent.keep(key, number)
    assert recent.get("a") == 2
    recent.keep("c", 4)
    assert [recent.get(key) for key in "abc"] == [2, None, 4]


def test_a_value_is_found_by_what_its_key_is_like_and_does_not_count_as_used() -> None:
    recent = Recent[tuple[str, int], str](2)
    recent.keep(("a", 1), "first")
    recent.keep(("b", 2), "second")
    assert recent.any(lambda key: key[0] == "a") == "first"
    assert recent.any(lambda key: key[1] == 3) is None
    recent.keep(("c", 3), "third")
    assert recent.get(("a", 1)) is None
