"""The page on Windows and notebooks: its Python runs, what it says about names holds, and pages link to pages."""

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = ROOT / "docs" / "how-to"
PAGE = (HOW_TO / "windows-and-notebooks.md").read_text(encoding="utf-8")
STUDY = """
[experiment]
scenario = "baseline"
years = 1
set = { "country.communities" = 6 }
[[policy]]
id = "today"
[replicates]
n = 3
"""


def test_the_progress_bar_of_the_page_shows_runs_of_an_ensemble_and_of_a_sweep(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    smaller = text.replace("years=10, replicates=64", "years=1, replicates=5")
    assert smaller != text
    ensemble_part, sweep_part = smaller.split("results = ")
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(STUDY)
    shown: list[Any] = []
    names: dict[str, Any] = {"display": shown.append}
    exec(ensemble_part, names)
    (bar,) = shown
    assert (bar.value, bar.max) == (5, 5)
    exec("results = " + sweep_part, names)
    assert (bar.value, bar.max) == (3, 3)
    assert len(names["results"].frame()) == 3


def test_nothing_asks_for_what_windows_does_not_have() -> None:
    posix = re.compile(r"^\s*(?:import|from) (?:fcntl|resource|pwd|grp|termios)\b"
                       r"|\bos\.(?:fork|kill|getpgid|O_DIRECTORY)\b|\bsignal\.SIG(?:HUP|KILL|USR1|ALRM)\b",
                       re.MULTILINE)
    guarded = re.compile(r"try:\n +import \w+\nexcept ImportError")
    users = [path.relative_to(ROOT).as_posix() for folder in ("ssr_sim", "viz")
             for path in (ROOT / folder).rglob("*.py")
             if posix.search(guarded.sub("", path.read_text(encoding="utf-8")))]
    assert users == []


@pytest.mark.parametrize("name", sorted(path.name for path in HOW_TO.glob("*.md")))
def test_links_of_how_to_pages_lead_somewhere(name: str) -> None:
    text = re.sub(r"```.*?```", "", (HOW_TO / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert not [target for target in targets if not (HOW_TO / target).exists()]
