"""The command `candour`."""

import asyncio
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated

import typer
import uvloop

from survey import app as web
from survey import worker as worker_process
from survey.db.embedded import remove_cluster
from survey.db.errors import DatabaseUnavailable, EmbeddedDatabaseError
from survey.db.preparation import migrate as run_migrations
from survey.db.preparation import prepared
from survey.db.preparation import status as migration_status
from survey.demo import supervisor
from survey.demo.world import UNFINISHED, ensure_world, is_unfinished
from survey.mail.composing import composers_of
from survey.promises import doctor as diagnosis
from survey.promises import keys, verification
from survey.settings import BadSettings, Settings, read, settings
from survey.web import server
from survey.web.application import utc_now
from survey.web.logs import configure_logs

app = typer.Typer(
    help="Candour: surveys and mystery shops whose privacy promises are running code.",
    no_args_is_help=True,
    # A traceback in colours would show the values of variables.
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command; refusals are sentences, not tracebacks."""
    try:
        app()
    except BadSettings as error:
        for problem in error.problems:
            typer.echo(f"candour: {problem}", err=True)
        raise SystemExit(2) from None
    except (DatabaseUnavailable, EmbeddedDatabaseError, supervisor.DidNotStart) as error:
        typer.echo(f"candour: {error}", err=True)
        raise SystemExit(1) from None


@app.command()
def serve(portal: Annotated[bool, typer.Option(help="Only the client portal")] = False) -> None:
    """Serve the web: staff, shoppers, respondents, rights; and the client portal beside them."""
    chosen = settings()
    if not portal:
        # A portal on a machine of its own may have nothing but the release plane, and neither hashes nor opts out.
        asyncio.run(keys.require_known(chosen))
    server.serve(chosen, portal_only=portal)


@app.command()
def worker() -> None:
    """Send mail and run background jobs."""
    configure_logs()
    chosen = settings()
    asyncio.run(keys.require_known(chosen))
    uvloop.run(worker_process.run_worker(chosen, site=web.build))


@app.command()
def migrate(status: Annotated[bool, typer.Option(help="Only say what is pending")] = False) -> None:
    """Bring the database up to date."""
    steps = migration_status(settings()) if status else run_migrations(settings())
    for step in steps:
        typer.echo(f"{step.id}  {'applied' if step.is_applied or not status else 'pending'}")
    if not steps:
        typer.echo("nothing to do")


@app.command()
def demo(reset: Annotated[bool, typer.Option(help="Start over from an empty data folder")] = False) -> None:
    """A living demo: database, web and worker, and a small world made by the product's own services."""
    # A shell that starts us in the background has us ignore Ctrl-C; building the world must end by it all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ |= supervisor.demo_environment(os.environ)
    chosen = settings()
    if reset or is_unfinished(chosen):
        _say("starting over from an empty data folder")
        _forget(chosen)
    _say("starting the embedded development database")
    with _logging(chosen), prepared(chosen) as ready:
        ensure_world(chosen, _say, composers_of(worker_process.MAIL))
        with supervisor.supervised(chosen) as processes:
            if not processes.is_ending:
                typer.echo(f"ready {chosen.base_url}")
                typer.echo(f"       one-click sign-ins: {chosen.base_url}/demo   (Ctrl-C ends everything)")
            supervisor.watch(processes, ready.revive, _say)


@app.command()
def doctor() -> None:
    """Say in plain words what is wrong with this deployment."""
    found = asyncio.run(diagnosis.findings(read(os.environ)))
    for finding in found:
        typer.echo(f"✗ {finding}")
    if found:
        raise SystemExit(1)
    typer.echo("✓ nothing is wrong with this deployment")


@app.command()
def verify() -> None:
    """Check every promise now, and keep what was found."""
    results = asyncio.run(verification.verify(settings()))
    for result in results:
        typer.echo(f"{'✓' if result.is_held else '✗'} {result.promise:28} {result.finding}")
    if not all(result.is_held for result in results):
        raise SystemExit(1)


@app.command()
def rotate_keys() -> None:
    """Wrap every subject's key with the newest key-encryption key of CANDOUR_KEKS."""
    chosen = settings()
    done = asyncio.run(keys.rotate(chosen, utc_now()))
    typer.echo(
        f"{done:,} keys wrapped anew with version {chosen.keyring.current}; older versions may leave CANDOUR_KEKS"
    )


def _forget(chosen: Settings) -> None:
    """Delete the demo's database, mailbox, media and logs."""
    with suppress(FileNotFoundError):
        remove_cluster(chosen.data_path)
    (chosen.data_path / UNFINISHED).unlink(missing_ok=True)
    for name in ("mailbox", "media", "logs", "uploads"):
        shutil.rmtree(chosen.data_path / name, ignore_errors=True)


@contextmanager
def _logging(chosen: Settings) -> Iterator[None]:
    """What this process logs goes to a file; the terminal is for people."""
    folder = chosen.data_path / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.log").open("ab") as file:
        configure_logs(file)
        yield


def _say(text: str) -> None:
    typer.echo(f"candour: {text}")


if __name__ == "__main__":
    main()
