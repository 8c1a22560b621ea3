"""What the document cannot say by itself: fresh keys, keys that are known, and webhooks that Wise has signed."""

import base64
import itertools
import json
import uuid
from pathlib import Path

import schemathesis
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import MissingHeaderNotRejected, RejectedPositiveData

ROOT = Path(__file__).resolve().parents[2]
# The simulator's own key, which opens nothing anywhere else.
WISE = load_pem_private_key((ROOT / "simulator/keys/webhook-private.pem").read_bytes(), password=None)

# Rules of a case that a schema has no words for: control characters, what is blank to a person, personal data in the subject, a length in UTF-16 units.
BEYOND_THE_SCHEMA = {"control_character", "line_break", "personal_data", "required", "too_long"}

# What a browser makes of an HTML form. It carries no header of ours.
FORM = "application/x-www-form-urlencoded"

# The keys that have an answer, and a number that tells one call from the next.
KEYS = []
TURN = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives the calls what makes them reach the store and the cases in it."""
    operation = context.operation.definition.raw.get("operationId")
    if operation == "createCase" and well_formed(case, ParameterLocation.HEADER) and "Idempotency-Key" in (case.headers or {}):
        # Two cases that differ must not meet under one key. Every eighth keeps its own, which others have, too.
        if next(TURN) % 8:
            case.headers["Idempotency-Key"] = f'"{uuid.uuid4()}"'
    if operation == "submission" and well_formed(case, ParameterLocation.PATH) and KEYS and next(TURN) % 4:
        case.path_parameters["key"] = KEYS[next(TURN) % len(KEYS)]
    if operation == "wiseWebhook" and "X-Signature-SHA256" in (case.headers or {}) and next(TURN) % 8:
        kwargs["auth"] = signed


@schemathesis.hook
def after_call(context, case, response):
    """Remembers the keys that the proxy knows now."""
    if context.operation is None or context.operation.definition.raw.get("operationId") != "createCase":
        return
    key = response.request.headers.get("Idempotency-Key", "")
    if response.status_code == 200 and "json" in response.request.headers.get("Content-Type", ""):
        KEYS.append((key if isinstance(key, str) else key.decode()).strip('"'))


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Lets pass what a schema has no words for: headers that only a JSON body needs, and rules of a case beyond its shape."""
    if isinstance(failure, (AcceptedNegativeData, MissingHeaderNotRejected)):
        return case.media_type != FORM or not well_formed(case, ParameterLocation.BODY)
    if not isinstance(failure, RejectedPositiveData) or response.status_code not in (400, 422):
        return True
    if case.media_type == FORM:
        return response.status_code != 422
    problem = json.loads(response.content)
    if problem["code"] == "webhook_invalid":
        data = case.body.get("data") if isinstance(case.body, dict) else None
        return not (isinstance(data, dict) and ids_are_floats(data.get("resource"), ["id", "case_id"]))
    if problem["code"] != "validation_failed":
        return problem["code"] != "idempotency_key_reused"
    codes = {error["code"] for error in problem["errors"]}
    if ids_are_floats(case.body.get("details"), ["userId", "transferId", "profileId"]):
        codes.discard("wrong_type")
    return not codes <= BEYOND_THE_SCHEMA


def ids_are_floats(value, names):
    """Whether an id was sent as `1.0`: an integer to JSON Schema, and none to the proxy, where no id passes through a float."""
    return isinstance(value, dict) and any(isinstance(value.get(name), float) for name in names)


def well_formed(case, location):
    """Whether this part of a call was not made wrong on purpose."""
    return case.meta is None or not case.meta.is_negative_at(location)


def signed(request):
    """Signs the body as it leaves, as Wise does."""
    body = request.body or b""
    signature = WISE.sign(body if isinstance(body, bytes) else body.encode(), padding.PKCS1v15(), hashes.SHA256())
    request.headers["X-Signature-SHA256"] = base64.b64encode(signature).decode()
    return request
