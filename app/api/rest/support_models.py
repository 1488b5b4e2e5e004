"""Support over REST: what plans say of it and interventions, too."""

from typing import Annotated

from pydantic import Field

from app.api.texts import CodeOf, Line

StaffMember = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9._-]{1,40}$", description="A pseudonymous reference, never a name.", examples=["T-017"]),
]
Measure = Annotated[
    Line,
    CodeOf("support-measures"),
    Field(description="A code of the list `support-measures`.", examples=["SUBJECT_CONSULTATION"]),
]
Subject = Annotated[
    Line,
    CodeOf("subjects"),
    Field(description="Of a subject consultation: a code of `subjects`.", examples=["MATHEMATICS"]),
]
Specialist = Annotated[
    Line,
    CodeOf("specialists"),
    Field(description="Of other consultations: a code of `specialists`.", examples=[None]),
]
