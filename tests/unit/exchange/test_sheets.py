"""Whatever file somebody chooses: how it is written is told, a broken row loses itself alone, a bomb does not burst."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from typing import IO

import pytest
from openpyxl import Workbook

from innovation.exchange.service.mapping import sheets
from innovation.exchange.service.mapping.sheets import layout_of, opened
from innovation.kernel.errors import Invalid


def _read(content: bytes, sheet: str = "") -> tuple[tuple[str, ...], list[tuple[int, list[str], str]]]:
    file = io.BytesIO(content)
    with opened(file, layout_of(file), sheet) as found:
        return found.headings, [(line.number, list(line.cells), line.problem) for line in found.lines]


def _refused(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        _read(content)
    return caught.value.code


def _book(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("cp1252", "cp1252"),
    ],
)
def test_what_a_file_is_written_in_is_told(encoding: str, told: str) -> None:
    content = "naam,plaats\r\nZoë,Curaçao\r\n".encode(encoding)
    assert layout_of(io.BytesIO(content)).encoding == told
    assert _read(content) == (("naam", "plaats"), [(2, ["Zoë", "Curaçao"], "")])


@pytest.mark.parametrize(("sign", "first"), [(",", ""), (";", ""), ("\t", ""), (";", "sep=;\r\n")])
def test_what_stands_between_columns_is_told(sign: str, first: str) -> None:
    content = f'{first}a{sign}"b,c"\r\n1{sign}2\r\n'.encode()
    number = 3 if first else 2
    assert _read(content) == (("a", "b,c"), [(number, ["1", "2"], "")])


def test_a_wrong_byte_loses_its_row_alone() -> None:
    _, rows = _read("a,b\nZoë,é\nx,\udcff\nä,ö\n".encode("utf-8", "surrogateescape"))
    assert [cells for _, cells, _ in rows] == [["Zoë", "é"], ["x", "\udcff"], ["ä", "ö"]]


def test_quotes_that_do_not_close_lose_one_line() -> None:
    _, rows = _read(b'a,b\n1,"open\n2,fine\n3,"two\nlines"\n4,"x"y\n5,end\n')
    assert [(number, problem) for number, _, problem in rows] == [
        (2, "broken_quotes"),
        (3, ""),
        (4, ""),
        (6, "broken_quotes"),
        (7, ""),
    ]


def test_rows_of_another_width_say_so_and_empty_ones_are_nothing() -> None:
    _, rows = _read(b"a,b\n1,2,,\n\n,\n3\n4,5,6\n")
    assert [(number, problem) for number, _, problem in rows] == [(2, ""), (5, "wrong_cells"), (6, "wrong_cells")]


def test_columns_have_names_of_their_own() -> None:
    headings, _ = _read(b"Titel,Titel,,'=1+1, titel \nx,y,z,w,v\n")
    assert headings == ("Titel", "Titel (2)", "#3", "=1+1", "titel")


def test_files_that_hold_no_table_are_refused_with_what_to_do() -> None:
    assert _refused(b"") == "file_empty"
    assert _refused(b"\xef\xbb\xbf\r\n\r\n") == "file_empty"
    assert _refused(b",,,\n,,\n") == "file_empty"
    assert _refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50) == "old_workbook"
    assert _refused(b"PK\x03\x04 not a zip at all") == "file_unreadable"
    assert _refused(b"GIF89a\x01\x00\x01\x00\x00\x00 picture") == "file_unreadable"
    assert _refused(",".join(f"c{n}" for n in range(5_000)).encode()) == "too_many_columns"
    assert _refused(_book(["x"] * 5_000)) == "too_many_columns"
    assert _refused(_book()) == "file_empty"


def _bomb(name: str, size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(name, "w") as into:
        for _ in range(size // 1_000_000):
            into.write(b" " * 1_000_000)
    return file.getvalue()


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 50_000_000)
    bomb = _bomb("xl/worksheets/sheet1.xml", 60_000_000)
    assert len(bomb) < 100_000
    tracemalloc.start()
    assert (_refused(bomb), _refused(_bomb("xl/sharedStrings.xml", 61_000_000))) == ("unpacks_too_large",) * 2
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_workbook_reads_as_text_and_computes_nothing() -> None:
    book = _book(["n", "x", "day"], [1.0, "=HYPERLINK(1)", None], [2.5, True, "x"])
    assert _read(book) == (("n", "x", "day"), [(2, ["1", "", ""], ""), (3, ["2.5", "yes", "x"], "")])


class _Endless(io.RawIOBase):
    """A file of so many rows that holds none of them."""

    def __init__(self, rows: int) -> None:
        self._pieces = self._made(rows)
        self._rest = b""
        self._at_start = True

    def _made(self, rows: int) -> Iterator[bytes]:
        yield b"id,title\n"
        for number in range(rows):
            yield b"%d,%s\n" % (number, b"t" * 200)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        return 0

    def readinto(self, into: object) -> int:
        view = memoryview(into)  # type: ignore[arg-type]
        while len(self._rest) < len(view) and (piece := next(self._pieces, b"")):
            self._rest += piece
        taken, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(taken)] = taken
        return len(taken)


def test_rows_are_forgotten_as_they_are_read() -> None:
    file: IO[bytes] = io.BufferedReader(_Endless(50_000))  # type: ignore[assignment]
    layout = sheets.Layout("csv", "utf-8-sig", ",", ())
    tracemalloc.start()
    with opened(file, layout) as found:
        read = sum(1 for _ in found.lines)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (read, peak < 2_000_000) == (50_000, True)  # the file is ten megabytes
