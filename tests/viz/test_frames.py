"""The frames of the map: colours end where the values of the run end."""

import numpy as np
import pytest

from ssr_sim import Scenario
from viz import frames


@pytest.mark.parametrize(("unit", "values", "top"), [
    (frames.SHARE, [0.0, 0.231], 0.3), (frames.SHARE, [0.0, 0.0], 0.1), (frames.SHARE, [1.0], 1.0),
    ("persons", [3.0, 417.0], 417.0), ("persons", [0.0], 1.0)])
def test_colours_end_at_the_next_tenth_of_a_share_and_at_the_largest_number(
        unit: str, values: list[float], top: float) -> None:
    assert frames.Shown("any", unit).top(np.array(values)) == pytest.approx(top)


def test_bytes_times_the_top_are_the_values_of_the_run() -> None:
    film = frames.film(Scenario.load("baseline"), 1, 3, 2, "default")
    assert film.values.max() <= 255
    assert film.weeks[0] == 0
    trust = film.values[-1, 0] / 255 * film.tops[0]
    assert 0.0 < trust.min() <= trust.max() <= film.tops[0] <= 1.0
