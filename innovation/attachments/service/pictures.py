"""Images, encoded anew: only the picture is kept, nothing that was written beside it (place, camera, person, thumbnails)."""

from __future__ import annotations

import io
import tempfile
import threading
import warnings
from typing import IO, cast

from PIL import Image, ImageCms, ImageOps

from innovation.kernel.errors import Invalid

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 4096
"""Pixels; a larger image is made smaller, which no screen shows."""
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "GIF", "image/avif": "AVIF"}
_SAVED: dict[str, dict[str, object]] = {
    "PNG": {"optimize": False},
    "JPEG": {"quality": 88, "progressive": True},
    "WEBP": {"quality": 88},
    "GIF": {},
    "AVIF": {"quality": 75, "speed": 8},
}
_MODES = {"PNG": ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"), "JPEG": ("RGB", "L"), "GIF": ("P", "L", "RGB", "RGBA")}
_one_at_a_time = threading.Lock()
"""An image of forty million pixels takes 160 MB while it is open; several at once would take the machine."""


def encode_anew(content: IO[bytes], media_type: str, longest: int = LONGEST_SIDE) -> tuple[IO[bytes], int, int]:
    """The same picture, upright and without metadata, as (content, width, height).

    Args:
        longest: of its sides in pixels; a larger picture is made smaller.

    Raises:
        Invalid: it cannot be read, has too many pixels, or moves (a reader could not stop it).
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        content.seek(0)
        try:
            with Image.open(content, formats=[_FORMATS[media_type]]) as image:
                return _encoded(image, _FORMATS[media_type], longest)
        except Invalid:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise Invalid("image_too_many_pixels", field="file", most=MOST_PIXELS // 1_000_000) from error
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError) as error:
            raise Invalid("file_is_damaged", field="file") from error


def _encoded(image: Image.Image, form: str, longest: int) -> tuple[IO[bytes], int, int]:
    if image.width * image.height > MOST_PIXELS:
        raise Invalid("image_too_many_pixels", field="file", most=MOST_PIXELS // 1_000_000)
    if getattr(image, "is_animated", False):
        raise Invalid("image_moves", field="file")
    if form == "JPEG":
        image.draft("RGB", (longest, longest))
    profile = cast("bytes | None", image.info.get("icc_profile"))
    # Smaller first, and in place: every copy of a large image takes as much memory again.
    image.thumbnail((longest, longest))
    ImageOps.exif_transpose(image, in_place=True)
    bare = _bare(_in_usual_colours(image, profile), form)
    out = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=1024 * 1024))  # noqa: SIM115 - handed on
    try:
        bare.save(out, form, **_SAVED[form])
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out, bare.width, bare.height


def _bare(picture: Image.Image, form: str) -> Image.Image:
    """The pixels (and a palette's colours) alone: what else an image object carries would be written again."""
    allowed = _MODES.get(form, ("RGB", "RGBA"))
    transparency = picture.info.get("transparency")
    if picture.mode not in allowed or (transparency is not None and picture.mode != "P"):
        clear = transparency is not None or picture.mode in {"RGBA", "LA", "PA"}
        picture = picture.convert("RGBA" if clear and "RGBA" in allowed else "RGB")
        transparency = None
    kept = {"transparency": transparency} if transparency is not None else {}
    picture.info = kept  # type: ignore[assignment]  # a plain mapping
    return picture


def _in_usual_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The same colours in sRGB, since the profile that explains others is dropped with the metadata."""
    if not profile or picture.mode not in {"RGB", "RGBA"}:
        return picture
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        usual = ImageCms.createProfile("sRGB")
        done = ImageCms.profileToProfile(picture, given, usual, outputMode=picture.mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return done if done is not None else picture
