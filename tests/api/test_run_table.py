"""The table of runs: pairs are of the same luck, and a broken table is refused."""

import pandas as pd
import pytest

from ssr_sim.run_table import RunTable


def table(rows: list[tuple[str, int, int]], reference: str = "today") -> RunTable:
    frame = pd.DataFrame(rows, columns=["policy", "state", "replicate"])
    frame["seed"] = frame["replicate"]
    frame["run_id"] = [str(i) for i in range(len(frame))]
    return RunTable(frame, reference, (), pd.DataFrame(index=[0, 1]), 10)


def test_pairs_are_aligned_by_state_and_replicate_whatever_the_order_of_rows() -> None:
    runs = table([("reform", 1, 0), ("today", 0, 1), ("reform", 0, 1), ("today", 1, 0), ("today", 0, 0)])
    a, b = runs.pairs("reform")
    assert list(a.index) == list(b.index) == [(0, 1), (1, 0)]
    assert (a["policy"] == "today").all()
    assert (b["policy"] == "reform").all()
    assert runs.policies == ("today", "reform")


def test_a_broken_table_is_refused() -> None:
    with pytest.raises(ValueError, match="1 runs are in the table twice"):
        table([("today", 0, 0), ("today", 0, 0)])
    with pytest.raises(ValueError, match="toda"):
        table([("today", 0, 0)], reference="toda")
    with pytest.raises(ValueError, match=r"no column 'vetting\.coverage'"):
        RunTable(table([("today", 0, 0)]).frame, "today", ("vetting.coverage",), pd.DataFrame(index=[0]), 10)
    with pytest.raises(ValueError, match="state 3 is not among the states of the world"):
        table([("today", 0, 0), ("today", 3, 0)])
    with pytest.raises(ValueError, match="did you mean 'today'"):
        table([("today", 0, 0)]).pairs("todai")
