"""Settings: what production refuses, what is generated, where each value came from, and what the README says."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from survey.settings import (
    BadSettings,
    Environment,
    Settings,
    Source,
    load,
    problems,
    read,
    settings_table,
)
from tests.conftest import TEST_ENVIRONMENT, key_text

README = Path(__file__).parents[2] / "README.md"
PRODUCTION = TEST_ENVIRONMENT | {
    "CANDOUR_ENV": "production",
    "CANDOUR_BASE_URL": "https://surveys.example.org",
    "DATABASE_URL": "postgresql://landlord:rent@db.example.org/candour?sslmode=require",
    "SMTP_URL": "smtp://user:word@relay.example.org:587",
}


def test_production_with_everything_set_starts() -> None:
    assert load(PRODUCTION).is_production


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"DATABASE_URL": ""}, "set DATABASE_URL"),
        ({"SMTP_URL": ""}, "SMTP_URL must be set"),
        ({"CANDOUR_MAIL_DOMAIN": ""}, "CANDOUR_MAIL_DOMAIN"),
        ({"CANDOUR_BASE_URL": "http://surveys.example.org"}, "https://"),
        ({"CANDOUR_BASE_URL": ""}, "https://"),
        ({"CANDOUR_PLAIN_HTTP_COOKIES": "1"}, "CANDOUR_PLAIN_HTTP_COOKIES"),
        ({"CANDOUR_DATABASE_SECRET": ""}, "CANDOUR_DATABASE_SECRET must be set"),
        ({"CANDOUR_KEKS": ""}, "CANDOUR_KEKS must be set"),
        ({"CANDOUR_TOKEN_KEYS": ""}, "CANDOUR_TOKEN_KEYS must be set"),
        ({"CANDOUR_INDEX_KEY": ""}, "CANDOUR_INDEX_KEY must be set"),
    ],
)
def test_production_refuses(change: dict[str, str], complaint: str) -> None:
    with pytest.raises(BadSettings, match=complaint) as caught:
        load(PRODUCTION | change)
    assert len(caught.value.problems) == 1


def test_production_never_takes_secrets_from_the_data_folder(tmp_path: Path) -> None:
    load({"CANDOUR_ENV": "demo", "CANDOUR_DATA": str(tmp_path)})
    bare = {"CANDOUR_ENV": "production", "CANDOUR_DATA": str(tmp_path)}
    found = read(bare)
    assert found.provenance["index_key"] is Source.MISSING
    assert len(problems(found)) == 8
    assert found.index_key != read(bare).index_key


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CANDOUR_ENV", "prod"),
        ("CANDOUR_BASE_URL", "surveys.example.org"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("CANDOUR_PLAIN_HTTP_COOKIES", "perhaps"),
        ("CANDOUR_INDEX_KEY", "short"),
        ("CANDOUR_INDEX_KEY", "c2hvcnQ="),
        ("CANDOUR_KEKS", key_text(1)),
        ("CANDOUR_KEKS", "1:c2hvcnQ="),
        ("CANDOUR_KEKS", f"one:{key_text(1)}"),
        ("CANDOUR_KEKS", f"1:{key_text(1)},2:{key_text(2)}"),
        ("CANDOUR_KEKS", f"1:{key_text(1)},1:{key_text(2)}"),
        ("CANDOUR_RETIRED_TOKEN_KEYS", "c2hvcnQ="),
        ("CANDOUR_TRUSTED_PROXIES", "proxy.example.org"),
        ("CANDOUR_TOKEN_KEYS", ","),
    ],
)
def test_what_cannot_be_read_is_named_and_not_repeated(variable: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"{variable} cannot be read") as caught:
        read(TEST_ENVIRONMENT | {variable: value})
    assert value not in str(caught.value).split("cannot be read")[0].removeprefix(variable)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        read(TEST_ENVIRONMENT | {"PORT": "x", "CANDOUR_ENV": "y"})
    assert len(caught.value.problems) == 2


def test_on_a_fresh_machine_secrets_are_generated_once_for_our_eyes_only(tmp_path: Path) -> None:
    data = tmp_path / "var"
    first, second = (load({"CANDOUR_DATA": str(data)}) for _ in range(2))
    assert first == second
    assert first.provenance["keyring"] is Source.GENERATED
    assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data.iterdir()] == ["secrets.json"]
    assert len(set(json.loads((data / "secrets.json").read_text()).values())) == 4


def test_a_secret_that_is_set_wins_over_one_that_was_generated(tmp_path: Path) -> None:
    settings = load({"CANDOUR_DATA": str(tmp_path), "CANDOUR_INDEX_KEY": key_text(9)})
    assert settings.index_key == bytes([9]) * 32
    assert settings.provenance["index_key"] is Source.SET
    assert settings.provenance["token_keys"] is Source.GENERATED


def test_defaults_follow_the_port_and_the_mail_domain(tmp_path: Path) -> None:
    settings = load({"CANDOUR_DATA": str(tmp_path), "PORT": "8123", "CANDOUR_MAIL_DOMAIN": "mail.example.org"})
    assert settings.base_url == "http://127.0.0.1:8123"
    assert settings.mail_from == "surveys@mail.example.org"
    assert settings.environment is Environment.DEVELOPMENT
    assert settings.is_embedded
    assert not settings.plain_http_cookies


def test_key_lists_are_newest_first(tmp_path: Path) -> None:
    settings = load(
        {
            "CANDOUR_DATA": str(tmp_path),
            "CANDOUR_KEKS": f"2:{key_text(2)}, 1:{key_text(1)}",
            "CANDOUR_TOKEN_KEYS": f"{key_text(4)},{key_text(3)}",
        }
    )
    assert settings.keyring.current == 2
    assert set(settings.keyring.keys) == {1, 2}
    assert settings.token_keys[0] == bytes([4]) * 32


def test_a_retired_token_key_opens_and_checks_and_signs_nothing(tmp_path: Path) -> None:
    retired = {"CANDOUR_DATA": str(tmp_path), "CANDOUR_TOKEN_KEYS": key_text(4)}
    settings = load(retired | {"CANDOUR_RETIRED_TOKEN_KEYS": f"{key_text(3)}, {key_text(2)}"})
    assert settings.token_keys == (bytes([4]) * 32,)
    assert settings.known_token_keys == (bytes([4]) * 32, bytes([3]) * 32, bytes([2]) * 32)


def test_no_secret_shows_in_the_repr() -> None:
    shown = repr(load(PRODUCTION))
    for secret in ("rent", "word", *(key_text(number) for number in range(1, 5)), repr(bytes([1]) * 32)[2:20]):
        assert secret not in shown


def test_every_setting_is_in_the_table() -> None:
    assert len(settings_table()) == len(fields(Settings)) - 1
    assert len({row.variable for row in settings_table()}) == len(settings_table())


def test_the_readmes_table_lists_exactly_the_settings() -> None:
    lines = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$", README.read_text(), re.MULTILINE)
    assert lines == [(row.variable, row.default, row.meaning) for row in settings_table()]


def test_the_readme_can_be_read_at_one_sitting_and_its_picture_is_there() -> None:
    text = README.read_text()
    assert len(text.splitlines()) <= 150
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures
    assert all((README.parent / picture).is_file() for picture in pictures)
