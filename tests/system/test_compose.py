"""compose.yaml hands the service every setting that production has."""

import re
from pathlib import Path

from app.settings import Settings

COMPOSE = (Path(__file__).parents[2] / "compose.yaml").read_text()


def test_every_setting_of_production_reaches_the_service() -> None:
    service = COMPOSE[COMPOSE.index("\n  register:\n") :]
    handed = dict(re.findall(r"^      REGISTER_(\w+): (.*)$", service, re.MULTILINE))
    wanted = {name.upper() for name in Settings.model_fields} - {"DEVELOPMENT", "TODAY"}
    assert handed.keys() == wanted
    assert [name for name in handed if name != "DATABASE_URL" and f"${{REGISTER_{name}:" not in handed[name]] == []
