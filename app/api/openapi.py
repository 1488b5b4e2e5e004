"""What the OpenAPI document says of the whole: the front page, and the problem document that every operation may answer."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.problems import Problem, problem_response

FRONT_PAGE: Final[dict[str, Any]] = {
    "title": "Risk register",
    "version": "1",
    "summary": "A national register of students at risk of leaving school early.",
    "description": (
        "Students, their risks, support plans, interventions and outcomes. Every answer holds only what the caller's role and"
        " institutions allow; what is foreign and what is absent look the same. Records carry a version: read the `ETag`, send it"
        " back as `If-Match`. Statistics (`GET /v1/statistics`) are exact within the caller's scope, and from sealed releases for whoever is"
        " outside; what they count is at `/v1/statistics/definitions`. Errors are problem documents (RFC 9457) with a JSON pointer for each"
        " fault: all that cannot be read is told together, then all that breaks a rule; of a question to the statistics both at once. A parameter"
        " that is not known is refused, with the nearest that is."
    ),
}


def describe(app: FastAPI) -> None:
    """Replace the default document: problems instead of FastAPI's own validation errors, and one place for the problem schema."""
    in_order = list(app.routes)

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(routes=in_order, **FRONT_PAGE)
            components = schema.setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            components.update(problem.pop("$defs", {}))
            components["Problem"] = problem
            for name in ("HTTPValidationError", "ValidationError"):
                components.pop(name, None)
            schemes = schema["components"].setdefault("securitySchemes", {})
            schemes["client"] = {"type": "http", "scheme": "basic", "description": "A client's id and secret."}
            _demand_if_match(schema)
            _tell_limits(schema)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI documents replacing it


def _demand_if_match(schema: dict[str, Any]) -> None:
    """A change without If-Match is refused with 428, so generated clients shall ask for it. FastAPI, which would answer 422, is not told."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"].lower() == "if-match":
                    parameter["required"] = True
                    parameter["schema"] = {"type": "string", "title": "If-Match"}


def _tell_limits(schema: dict[str, Any]) -> None:
    """What any operation may answer before its route is reached: see app/main.py for what stands before it."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            responses = operation["responses"]
            always = [422]  # a parameter that is not known
            if "requestBody" in operation:
                always += [413, 415]
            if "401" in responses:
                always += [429, 503]
            for status in always:
                responses.setdefault(str(status), problem_response(status))
            operation["responses"] = dict(sorted(responses.items()))
