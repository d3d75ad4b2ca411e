"""`quiver-sim publish`: a store as a static site."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.command import PUBLISH, command
from experiments.cli.options import Debug, FinishedStore, Json, check_out, check_store
from experiments.cli.output import answered, print_json, quiet_stdout
from experiments.errors import RequestError


@command("publish", PUBLISH, 1, example="results/demo-1f3a9c --out site")
def publish_command(
    store: FinishedStore,
    out: Annotated[
        Path | None, typer.Option(metavar="SITE", help="Folder for the site (default: site, in the store).")
    ] = None,
    sensitivity: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Results of quiver-sim sensitivity --out of the same experiment, to show."),
    ] = None,
    images: Annotated[
        bool, typer.Option("--images", help="Write each figure as PNG and SVG too, into SITE/images.")
    ] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Publish a store as a self-contained static site: the answer in words, figures and tables."""
    with answered(debug):
        check_store(store)
        check_out(out or store / "site")
        from dashboards import publish as write_site

        with quiet_stdout(), _wrong_requests():
            site = write_site(store, out, sensitivity, images)
        address = (site / "index.html").resolve().as_uri()
        if as_json:
            print_json({"store": str(store), "site": str(site), "page": address})
        else:
            typer.echo(address)


@contextlib.contextmanager
def _wrong_requests() -> Iterator[None]:
    """A store that is damaged is a wrong request, and so are images where they cannot be made."""
    from dashboards import NoImagesError, StoreError

    try:
        yield
    except (StoreError, NoImagesError) as error:
        raise RequestError(str(error)) from None
