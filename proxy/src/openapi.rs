//! The proxy's own description (OpenAPI 3.1), made of the same codes and limits as its answers.

use partner_case_core::limits::{CREATE_BODY_MAX_BYTES, DESCRIPTION_MAX_UTF16, EXTERNAL_ID_MAX_UTF16};
use partner_case_core::{CaseType, Outcome, ProblemCode};
use serde_json::{Map, Value, json};

/// The document. Paths are below the base path, which is the server's URL.
pub fn openapi() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Partner case proxy",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Raises support cases with Wise for the signed-in staff of a partner's portal. Every call but the webhook carries X-Partner-Case-Form, and comes from the portal's own pages.",
        },
        "servers": [{ "url": "/partner-cases" }],
        "paths": {
            "/cases": { "post": create(), "get": by_transfer() },
            "/cases/{id}": { "get": look("case", "The case as it stands at Wise", "Case", &WISE_CODES, &path_parameter("id", &json!({ "type": "integer", "format": "int64", "minimum": 1 }))) },
            "/submissions/{key}": { "get": look("submission", "What became of a submission of the caller's own", "SubmissionReport", &STORE_CODES, &path_parameter("key", &json!({ "type": "string", "format": "uuid" }))) },
            "/context": { "get": operation("context", "Which Wise this is, and what the proxy can do", &json!([custom_header()]), &answers("Context", &[])) },
            "/webhooks/wise": { "post": webhook() },
        },
        // As the proxy is set up: the portal's word, or a token of its sign-on.
        "security": [{ "staffId": [], "portalSecret": [] }, { "signOn": [] }],
        "components": { "schemas": schemas(), "securitySchemes": {
            "staffId": { "type": "apiKey", "in": "header", "name": "X-Staff-Id", "description": "The signed-in member of staff; the name of the header is a setting." },
            "portalSecret": { "type": "apiKey", "in": "header", "name": "X-Portal-Secret", "description": "The secret between the portal's server and the proxy." },
            "signOn": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
        } },
    })
}

/// What every call of the form's may be answered.
const COMMON_CODES: [ProblemCode; 5] = [
    ProblemCode::Unauthenticated,
    ProblemCode::CrossSite,
    ProblemCode::CustomHeaderMissing,
    ProblemCode::MethodNotAllowed,
    ProblemCode::Internal,
];

/// What a look into the store may be answered beside those.
const STORE_CODES: [ProblemCode; 2] = [ProblemCode::NotFound, ProblemCode::StoreUnavailable];

/// What a look at Wise may be answered beside those.
const WISE_CODES: [ProblemCode; 7] = [
    ProblemCode::NotFound,
    ProblemCode::StaffRateLimited,
    ProblemCode::UpstreamRejected,
    ProblemCode::UpstreamRateLimited,
    ProblemCode::UpstreamAuth,
    ProblemCode::UpstreamRefused,
    ProblemCode::UpstreamUnreachable,
];

const WEBHOOK_CODES: [ProblemCode; 5] = [
    ProblemCode::WebhookInvalid,
    ProblemCode::WebhookSignature,
    ProblemCode::BodyTimeout,
    ProblemCode::BodyTooLarge,
    ProblemCode::StoreUnavailable,
];

fn create() -> Value {
    // Every code but those of other calls.
    let codes: Vec<ProblemCode> = ProblemCode::ALL
        .iter()
        .copied()
        .filter(|code| {
            !matches!(
                code,
                ProblemCode::WebhookInvalid | ProblemCode::WebhookSignature | ProblemCode::NotFound
            )
        })
        .collect();
    let key = json!({
        "name": "Idempotency-Key", "in": "header", "required": true,
        "description": "A UUID in double quotes. The same key and body get the same answer, and make one case.",
        "schema": { "type": "string", "pattern": "^\"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\"$" },
    });
    let mut create = operation(
        "createCase",
        "Raises a case",
        &json!([custom_header(), key]),
        &answers("Case", &codes),
    );
    create["requestBody"] = json!({
        "required": true,
        "description": format!("At most {CREATE_BODY_MAX_BYTES} bytes."),
        "content": {
            "application/json": { "schema": reference("NewCase") },
            // A plain HTML form, which can carry no header. The answer is a page, whatever the status.
            "application/x-www-form-urlencoded": { "schema": reference("PlainForm") },
        },
    });
    // Where a request came from, and what it is, is looked at before it is known to be a form.
    for (status, answer) in create["responses"].as_object_mut().into_iter().flatten() {
        if !matches!(status.as_str(), "403" | "405" | "415") {
            answer["content"]["text/html"] = json!({ "schema": { "type": "string" } });
        }
    }
    create
}

fn by_transfer() -> Value {
    let transfer =
        json!({ "name": "transferId", "in": "query", "required": true, "schema": { "type": "integer", "format": "int64" } });
    operation(
        "casesByTransfer",
        "The cases raised about a transfer through this proxy, the newest first",
        &json!([custom_header(), transfer]),
        &answers("Cases", &STORE_CODES),
    )
}

fn look(id: &str, summary: &str, schema: &str, codes: &[ProblemCode], parameter: &Value) -> Value {
    operation(id, summary, &json!([custom_header(), parameter]), &answers(schema, codes))
}

fn webhook() -> Value {
    let signature = json!({
        "name": "X-Signature-SHA256", "in": "header", "required": true,
        "description": "RSASSA-PKCS1-v1_5 with SHA-256 over the raw body, in base64.",
        "schema": { "type": "string" },
    });
    let mut answers = problems(&WEBHOOK_CODES);
    answers.insert("204".to_owned(), json!({ "description": "Taken" }));
    let mut webhook = operation(
        "wiseWebhook",
        "Wise's partner-support#case-changed",
        &json!([signature]),
        &Value::Object(answers),
    );
    webhook["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": reference("Event") } } });
    // The signature is who it is.
    webhook["security"] = json!([]);
    webhook
}

fn operation(id: &str, summary: &str, parameters: &Value, responses: &Value) -> Value {
    let mut responses = responses.clone();
    for (status, answer) in responses.as_object_mut().into_iter().flatten() {
        answer["headers"] = headers(status);
    }
    json!({ "operationId": id, "summary": summary, "parameters": parameters, "responses": responses })
}

/// The headers of an answer that say more than its body.
fn headers(status: &str) -> Value {
    let mut headers = json!({ "X-Request-Id": { "required": true, "description": "The proxy's id of the request, as in its log.", "schema": { "type": "string", "pattern": "^[0-9a-f]{32}$" } } });
    match status {
        "429" | "503" => {
            headers["Retry-After"] = json!({ "description": "After how many seconds to try again, if that is known.", "schema": { "type": "integer" } });
        }
        "405" => headers["Allow"] = json!({ "required": true, "schema": { "type": "string" } }),
        _ => {}
    }
    headers
}

fn custom_header() -> Value {
    json!({ "name": "X-Partner-Case-Form", "in": "header", "required": true, "schema": { "type": "string" } })
}

fn path_parameter(name: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn answers(schema: &str, codes: &[ProblemCode]) -> Value {
    let all: Vec<ProblemCode> = codes.iter().chain(&COMMON_CODES).copied().collect();
    let mut answers = problems(&all);
    answers.insert(
        "200".to_owned(),
        json!({ "description": "Done", "content": { "application/json": { "schema": reference(schema) } } }),
    );
    Value::Object(answers)
}

/// The problems by their status, each with the codes that it may have.
fn problems(codes: &[ProblemCode]) -> Map<String, Value> {
    let mut statuses: Vec<u16> = codes.iter().map(|code| code.status()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    statuses
        .into_iter()
        .map(|status| {
            let mut of_status: Vec<&ProblemCode> = codes.iter().filter(|code| code.status() == status).collect();
            of_status.sort_unstable_by_key(|code| code.as_str());
            of_status.dedup();
            let lines: Vec<String> = of_status
                .into_iter()
                .map(|code| {
                    let outcome = match code.outcome() {
                        Outcome::NotCreated => "no case was created",
                        Outcome::NotSent => "this request sent nothing",
                        Outcome::Unknown => "it is not known whether a case was created",
                    };
                    format!("`{}`: {}; {outcome}", code.as_str(), code.title())
                })
                .collect();
            let problem = json!({
                "description": lines.join("\n\n"),
                "content": { "application/problem+json": { "schema": reference("Problem") } },
            });
            (status.to_string(), problem)
        })
        .collect()
}

fn schemas() -> Value {
    let id = json!({ "type": ["integer", "null"], "format": "int64", "minimum": 1 });
    let codes: Vec<&str> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
    let types: Vec<&str> = CaseType::ALL.iter().map(CaseType::as_str).collect();
    json!({
        "NewCase": {
            "type": "object", "additionalProperties": false, "required": ["type", "subject", "details", "description"],
            "properties": {
                "type": { "enum": types },
                "subject": { "type": "string", "minLength": 1 },
                "details": {
                    "type": "object", "additionalProperties": false, "required": ["userId"],
                    "properties": { "transferId": id, "profileId": id, "userId": { "type": "integer", "format": "int64", "minimum": 1 } },
                },
                "externalId": { "type": ["string", "null"], "maxLength": EXTERNAL_ID_MAX_UTF16 },
                "description": { "type": "string", "minLength": 1, "maxLength": DESCRIPTION_MAX_UTF16 },
            },
        },
        "Case": {
            "type": "object", "required": ["id"],
            "properties": {
                "id": { "type": "integer", "format": "int64" },
                "status": { "type": "string" },
                "type": { "type": "string" },
                "externalId": { "type": ["string", "null"] },
                "createdAt": { "type": ["string", "null"] },
                "updatedAt": { "type": ["string", "null"] },
            },
        },
        "Event": {
            "anyOf": [
                {
                    "type": "object", "required": ["event_type", "data"],
                    "properties": {
                        "event_type": { "const": "partner-support#case-changed" },
                        "data": { "type": "object", "required": ["resource"], "properties": { "resource": { "anyOf": [
                            { "type": "object", "required": ["id"], "properties": { "id": { "type": "integer", "format": "int64" } } },
                            { "type": "object", "required": ["case_id"], "properties": { "case_id": { "type": "integer", "format": "int64" } } },
                        ] } } },
                    },
                },
                {
                    "type": "object", "required": ["event_type", "data"],
                    "properties": {
                        "event_type": { "type": "string", "not": { "const": "partner-support#case-changed" } },
                        "data": { "type": "object", "required": ["resource"] },
                    },
                },
            ],
        },
        "Cases": { "type": "object", "required": ["cases"], "properties": { "cases": { "type": "array", "items": reference("Case") } } },
        "SubmissionReport": {
            "type": "object", "required": ["state"],
            "properties": {
                "state": { "enum": ["in_flight", "created", "rejected", "unknown"] },
                "case": reference("Case"),
                "problem": reference("Problem"),
            },
        },
        "Context": {
            "type": "object", "required": ["environment", "apiVersion", "capabilities"],
            "properties": {
                "environment": { "enum": ["production", "sandbox", "simulator", "other"] },
                "apiVersion": { "type": "string" },
                "capabilities": { "type": "array", "items": { "type": "string" } },
            },
        },
        "PlainForm": {
            "type": "object", "required": ["userId", "subject", "description"],
            "properties": {
                "type": { "type": "string" }, "userId": { "type": "string" }, "transferId": { "type": "string" }, "profileId": { "type": "string" },
                "externalId": { "type": "string" }, "subject": { "type": "string" }, "description": { "type": "string" },
            },
        },
        "Problem": {
            "type": "object", "required": ["type", "title", "status", "code", "outcome"],
            "properties": {
                "type": { "type": "string", "format": "uri" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string" },
                "code": { "enum": codes },
                "requestId": { "type": "string" },
                "traceId": { "type": "string" },
                "retryAfter": { "type": "integer" },
                "outcome": { "enum": ["not_created", "not_sent", "unknown"] },
                "errors": { "type": "array", "items": {
                    "type": "object", "required": ["pointer", "code"],
                    "properties": { "pointer": { "type": "string" }, "code": { "type": "string" }, "detail": { "type": "string" } },
                } },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document in docs/ is this one.
    #[test]
    fn the_document_that_is_checked_in_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
        let written: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(
            written == openapi(),
            "to write it anew: cargo run -p partner-case-proxy -- openapi > docs/openapi.json"
        );
    }

    #[test]
    fn every_code_has_its_place() {
        let document = openapi().to_string();
        for code in ProblemCode::ALL {
            assert!(document.contains(&format!("`{}`", code.as_str())), "{code:?}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = openapi();
        let text = document.to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
        }
    }
}
