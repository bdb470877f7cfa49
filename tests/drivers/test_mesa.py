"""Mesa's `batch_run` and `simulate` are two ways to the same runs. (More on Mesa: tests/api/test_mesa.py.)"""

import mesa

from ssr_sim import SSRModel, simulate
from ssr_sim.draws import mix_seed
from ssr_sim.measures import INDEX
from ssr_sim.run import summarise
from ssr_sim.world import WEEK
from tests.drivers.common import SEED, SMALL

WEEKS = 10
COVERAGES = [0.0, 0.6]


def test_batch_run_and_simulate_give_the_same_runs() -> None:
    """`simulate` mixes its seed as an ensemble does for its first replicate; a model takes it as it is."""
    rows = mesa.batch_run(
        SSRModel, parameters={**SMALL, "vetting.coverage": COVERAGES, "seed": [mix_seed(SEED, 0)]},
        number_processes=1, max_steps=WEEKS + 1, data_collection_period=1, display_progress=False)
    at_the_end = {row["vetting.coverage"]: row for row in rows if row["week"] == WEEKS}
    assert list(at_the_end) == COVERAGES
    for coverage, row in at_the_end.items():
        run = simulate(SMALL | {"years": WEEKS * WEEK, "vetting.coverage": coverage}, SEED)
        own = [name for name in INDEX if name not in summary_names()]
        assert {name: row[name] for name in own} == {name: run[name] for name in own}
    assert at_the_end[0.0]["abuse_record"] != at_the_end[0.6]["abuse_record"]


def summary_names() -> set[str]:
    """What `simulate` returns as a total of the run, not as the last week of an indicator."""
    model = SSRModel(years=WEEK, **{"country.communities": 6})
    model.step()
    return set(summarise(model.world, model.series))
