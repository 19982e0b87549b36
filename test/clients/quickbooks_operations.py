"""Calls every operation of a list through conductor-py. Prints what was called, and what is wrong, as JSON.

Argument: base URL. Standard input: a list of {"name", "key", "endUserId", "id", "params", "refusal"} as JSON; `id` and
`refusal` (the integration code to expect) may be null.
"""
import json
import re
import sys

from conductor import Conductor, InternalServerError
from typed_responses import faults_of

faults = []
called = []
lacking = []


def snake(name):
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: "_" + found.group().lower(), name)


def snaked(value):
    """A JSON value with the names of its members as the SDK spells them."""
    if isinstance(value, list):
        return [snaked(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {snake(name): snaked(one) for name, one in value.items()}


for one in json.load(sys.stdin):
    client = Conductor(api_key=one["key"], base_url=sys.argv[1], max_retries=0)
    _, *resources, method = map(snake, one["name"].split("."))
    node = client.qbd
    for resource in resources:
        node = getattr(node, resource, None)
    found = getattr(getattr(node, "with_raw_response", None), method, None)
    if found is None:
        lacking.append(one["name"])
        continue
    called.append(one["name"])
    given = [] if one["id"] is None else [one["id"]]
    try:
        raw = found(*given, conductor_end_user_id=one["endUserId"], **snaked(one["params"]))
        if one["refusal"] is not None:
            faults.append(f"{one['name']} is not refused")
        faults.extend(faults_of(one["name"], raw))
    except InternalServerError as error:
        code = error.body["error"].get("integrationCode")
        if code != one["refusal"]:
            faults.append(f"{one['name']}: {error}")
    except Exception as error:
        faults.append(f"{one['name']}: {error!r}")
print(json.dumps({"called": called, "lacking": lacking, "faults": faults}))
