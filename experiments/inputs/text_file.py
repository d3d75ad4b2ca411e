"""Text files of a user: read up to a size, decoded, or refused in a sentence."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

from experiments.errors import RequestError

MOST_BYTES = 1_000_000
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def path_of(found: str | Path, folder: Path | None = None) -> Path:
    """The path that a user wrote, `~` as the home folder, a relative one from `folder`."""
    try:
        path = Path(found).expanduser()
    except RuntimeError:
        raise RequestError(f"{found}: no such file (whose home folder ~ stands for is not known)") from None
    return path if folder is None else folder / path


def read_text(path: Path, where: str, most_bytes: int = MOST_BYTES, newline: str | None = None) -> str:
    """A file in UTF-8, or in UTF-16 with its mark; `newline` as `open` takes it. A `RequestError` says why not."""
    data = read_bytes(path, where, most_bytes)
    encoding = "utf-16" if data.startswith(UTF_16) else "utf-8-sig"
    try:
        return io.TextIOWrapper(io.BytesIO(data), encoding, newline=newline).read()
    except UnicodeDecodeError:
        raise RequestError(f"{where}: not a text file in UTF-8") from None


def read_bytes(path: Path, where: str, most_bytes: int = MOST_BYTES) -> bytes:
    """What is in a file of at most so many bytes; a `RequestError` says why not."""
    try:
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except FileNotFoundError:
        raise RequestError(f"{where}: no such file") from None
    except IsADirectoryError:
        raise RequestError(f"{where}: a folder; allowed: a file") from None
    except OSError as error:
        raise RequestError(f"{where}: cannot be read ({error.strerror or error})") from None
    except ValueError:
        raise RequestError(f"{str(path)!r}: cannot be read (no file has such a name)") from None
    if len(data) > most_bytes:
        raise RequestError(f"{where}: the file has more than {most_bytes:,} bytes; this is not such a file")
    return data
