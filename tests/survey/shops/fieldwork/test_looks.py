"""How a picture looks: the same after it was saved anew or made smaller, another where something else is on it."""

from io import BytesIO
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from survey.media.pictures import look_of, picture_from
from tests.survey.shops.fieldwork.conftest import Visit, photo

SAME_BITS, OTHER_BITS = 6, 14
SEEDS = st.integers(0, 10**6)


def photo_like(seed: int) -> Image.Image:
    """Large things and small ones in light and shade, with the noise of a camera."""
    chance = Random(seed)
    whole = Image.new("RGB", (480, 360))
    for across, down in ((5, 4), (9, 7), (40, 30)):
        spots = Image.frombytes("RGB", (across, down), chance.randbytes(across * down * 3))
        whole = Image.blend(whole, spots.resize(whole.size, Image.Resampling.BICUBIC), 0.5)
    noise = Image.frombytes("RGB", whole.size, chance.randbytes(480 * 360 * 3)).point(lambda grey: grey // 24)
    return ImageChops.add(whole, noise)


def saved(picture: Image.Image, quality: int) -> bytes:
    """As a file that loses something."""
    written = BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return written.getvalue()


def bits_between(one: int | None, other: int | None) -> int:
    """In how many of the 64 bits two looks differ."""
    assert one is not None
    assert other is not None
    return ((one ^ other) & (2**64 - 1)).bit_count()


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(60, 95))
def test_saving_a_picture_anew_hardly_changes_how_it_looks(seed: int, quality: int) -> None:
    picture = photo_like(seed)
    assert bits_between(look_of(picture), picture_from(saved(picture, quality)).look) <= SAME_BITS


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(0.25, 1.5))
def test_another_size_hardly_changes_how_it_looks(seed: int, factor: float) -> None:
    picture = photo_like(seed)
    other = picture.resize((round(480 * factor), round(360 * factor)), Image.Resampling.LANCZOS)
    assert bits_between(look_of(picture), look_of(other)) <= SAME_BITS


def test_other_pictures_look_otherwise() -> None:
    looks = [look_of(photo_like(seed)) for seed in range(30)]
    assert min(bits_between(one, other) for one, other in combinations(looks, 2)) > OTHER_BITS


def test_a_look_fits_a_column_of_64_bits_with_a_sign() -> None:
    falling = Image.linear_gradient("L").rotate(90)
    assert look_of(falling) in {-1, 0}
    assert look_of(falling.rotate(180)) in {-1, 0}
    assert look_of(falling) != look_of(falling.rotate(180))


def test_a_picture_without_light_and_shade_has_no_look() -> None:
    assert look_of(Image.new("RGB", (640, 480), "teal")) is None
    assert picture_from(photo("white")).look is None


async def test_a_picture_is_stored_with_how_it_looks(visit: Visit) -> None:
    picture = photo_like(1)
    await visit.start()
    await visit.picture(saved(picture, 95))
    await visit.picture(saved(picture, 70))
    first, second = await visit.pictures()
    assert first["digest"] != second["digest"]
    assert bits_between(first["look"], second["look"]) <= SAME_BITS
