"""Whatever the disk does, nothing finished is lost, and what is wrong is said."""

import errno
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import Result

from ssr_sim.sweep import runner, store
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.results import Results
from ssr_sim.sweep.store import SweepError

Make = Callable[..., Experiment]


@pytest.fixture
def many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part for every run."""
    monkeypatch.setattr(runner, "PART_SECONDS", 1e-9)


def test_a_full_disk_is_said_and_what_was_finished_is_kept(small: Make, tmp_path: Path, many_parts: None,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    original, written = store._write, []

    def full(path: Path, content: Any) -> None:
        if path.parent.parent.name == "open":
            written.append(path)
            if len(written) > 3:
                original(path, content[: content.size // 2])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        original(path, content)

    monkeypatch.setattr(store, "_write", full)
    with pytest.raises(SweepError, match=r"No space left on device.*kept.*run the same command again"):
        small().run(tmp_path / "out", threads=1)
    assert len(Results.open(tmp_path / "out").frame()) == 3
    assert list((tmp_path / "out" / "open").iterdir()) == []
    monkeypatch.setattr(store, "_write", original)
    assert small().run(tmp_path / "out").digest() == small().run(tmp_path / "whole").digest()


class Killed(BaseException):
    """The end of a process, which nothing handles."""


@pytest.mark.parametrize("moment", range(9))
def test_a_sweep_that_was_killed_while_it_began_begins_again(small: Make, tmp_path: Path, moment: int,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    sync, synced = os.fsync, []

    def killed_then(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) > moment:
            raise Killed
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", killed_then)
    with pytest.raises(Killed):
        small().run(tmp_path / "out", threads=1)
    monkeypatch.setattr(os, "fsync", sync)
    assert len(small().run(tmp_path / "out", threads=1).frame()) == 6


def test_a_limit_on_file_size_is_said_without_a_traceback(specification: Callable[..., Path], tmp_path: Path) -> None:
    spec, out = specification(), tmp_path / "out"
    command = [sys.executable, "-m", "ssr_sim", "sweep", "run", str(spec), "--out", str(out)]
    limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000))}
    failed = subprocess.run(command, capture_output=True, text=True, check=False, **limit)  # type: ignore[call-overload]
    assert failed.returncode == 2
    assert "File too large" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_folder_that_cannot_be_written_is_said(small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                 specification: Callable[..., Path],
                                                 ssr: Callable[..., Result]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SweepError, match=r"file/out: cannot write there \(Not a directory\)"):
        small().run(tmp_path / "file" / "out")

    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(store, "_write", read_only)
    result = ssr("sweep", "run", specification(), "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "cannot write there (Read-only file system)" in result.stderr


@pytest.mark.parametrize("table", ["runs", "series"])
def test_a_part_that_was_cut_off_is_named(small: Make, tmp_path: Path, many_parts: None, table: str) -> None:
    head = '[experiment]\nscenario = "baseline"\nyears = 1\nset = { "country.communities" = 6 }\noutputs = ["series"]\n'
    results = small(head=head).run(tmp_path / "out")
    whole, broken = results.digest(), results.parts()[2]
    file = broken.file(table)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(SweepError, match=rf"{re.escape(str(file))} is damaged .* delete the folder"):
        small(head=head).run(tmp_path / "out")
    with pytest.raises(SweepError, match="is damaged"):
        Results.open(tmp_path / "out").frame()
    for other in broken.path.iterdir():
        other.unlink()
    broken.path.rmdir()
    assert small(head=head).run(tmp_path / "out").digest() == whole


def test_a_byte_that_has_changed_is_found_by_verify(small: Make, tmp_path: Path, ssr: Callable[..., Result]) -> None:
    results = small().run(tmp_path / "out")
    file = results.parts()[0].file("runs")
    content = bytearray(file.read_bytes())
    content[60] ^= 0xFF
    file.write_bytes(content)
    result = ssr("sweep", "verify", tmp_path / "out", "--sample", 1)
    assert result.exit_code == 2
    assert "is damaged" in result.stderr


def test_parts_of_another_version_are_refused(small: Make, tmp_path: Path, many_parts: None) -> None:
    results = small().run(tmp_path / "out")
    part = results.parts()[0]
    table = parquet.read_table(part.file("runs"))
    for change, message in (({"model": "of old"}, "holds runs of another version of the model (of old"),
                            ({"format": 99}, "was written by another version of this program (format 99")):
        note = json.dumps({**part.note, **change})
        parquet.write_table(table.replace_schema_metadata({b"ssr_sim": note}), part.file("runs"))
        with pytest.raises(SweepError, match=re.escape(message)):
            small().run(tmp_path / "out")
    parquet.write_table(pa.table({"a": [1]}), part.file("runs"))
    with pytest.raises(SweepError, match="another version of this program"):
        small().run(tmp_path / "out")


def test_a_sweep_of_another_model_is_not_mixed_with_this_one(small: Make, tmp_path: Path) -> None:
    digest = small().run(tmp_path / "out").digest()
    file = tmp_path / "out" / store.STUDY
    file.write_text(file.read_text().replace(json.loads(file.read_text())["model"], "0123456789abcdef"))
    with pytest.raises(SweepError, match="holds runs of another version of the model"):
        small().run(tmp_path / "out")
    assert Results.open(tmp_path / "out").digest() == digest, "its results can still be read"


def test_two_processes_do_not_work_in_one_folder(small: Make, tmp_path: Path) -> None:
    out = tmp_path / "out"
    small("[replicates]\nn = 1\n").run(out)
    script = ("import sys, time; from pathlib import Path; from ssr_sim.sweep import store\n"
              "with store.locked(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)")
    holder = subprocess.Popen([sys.executable, "-c", script, str(out)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(SweepError, match=rf"another process is at work in .*\(process {holder.pid} on "):
            small().run(out)
        assert store.at_work(out).startswith(f"process {holder.pid}")
        assert len(Results.open(out).frame()) == 2, "reading needs no lock"
    finally:
        holder.kill()
        holder.wait()
    assert len(small().run(out).frame()) == 6, "a killed process leaves no lock behind"
    assert store.at_work(out) == ""


def test_where_folders_cannot_be_opened_a_sweep_works(small: Make, tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where opening one is refused."""
    original = os.open

    def files_only(path: Any, *rest: Any, **more: Any) -> int:
        if os.path.isdir(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return original(path, *rest, **more)

    monkeypatch.setattr(store, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(os, "open", files_only)
    assert len(small().run(tmp_path / "out").frame()) == 6


def test_a_folder_that_is_no_sweep_is_said(tmp_path: Path, ssr: Callable[..., Result]) -> None:
    for command in (["status"], ["failures"], ["verify"], ["compact"], ["export"], ["rerun", "a1"],
                    ["extend", "--replicates", "3"]):
        result = ssr("sweep", command[0], tmp_path, *command[1:])
        assert result.exit_code == 2, command
        assert "is not the folder of a sweep" in result.stderr
