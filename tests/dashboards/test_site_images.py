"""Images of every figure, and the sentences where they cannot be made."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards import NoImagesError, publish
from dashboards.site import images
from dashboards.site.grids import Page
from dashboards.site.pages import site_pages
from dashboards.source import load_store
from experiments.errors import StoppedError
from tests.dashboards.conftest import chromium
from tests.dashboards.sites import all_drawn, page
from tests.dashboards.synthetic import write_store
from tests.structure.sources import ROOT


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A store without KPIs, which has few figures."""
    return write_store(tmp_path / "store", runs=4, days=5, designs=(3, 4), kpis=[])


@pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine; install it with: apt-get install chromium")
def test_every_figure_is_a_png_and_an_svg(bare: Path, tmp_path: Path) -> None:
    pytest.importorskip("kaleido", reason="images need kaleido: pip install 'quiver-sim[images]'")
    asked = [sys.executable, "-m", "experiments.cli", "publish", bare, "--out", tmp_path / "site", "--images", "--json"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    site = Path(json.loads(found.stdout)["site"])
    names = {path.name for path in (site / "images").iterdir()}
    assert names == {f"{name}.{kind}" for name in all_drawn(site) for kind in ("png", "svg")}
    assert (site / "images" / "fan-price_usd.png").read_bytes().startswith(b"\x89PNG")
    svg = (site / "images" / "fan-price_usd.svg").read_text(encoding="utf-8")
    assert "QUIV price" in svg
    assert "seed 7" in svg
    assert set(re.findall(r'href="images/([^"]+)"', page(site))) <= names


def test_all_images_are_asked_for_at_once(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One start of the browser, however many figures; each once, though the overview repeats some."""
    calls = []
    monkeypatch.setattr(images.pio, "write_images", lambda *found, **_: calls.append(found))
    written = images.write_images(pages_of(bare), tmp_path / "images")
    assert len(calls) == 1
    figures, files = calls[0]
    assert len(figures) == len(files) == len(set(files)) == len(written)
    assert all(figure.layout.title.text for figure in figures)


def pages_of(folder: Path) -> list[Page]:
    """A store's pages."""
    from dashboards.labels import Labels

    store = load_store(folder)
    return site_pages(store, Labels.of(store.manifest, store.design), {})


def test_without_kaleido_there_is_a_sentence(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "find_spec", lambda _: None)
    with pytest.raises(NoImagesError, match=r"kaleido, which is not installed; install it with: pip install"):
        publish(bare, images=True)
    assert not (bare / "site").exists()


def test_without_chromium_there_is_a_sentence(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise RuntimeError("Kaleido requires Google Chrome to be installed.")

    monkeypatch.setattr(images, "find_spec", lambda _: object())
    monkeypatch.setattr(images.pio, "write_images", none)
    with pytest.raises(NoImagesError, match=r"Chromium, which was not found .*: apt-get install chromium"):
        publish(bare, images=True)
    assert not (bare / "site").exists()


def test_another_error_is_not_mistaken_for_it(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(images, "find_spec", lambda _: object())
    monkeypatch.setattr(images.pio, "write_images", full)
    with pytest.raises(StoppedError, match="the disk is full"):
        publish(bare, images=True)
