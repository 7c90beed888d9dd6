"""Secrets are made once per installation, whoever asks first, and only their owner reads them."""

import os
import stat
import subprocess
import sys

from scheduler import paths


def test_a_secret_is_made_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path / "instance"))
    first = paths.kept_secret("secret-key")
    assert (len(first), paths.kept_secret("secret-key")) == (64, first)
    assert paths.kept_secret("encryption-key") != first


def test_only_the_owner_may_read_it(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path / "instance"))
    paths.kept_secret("secret-key")
    place = tmp_path / "instance" / "secret-key"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_processes_that_start_at_once_agree(tmp_path):
    code = "from scheduler import paths; print(paths.kept_secret('secret-key'))"
    environment = {**os.environ, "INSTANCE_PATH": str(tmp_path / "instance")}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(6)
    ]
    secrets = {process.communicate()[0].strip() for process in started}
    assert len(secrets) == 1
    assert [place.name for place in (tmp_path / "instance").iterdir()] == ["secret-key"]
