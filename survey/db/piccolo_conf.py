"""What Piccolo looks for under PICCOLO_CONF: the engine, and whose migrations there are."""

from piccolo.conf.apps import AppRegistry

from .engine import ENGINE

DB = ENGINE
APP_REGISTRY = AppRegistry(apps=["privacy.piccolo_app", "survey.db.piccolo_app"])
