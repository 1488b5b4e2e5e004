"""What interventions stand on, where others change it at the same moment."""

from unittest.mock import AsyncMock, patch
from uuid import uuid4

from fastapi import FastAPI

from app.db import plans
from app.db.grounds import Grounds
from app.db.scopes import AUTHORITY
from app.domain.errors import Busy
from app.domain.ids import PlanId


async def test_a_plan_that_is_seen_and_hidden_again_is_being_changed_by_somebody(app: FastAPI) -> None:
    """A restriction is lifted and set anew between two looks: the first one found the plan."""
    plan_id = PlanId(uuid4())
    async with app.state.register.database.transaction(AUTHORITY) as connection:
        with patch.object(plans, "get", AsyncMock()):
            found = await Grounds(connection).of_plans([plan_id])
    assert isinstance(found[plan_id], Busy)
