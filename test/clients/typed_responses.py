"""Responses of conductor-py held against its own types: each field there, of the declared type, and none undeclared."""
import pydantic

# Documented of lists with a cursor; the SDK's pages do not declare them.
OF_PAGES = {"objectType", "url", "remainingCount", "hasMore"}


def undeclared(node, path):
    """The paths of fields that the SDK's types do not declare."""
    if isinstance(node, list):
        return [one for index, item in enumerate(node) for one in undeclared(item, f"{path}[{index}]")]
    if not isinstance(node, pydantic.BaseModel):
        return []
    more = set(node.model_extra or {}) - (OF_PAGES if hasattr(node, "next_cursor") else set())
    own = [f"{path}.{name}" for name in sorted(more)]
    return own + [one for name in type(node).model_fields for one in undeclared(getattr(node, name), f"{path}.{name}")]


def faults_of(name, raw):
    """What of a raw response does not fit its type; each with the name of the call."""
    shape = raw.parse()
    try:
        strict = type(shape).model_validate_json(raw.text(), strict=True)
    except pydantic.ValidationError as error:
        return [f"{name}: {'.'.join(map(str, one['loc']))} {one['msg']}" for one in error.errors()[:5]]
    rows = [row for row in getattr(shape, "data", []) if not isinstance(row, pydantic.BaseModel)]
    return [f"{name}: a row is no model" for _ in rows] + [f"{name}: {path} is undeclared" for path in undeclared(strict, "")]
