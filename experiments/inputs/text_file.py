"""Files of a user, wherever one is named: regular ones alone, read up to a size, decoded, or refused in a sentence.

What a file says is quoted only where it is known to be what was asked for: one file may name another that is not the
user's to show. No device, pipe or socket is opened, and no character that steers a terminal gets past.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import stat
from pathlib import Path

from experiments.errors import RequestError, UnfitError, show
from experiments.words import UNSEEN, UNSEEN_IN_PATHS, named

MOST_BYTES = 1_000_000
"""Bytes of a file that a person writes; what is read of them takes seconds."""

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def path_of(found: str | Path, folder: Path | None = None) -> Path:
    """The path that a user wrote, `~` as the home folder, a relative one from `folder`; no file need be there."""
    if UNSEEN_IN_PATHS.search(str(found)):
        raise RequestError(f"{show(str(found))}: cannot be read (no file has such a name)")
    try:
        path = Path(found).expanduser()
    except RuntimeError:
        raise RequestError(f"{found}: no such file (whose home folder ~ stands for is not known)") from None
    path = path if folder is None else folder / path
    try:
        os.lstat(path)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise RequestError(f"{show(str(found))}: no such file (the name is too long)") from None
    except ValueError:
        raise RequestError(f"{show(str(found))}: cannot be read (no file has such a name)") from None
    return path


def read_text(path: Path, where: str, most_bytes: int = MOST_BYTES, newline: str | None = None) -> str:
    """A file in UTF-8, or in UTF-16 with its mark; `newline` as `open` takes it. A `RequestError` says why not."""
    data = read_bytes(path, where, most_bytes)
    encoding = "utf-16" if data.startswith(UTF_16) else "utf-8-sig"
    try:
        text = io.TextIOWrapper(io.BytesIO(data), encoding, newline=newline).read()
    except UnicodeDecodeError:
        raise RequestError(f"{where}: not a text file in UTF-8") from None
    if hidden := UNSEEN.search(text):
        raise RequestError(f"{where}, line {line_of(text, hidden.start())}: {unseen(hidden[0])}")
    return text


def unseen(char: str) -> UnfitError:
    """What is wrong with a text that has such a character."""
    return UnfitError(f"the character {named(char)}", "characters that can be seen")


def line_of(text: str, place: int) -> int:
    """The line, from 1, of a place in a text whose lines end in LF, CRLF or CR."""
    above = text[:place]
    return 1 + above.count("\n") + above.count("\r") - above.count("\r\n")


def read_bytes(path: Path, where: str, most_bytes: int = MOST_BYTES) -> bytes:
    """What is in a regular file of at most so many bytes; a `RequestError` says why not."""
    try:
        _check_kind(os.stat(path), where)
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:
            _check_kind(os.fstat(handle), where)
            data = file.read(most_bytes + 1) or b""
    except RequestError:
        raise
    except FileNotFoundError:
        raise RequestError(f"{where}: no such file") from None
    except OSError as error:
        raise RequestError(f"{where}: cannot be read ({error.strerror or error})") from None
    except ValueError:
        raise RequestError(f"{show(str(path))}: cannot be read (no file has such a name)") from None
    if len(data) > most_bytes:
        raise RequestError(f"{where}: the file has more than {most_bytes:,} bytes; this is not such a file")
    return data


def _check_kind(found: os.stat_result, where: str) -> None:
    """Refuse what is no regular file, which might never end, or act on being opened."""
    if not stat.S_ISREG(found.st_mode):
        raise RequestError(f"{where}: {KINDS.get(stat.S_IFMT(found.st_mode), 'no file')}; allowed: a file")
