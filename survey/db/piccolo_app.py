"""The product's migrations, as Piccolo finds them. They are written by hand: roles, fences and grants are the point."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

APP_CONFIG = AppConfig(
    app_name="survey",
    migrations_folder_path=Path(__file__).parents[2] / "migrations" / "survey",
    migration_dependencies=["privacy.piccolo_app"],
)
