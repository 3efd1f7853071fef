"""The privacy library's migrations, as Piccolo finds them."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

APP_CONFIG = AppConfig(
    app_name="privacy",
    migrations_folder_path=Path(__file__).parents[1] / "migrations" / "privacy",
)
