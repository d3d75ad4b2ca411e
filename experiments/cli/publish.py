"""`quiver-sim publish`: a store as a static site."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.output import Debug, Json, answered, check_out, document, quiet_stdout
from experiments.errors import RequestError, nearest


def publish(
    store: Annotated[Path, typer.Argument(metavar="DIR", help="The store of a finished sweep.")],
    out: Annotated[
        Path | None, typer.Option(metavar="SITE", help="Folder for the site; site in the store if left out.")
    ] = None,
    sensitivity: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="What quiver-sim sensitivity --out wrote of the same experiment, to show."),
    ] = None,
    images: Annotated[bool, typer.Option("--images", help="Each figure as PNG and SVG too, in SITE/images.")] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Write the static site of a store: figures, tables and the answer in words, on a page for each subject."""
    with answered(debug):
        check_store(store)
        check_out(out or store / "site")
        from dashboards import publish as write_site

        with quiet_stdout(), _wrong_requests():
            site = write_site(store, out, sensitivity, images)
        address = (site / "index.html").resolve().as_uri()
        if as_json:
            document({"store": str(store), "site": str(site), "page": address})
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


def check_store(store: Path) -> None:
    """Refuse what is not the store of a finished sweep, saying what it is instead."""
    if not store.is_dir():
        near = nearest(store.name, [path.name for path in store.parent.glob("*") if path.is_dir()])
        hint = f"; nearest: {', '.join(str(store.parent / name) for name in near)}" if near else ""
        raise RequestError(f"{store}: no such folder; allowed: the store of a finished sweep{hint}")
    if not (store / "manifest.json").is_file() and ((store / "plan.json").is_file() or (store / "chunks").is_dir()):
        raise RequestError(f"{store}: its sweep is unfinished; the same quiver-sim sweep again finishes it")
    if not (store / "manifest.json").is_file():
        inside = sorted(path.parent.name for path in store.glob("*/manifest.json"))
        hint = f"; it holds {', '.join(str(store / name) for name in inside)}" if inside else ""
        raise RequestError(f"{store}: has no manifest.json; allowed: the store of a finished sweep{hint}")
