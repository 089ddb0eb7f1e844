"""Reading JSON that someone else wrote: what it may be, and what to say where it is not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
Params: TypeAlias = dict[str, int | str]

VERSION: Final = 1


class Malformed(ValueError):
    """Input that says nothing decidable: ``code`` and ``params`` for a sentence, ``path`` to the spot."""

    def __init__(self, code: str, path: str, **params: int | str) -> None:
        super().__init__(f"{path}: {code}" + "".join(f" {name}={value!r}" for name, value in params.items()))
        self.code = code
        self.path = path
        self.params: Params = dict(params)


class RuleError(Malformed):
    """A rule that cannot be applied. Codes: not_an_object, unknown_key, missing_key, unknown_version,
    unknown_measure, unknown_value, not_a_number, not_positive, empty, too_deep, one_comparison,
    order_needed, twice, mix_size, no_line. Of judgements: not_close, too_many, too_dear."""


class SnapshotError(Malformed):
    """A snapshot that cannot be decided. Codes as of `RuleError`, and: not_an_integer, not_text, not_json,
    not_a_list, not_a_time, unknown_challenge, nothing_carried, carried_too_early, too_large, ballots_needed,
    ballots_differ."""


def an_object(
    data: Json, path: str, error: type[Malformed], required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Mapping[str, Json]:
    """``data`` when it is an object with every required key and no unknown one; else raises ``error``."""
    if not isinstance(data, Mapping):
        raise error("not_an_object", path)
    for key in data:
        if key not in required and key not in optional:
            raise error("unknown_key", path, key=str(key))
    for key in required:
        if key not in data:
            raise error("missing_key", path, key=key)
    return data


def one_of(data: Json, known: Iterable[str], path: str, error: type[Malformed], code: str = "unknown_value") -> str:
    """``data`` when it is one of the ``known`` words; else raises ``error`` with ``code``."""
    if isinstance(data, str) and data in known:
        return data
    raise error(code, path, found=str(data)[:60], known="|".join(known))


def a_list(data: Json, path: str) -> Sequence[Json]:
    if not isinstance(data, list | tuple):
        raise SnapshotError("not_a_list", path)
    return data


def a_text(data: Json, path: str) -> str:
    # A lone surrogate is a str that no encoding can spell: it would only fail later, in the hash.
    if not isinstance(data, str) or not data or any("\ud800" <= letter <= "\udfff" for letter in data):
        raise SnapshotError("not_text", path)
    return data


def an_integer(data: Json, path: str, least: int | None) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or (least is not None and data < least):
        raise SnapshotError("not_an_integer", path)
    return data
