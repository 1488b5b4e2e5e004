"""Who may ask GraphQL for its schema. `__typename` is no such question."""

from enum import StrEnum

from app.domain.actors import Actor, Level


class Introspection(StrEnum):
    EVERYONE = "everyone"
    INSIDE = "inside"
    NOBODY = "nobody"

    def allows(self, actor: Actor) -> bool:
        match self:
            case Introspection.EVERYONE:
                return True
            case Introspection.INSIDE:
                return actor.level is not Level.OUTSIDE
            case Introspection.NOBODY:
                return False
