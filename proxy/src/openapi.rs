//! The proxy's own description (OpenAPI 3.1), made of the types, codes and limits of its answers.

mod answers;
mod schemas;

use partner_case_core::ProblemCode;
use partner_case_core::limits::CREATE_BODY_MAX_BYTES;
use serde_json::{Value, json};

use self::answers::{BODY_CODES, STORE_CODES, WEBHOOK_CODES, WISE_CODES, answers, problems, with_headers};
use self::schemas::{reference, schemas};

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
            "/submissions/{key}": { "get": look("submission", "What became of a submission of the caller's own", "SubmissionReport", &STORE_CODES, &path_parameter("key", &json!({ "type": "string", "format": "uuid" }))), "post": submission_of() },
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

fn submission_of() -> Value {
    let key = path_parameter("key", &json!({ "type": "string", "format": "uuid" }));
    let codes = [&STORE_CODES[..], &BODY_CODES[..]].concat();
    let mut operation = look(
        "submissionOf",
        "What became of this case under a key of the caller's own",
        "SubmissionReport",
        &codes,
        &key,
    );
    operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": reference("NewCase") } } });
    operation
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
        "Wise's partner-support#case-changed. A test notification of Wise's and an event of another type change nothing",
        &json!([signature]),
        &Value::Object(with_headers(answers)),
    );
    webhook["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": reference("Event") } } });
    // The signature is who it is.
    webhook["security"] = json!([]);
    webhook
}

fn operation(id: &str, summary: &str, parameters: &Value, responses: &Value) -> Value {
    json!({ "operationId": id, "summary": summary, "parameters": parameters, "responses": responses })
}

fn custom_header() -> Value {
    json!({ "name": "X-Partner-Case-Form", "in": "header", "required": true, "schema": { "type": "string" } })
}

fn path_parameter(name: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
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
