"""Writes what was done beside the change itself."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import audit_event
from app.domain.deeds import Deed


async def record(connection: AsyncConnection, deed: Deed) -> None:
    # Inline: without it SQLAlchemy asks for the new id by RETURNING, and no writer may read what is written here.
    await connection.execute(
        insert(audit_event)
        .inline()
        .values(
            subject=deed.actor.subject,
            role=deed.actor.role,
            action=deed.action,
            noun=deed.noun,
            record_id=deed.record_id,
            student_id=deed.student_id,
            institution_id=deed.institution_id,
            reason=deed.reason,
            correlation_id=deed.correlation_id,
        )
    )
