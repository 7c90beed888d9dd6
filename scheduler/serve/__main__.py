"""`python -m scheduler.serve` and the command `ambassador-scheduler`: check, prepare, run."""

import sys
from typing import Any

from flask import Config

from scheduler import paths
from scheduler.serve import checks
from scheduler.serve.checks import CannotStart
from scheduler.serve.processes import Supervisor, allow_connections, job_worker, server


def main() -> int:
    """Run until Ctrl-C; 1 when something stands in the way, told in one sentence.

    With the argument `prepare` only the preparation is done: for deployments that start server
    and worker themselves.
    """
    only_prepare = sys.argv[1:] == ["prepare"]
    try:
        settings = _settings()
        if not only_prepare:
            checks.port_is_free(settings["LISTEN_HOST"], settings["PORT"])
        checks.database_is_reachable(settings["DATABASE_URL"])
        checks.mail_has_a_way_out(settings["MAIL_URL"])
        checks.mail_can_be_read(settings["MAIL_IN_URL"])
        checks.front_end_is_bundled()
        lines = _prepare()
    except CannotStart as reason:
        print(f"Cannot start: {reason}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        return 130
    if only_prepare:
        print("\n".join(lines))
        return 0
    return _run(settings, lines)


def _settings() -> dict[str, Any]:
    settings = Config(str(paths.PACKAGE))
    try:
        settings.from_pyfile(str(paths.settings_file()))
    except (ValueError, OSError) as error:
        raise CannotStart(f"A setting cannot be used: {error}.") from None
    return dict(settings)


def _prepare() -> list[str]:
    # Imported only now: a taken port is told at once, not after everything was loaded.
    from scheduler.app import create_app  # noqa: PLC0415
    from scheduler.serve import preparation  # noqa: PLC0415

    app = create_app(LOG_LEVEL="WARNING")
    preparation.migrate(app)
    return preparation.welcome(app)


def _run(settings: dict[str, Any], lines: list[str]) -> int:
    host, port = settings["LISTEN_HOST"], settings["PORT"]
    allow_connections()
    children = [server(host, port, settings["SERVER_WORKERS"]), job_worker()]
    address = settings["PUBLIC_URL"]
    paths.last_address().write_text(address, encoding="utf-8")

    def announce() -> None:
        print("\n".join(["", f"Ambassador Scheduler runs at {address}", *lines, ""]))
        print("Ctrl-C stops it.", flush=True)

    return Supervisor(children, address=(host, port), announce=announce).run()


if __name__ == "__main__":
    sys.exit(main())
