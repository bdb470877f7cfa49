"""The command answers, and a mistake gets one clear message and exit code 2."""

import csv
import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from ssr_sim import __version__, cli, code_cache, compiling, run
from ssr_sim.ensemble import Interrupted
from ssr_sim.scenario import Scenario

SMALL = ["--years", "2", "--replicates", "4"]
Command = Callable[..., Result]


@pytest.fixture
def ssr() -> Command:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(cli.app, list(arguments), catch_exceptions=False)

    return call


def process(*arguments: str, **options: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "ssr_sim", *arguments]
    # a shell that starts us in the background would have us ignore Ctrl-C
    options |= {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload, no-any-return]


def mistake(result: Result) -> str:
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    return result.stderr


def test_help_is_at_once_and_imports_nothing_heavy() -> None:
    script = (
        "import sys, time; began = time.perf_counter(); from ssr_sim import cli\n"
        "try: cli.app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'numba', 'scipy', 'pandas', 'matplotlib', 'pydantic', 'mesa'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "print(time.perf_counter() - began)"
    )
    seconds = [
        float(
            subprocess.run(
                [sys.executable, "-c", script], capture_output=True, text=True, check=True
            ).stdout.splitlines()[-1]
        )
        for _ in range(3)
    ]
    assert min(seconds) < 0.3


def test_version_is_printed(ssr: Command) -> None:
    assert ssr("--version").stdout == f"ssr-sim {__version__}\n"


def test_help_names_every_command(ssr: Command) -> None:
    text = ssr("--help").stdout
    assert all(name in text for name in ("run", "compare", "scenarios", "levers", "check", "new", "--version"))


def test_run_prints_shares_with_intervals_and_denominators(ssr: Command) -> None:
    result = ssr("run", "baseline", *SMALL)
    assert result.exit_code == 0
    assert re.search(r"Peace reached\s+0\.\d\d\s+0\.\d\d to \d\.\d\d\s+\d of 4", result.stdout)
    assert "luck only" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_run_says_when_ignorance_is_in_it(ssr: Command) -> None:
    assert "luck and ignorance" in ssr("run", "baseline", *SMALL, "--parameters", "prior").stdout


def test_compare_prints_paired_differences_within_80_columns(ssr: Command) -> None:
    result = ssr(
        "compare", "baseline", "baseline", *SMALL, "--set-b", "mission.troops=0", "--label-b", "no mission"
    )
    assert result.exit_code == 0
    assert "B  no mission" in result.stdout
    assert "4 pairs" in result.stdout
    assert "Through which channels" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_json_is_one_document_on_standard_output(ssr: Command) -> None:
    one = json.loads(ssr("run", "baseline", *SMALL, "--json").stdout)
    assert (one["kind"], one["replicates"], one["uncertainty"]) == ("ensemble", 4, "luck only")
    assert one["peace_reached"]["of"] == 4
    assert one["provenance"]["scenario digest"] == one["scenario_digest"]
    two = json.loads(ssr("compare", "baseline", "baseline", *SMALL, "--json").stdout)
    assert two["identical_pairs"] == two["pairs"] == 4
    assert two["years_of_peace"] == {"mean": 0.0, "low": 0.0, "high": 0.0, "of": 4}


def test_same_seed_gives_the_same_answer_and_another_does_not(ssr: Command) -> None:
    texts = [ssr("run", "baseline", *SMALL, "--seed", seed, "--json").stdout for seed in ("5", "5", "6")]
    first, again, other = (
        {key: json.loads(text)[key] for key in ("headline", "cost_usd_per_year")} for text in texts
    )
    assert first == again
    assert first != other


def test_set_applies_to_both_and_set_b_to_one(ssr: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = ssr(
        "compare",
        "baseline",
        "baseline",
        *SMALL,
        "--set",
        "vetting.coverage=0.5",
        "--set-b",
        "vetting.gate=0.9",
        "--set-b",
        "mission.placement=capital",
        "--out",
        str(out),
    )
    assert result.exit_code == 0
    a, b = ((out / f"scenario-{arm}.toml").read_text() for arm in "ab")
    assert "coverage = 0.5" in a
    assert "coverage = 0.5" in b
    assert 'placement = "capital"' not in a
    assert 'placement = "capital"' in b


def test_out_holds_the_report(ssr: Command, tmp_path: Path) -> None:
    result = ssr("run", "baseline", *SMALL, "--out", str(tmp_path / "a" / "b"))
    assert result.exit_code == 0
    assert (tmp_path / "a" / "b" / "report.html").stat().st_size > 50_000
    assert (tmp_path / "a" / "b" / "figures" / "survival.svg").exists()
    assert "report.html" in result.stderr
    assert not list((tmp_path / "a" / "b").glob(".*"))


def test_scenarios_are_listed(ssr: Command) -> None:
    assert all(name in ssr("scenarios").stdout for name in ("baseline", "liberia-2003", "somalia-1993"))
    assert {row["name"] for row in json.loads(ssr("scenarios", "--json").stdout)} >= {
        "baseline",
        "liberia-2003",
    }


def test_levers_are_listed_and_described(ssr: Command) -> None:
    table = ssr("levers").stdout
    assert "vetting.coverage" in table
    assert max(map(len, table.splitlines())) <= 80
    one = ssr("levers", "vetting.coverage").stdout
    assert all(word in one for word in ("range: 0 to 2", "cost: USD", "side effect:", "source:"))
    assert len(ssr("levers", "--all").stdout.splitlines()) > len(table.splitlines())
    assert {row["role"] for row in json.loads(ssr("levers", "--json").stdout)} == {"lever"}


def test_check_accepts_a_good_scenario(ssr: Command) -> None:
    result = ssr("check", "liberia-2003")
    assert result.exit_code == 0
    assert "is fine" in result.stdout


def test_check_reports_every_fault_of_a_file_at_once(ssr: Command, tmp_path: Path) -> None:
    text = (
        '[scenario]\nbased_on = "baseline"\nstart = 2011-01-03\n'
        "[vetting]\ncoverag = 0.5\n[audit]\nrate = -7\n"
    )
    path = tmp_path / "mine.toml"
    path.write_text(text)
    message = mistake(ssr("check", str(path)))
    assert "2 mistakes" in message
    assert "mine.toml:5" in message
    assert "coverage" in message
    assert "mine.toml:7" in message


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "liberia-203"], "did you mean 'liberia-2003'"),
        (["run", "baseline", "--set", "veting.coverage=0.5"], "did you mean 'vetting.coverage'"),
        (["run", "baseline", "--set", "vetting.coverage=9"], "vetting.coverage"),
        (["run", "baseline", "--set", "vetting.coverage"], "write it as key=value"),
        (["run", "baseline", "--set", "vetting.coverage=lots"], "vetting.coverage"),
        (["run", "baseline", "--replicates", "0"], "--replicates"),
        (["run", "baseline", "--years", "many"], "--years"),
        (["run", "baseline", "--parameters", "posterior"], "prior"),
        (["run", "baseline", "--seed", "-1"], "--seed"),
        (["run", "baseline", "--seed", str(2**63)], "--seed"),
        (["levers", "vetting.coverag"], "did you mean 'vetting.coverage'"),
        (["check", "nowhere.toml"], "nowhere.toml"),
        (["run", "baseline", "--replicates", "100000000"], "GB of memory"),
    ],
)
def test_a_mistake_gets_one_message_and_exit_code_2(ssr: Command, arguments: list[str], words: str) -> None:
    assert words in mistake(ssr(*arguments))


def test_several_wrong_settings_are_reported_together(ssr: Command) -> None:
    message = mistake(ssr("run", "baseline", "--set", "vetting.coverage=9", "--set", "audit.coverag=1"))
    assert "2 mistakes" in message
    assert "vetting.coverage" in message
    assert "audit.coverag" in message


def test_a_folder_that_cannot_be_written_is_refused_before_the_run(
    ssr: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssr_sim.ensemble.run_ensemble", lambda *_: pytest.fail("the runs had started"))
    (tmp_path / "file").write_text("")
    assert "cannot write there" in mistake(ssr("run", "baseline", "--out", str(tmp_path / "file" / "out")))


def test_a_file_that_cannot_be_written_after_the_run_is_one_message_too(ssr: Command, tmp_path: Path) -> None:
    (tmp_path / "events.csv").mkdir()
    assert "could not write all of it" in mistake(ssr("run", "baseline", *SMALL, "--out", str(tmp_path)))


def test_event_log_holds_whole_numbers_and_gaps(ssr: Command, tmp_path: Path) -> None:
    assert ssr("run", "baseline", *SMALL, "--out", str(tmp_path)).exit_code == 0
    with (tmp_path / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert any(row["place"] == "" for row in rows)
    assert all(row["place"] == "" or row["place"].isdecimal() for row in rows)
    assert all(row["parent"] == "" or int(row["parent"]) < int(row["number"]) for row in rows)


@pytest.mark.parametrize("parameters", ["default", "prior"])
def test_event_log_is_that_of_the_first_run(ssr: Command, tmp_path: Path, parameters: str) -> None:
    from ssr_sim.chronicle import chronicle

    options = (*SMALL, "--parameters", parameters, "--out", str(tmp_path))
    assert ssr("run", "baseline", *options).exit_code == 0
    with (tmp_path / "events.csv").open(encoding="utf-8", newline="") as file:
        found = [(row["week"], row["event"], row["place"]) for row in csv.DictReader(file)]
    events = chronicle(Scenario.load("baseline"), 2, parameters=parameters)
    place = {event["number"]: "" if event["place"] is None else str(event["place"]) for event in events}
    assert found == [(str(event["week"]), event["event"], place[event["number"]]) for event in events]


def test_a_preset_goes_over_a_scenario_and_single_settings_over_the_preset(ssr: Command) -> None:
    settings = ssr("compare", "baseline", "baseline", *SMALL, "--preset-b", "anti-corruption",
                   "--set-b", "audit.rate=0.9")
    assert settings.exit_code == 0
    words = " ".join(settings.stdout.split())
    assert "oversight.coverage 0.15 0.6" in words
    assert "audit.rate 0.04 0.9" in words


def test_presets_are_listed_with_what_they_are_for(ssr: Command) -> None:
    listed = ssr("presets").stdout
    for name in ("anti-corruption", "one-off-capacity"):
        assert name in listed
    assert {row["name"] for row in json.loads(ssr("presets", "--json").stdout)} >= {"anti-corruption"}


def test_an_unknown_preset_is_one_message(ssr: Command) -> None:
    assert "did you mean 'anti-corruption'" in mistake(ssr("run", "baseline", "--preset", "anticorruption"))


def test_whole_numbers_of_a_country_can_be_set(ssr: Command) -> None:
    result = ssr("run", "baseline", "--years", "1", "--replicates", "1", "--set", "country.communities=20")
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    assert re.search(r"In [01] of 1 simulated history peace came within 1 year\.", words)
    assert "1 run, seed 1" in words


def test_a_million_communities_name_the_memory_they_need(
    ssr: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge.toml"
    path.write_text('[scenario]\nbased_on = "baseline"\n[country]\ncommunities = 1_000_000\n', encoding="utf-8")
    assert re.search(r"One run needs about [\d.]+ GB of memory", ssr("check", str(path)).stdout)
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=1e9))
    message = mistake(ssr("run", str(path), "--threads", "2"))
    words = r"1,000,000 communities with 2 runs at a time .* need about [\d.]+ GB of memory and 1.0 GB are free"
    assert re.search(words, " ".join(message.split()))


def test_a_large_request_that_fits_is_announced_and_its_steps_told(
    ssr: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = " ".join(ssr("run", "baseline", *SMALL).stderr.split())
    assert quiet == ""
    monkeypatch.setattr("ssr_sim.cli.common.LARGE", 1e3)
    log = logging.getLogger("ssr_sim")
    try:
        told = " ".join(ssr("run", "baseline", *SMALL).stderr.split())
    finally:
        log.handlers, log.level = [], logging.NOTSET
    assert re.search(r"communities with .* need about [\d.]+ GB of memory", told)
    assert "laying roads inside 8 regions" in told
    assert re.search(r"the first year took [\d.]+ s: all runs will take about [\d.]+ s", told)


def test_a_cold_cache_is_announced_and_a_warm_one_is_not(ssr: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ssr("run", "baseline", *SMALL).stderr == ""
    monkeypatch.setattr("ssr_sim.compiling.is_compiled", lambda: False)
    assert "compiling the model: once on this machine" in ssr("run", "baseline", *SMALL).stderr


def test_a_cache_is_cold_until_the_run_loop_lies_in_it(
    ssr: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ssr("run", "baseline", *SMALL).exit_code == 0
    assert compiling.is_compiled()
    empty = code_cache.Store(tmp_path)
    name = next(name for name in code_cache.names() if name.startswith("run.advance-"))
    world = compiling._world()
    monkeypatch.setattr("ssr_sim.code_cache.store", lambda: empty)
    assert not compiling.is_compiled(world)
    empty.save(f"{run.advance.from_python.kept_as()}{name[-16:]}", b"")  # type: ignore[attr-defined]
    assert compiling.is_compiled(world)


def test_the_cache_tells_where_it_is_and_is_cleared(
    ssr: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = code_cache.Store(tmp_path)
    monkeypatch.setattr("ssr_sim.code_cache.store", lambda: kept)
    kept.save("a", b"x" * 1_000_000)
    assert f"{tmp_path}: 1.0 MB, 1 functions" in ssr("cache").stdout.replace("\n", "")
    assert ssr("cache", "--clear").exit_code == 0
    assert kept.files() == []


def test_ctrl_c_while_compiling_stops_without_a_traceback(ssr: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ssr_sim.compiling.is_compiled", lambda: False)
    monkeypatch.setattr("ssr_sim.compiling._share", stop)
    result = ssr("run", "baseline", *SMALL)
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr.strip().splitlines()[-1] == "stopped."


def test_ctrl_c_keeps_what_is_finished(ssr: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ssr_sim.ensemble import run_ensemble

    def stop(scenario: object, years: int, replicates: int, *rest: object) -> None:
        raise Interrupted((run_ensemble(scenario, 2, 3),))  # type: ignore[arg-type]

    monkeypatch.setattr("ssr_sim.ensemble.run_ensemble", stop)
    result = ssr("run", "baseline", *SMALL, "--out", str(tmp_path))
    assert result.exit_code == 130
    assert result.stderr.strip().splitlines()[-1].startswith("stopped after 3 of 4 replicates; these are in")
    assert "after 3 of 4 replicates" in (tmp_path / "report.html").read_text(encoding="utf-8")
    without = ssr("run", "baseline", *SMALL)
    assert (without.exit_code, without.stdout) == (130, "")
    assert "nothing was kept" in without.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_real_ctrl_c_ends_with_130_and_one_line() -> None:
    running = process("run", "baseline", "--replicates", "4000", "--years", "20", start_new_session=True)
    time.sleep(4.0)
    os.kill(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in errors
    assert errors.strip().splitlines()[-1].startswith("stopped")


def test_module_and_command_are_the_same() -> None:
    running = process("--version")
    text, _ = running.communicate(timeout=30)
    assert (running.returncode, text) == (0, f"ssr-sim {__version__}\n")
