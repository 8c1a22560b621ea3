//! The schemas of the document, derived from the types that the proxy reads and serves.

use partner_case_core::{Case, CaseInput, CreateCaseRequest, Field, Problem, SubmissionReport};
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use crate::routes::lookups::{Cases, Context};
use crate::webhook::CASE_CHANGED;

/// The place of the schemas in the document, as schemars writes it into references.
const PLACE: &str = "/components/schemas";

/// A reference to one of the schemas.
pub(super) fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#{PLACE}/{schema}") })
}

/// Every schema by its name.
pub(super) fn schemas() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = PLACE.into())
        .with_transform(RecursiveTransform(one_list_of_words))
        .with_transform(RecursiveTransform(without_default))
        .with_transform(RecursiveTransform(without_rustdoc_links));
    let served = settings.clone().for_serialize();
    let mut served = served.with_transform(RecursiveTransform(absent_is_not_null)).into_generator();
    add::<Case>(&mut served);
    add::<Cases>(&mut served);
    add::<SubmissionReport>(&mut served);
    add::<Context<'_>>(&mut served);
    add::<Problem>(&mut served);
    let mut read = settings.for_deserialize().into_generator();
    add::<CreateCaseRequest>(&mut read);
    add::<PlainForm>(&mut read);
    add::<Event>(&mut read);
    let mut schemas = served.take_definitions(true);
    schemas.extend(read.take_definitions(true));
    Value::Object(schemas)
}

fn add<T: JsonSchema>(generator: &mut SchemaGenerator) {
    // What comes back is the reference to the schema, which the generator keeps.
    generator.subschema_for::<T>();
}

/// Writes an enumeration of words as one list. With a comment on each word, schemars writes a schema for each.
fn one_list_of_words(schema: &mut Schema) {
    let words: Option<Vec<Value>> = schema.get("oneOf").and_then(Value::as_array).and_then(|variants| {
        variants
            .iter()
            .map(|variant| variant.get("const").filter(|word| word.is_string()).cloned())
            .collect()
    });
    if let Some(words) = words {
        schema.remove("oneOf");
        schema.insert("type".to_owned(), "string".into());
        schema.insert("enum".to_owned(), words.into());
    }
}

/// Leaves out what serde puts in the place of a missing member: a client neither sends nor gets it.
fn without_default(schema: &mut Schema) {
    schema.remove("default");
}

/// A member that an answer may lack is left out when there is no value, and never `null`.
fn absent_is_not_null(schema: &mut Schema) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| {
        required
            .as_array()
            .is_some_and(|names| names.iter().any(|known| known == name))
    };
    let Some(members) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for (name, member) in members {
        let Some(types) = member.get_mut("type").filter(|_| !is_required(name)) else {
            continue;
        };
        if let Some(value) = types
            .as_array()
            .and_then(|types| types.iter().find(|kind| *kind != "null"))
            .cloned()
        {
            *types = value;
        }
    }
}

/// Leaves out a description with links for Rust's documentation: they lead nowhere here.
fn without_rustdoc_links(schema: &mut Schema) {
    let linked = |text: &Value| text.as_str().is_some_and(|text| text.contains("[`") || text.contains("```"));
    if schema.get("description").is_some_and(linked) {
        schema.remove("description");
    }
}

/// A plain HTML form: what the agent typed, each field as text.
#[derive(JsonSchema)]
#[schemars(transform = with_required_fields)]
struct PlainForm(#[expect(dead_code, reason = "only its schema is used")] CaseInput);

/// A draft may lack any field; a form that is to become a case has those that must have a value. The type may be left out.
fn with_required_fields(schema: &mut Schema) {
    let required = Field::ALL
        .into_iter()
        .filter(|field| !field.is_optional() && *field != Field::CaseType);
    let required: Vec<&str> = required.map(Field::wire_name).collect();
    schema.insert("required".to_owned(), required.into());
}

/// A webhook, as [`crate::webhook::read`] takes it: about a case, in one of Wise's three schemas, or of another type.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum Event {
    CaseChanged {
        #[schemars(extend("const" = CASE_CHANGED))]
        event_type: String,
        data: EventData<CaseResource>,
    },
    Other {
        #[schemars(extend("not" = { "const": CASE_CHANGED }))]
        event_type: String,
        data: EventData<Value>,
    },
}

#[derive(JsonSchema)]
#[schemars(inline)]
#[expect(dead_code, reason = "only its schema is used")]
struct EventData<T> {
    resource: T,
}

/// The resource of schema 5.0.0, or that of 4.0.0 and 2.0.0. Members beside the id may have any type.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "only its schema is used")]
enum CaseResource {
    Current { id: i64 },
    Older { case_id: i64 },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(name: &str) -> Value {
        schemas()[name].clone()
    }

    #[test]
    fn a_create_request_is_described_as_strictly_as_it_is_read() {
        let schema = schema("NewCase");
        assert_eq!(schema["additionalProperties"], false);
        assert_eq!(schema["required"], json!(["type", "subject", "details", "description"]));
        assert_eq!(schema["properties"]["type"]["enum"], json!(["GENERAL_ENQUIRY"]));
        assert_eq!(schema["properties"]["description"]["maxLength"], 65_535);
        assert_eq!(schema["properties"]["externalId"]["maxLength"], 255);
        let details = &schema["properties"]["details"];
        assert_eq!(details["additionalProperties"], false);
        assert_eq!(details["required"], json!(["userId"]));
        let user_id = &details["properties"]["userId"];
        assert_eq!(
            (&user_id["type"], &user_id["format"], &user_id["minimum"]),
            (&json!("integer"), &json!("int64"), &json!(1))
        );
        let transfer_id = &details["properties"]["transferId"];
        assert_eq!(transfer_id["type"], json!(["integer", "null"]));
        assert_eq!(transfer_id["minimum"], 1);
    }

    #[test]
    fn a_problem_has_only_the_codes_and_outcomes_that_the_proxy_answers() {
        let schema = schema("Problem");
        let codes: Vec<&str> = partner_case_core::ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(schema["properties"]["code"]["enum"], json!(codes));
        assert_eq!(
            schema["properties"]["outcome"]["enum"],
            json!(["not_created", "not_sent", "unknown"])
        );
        assert_eq!(schema["required"], json!(["type", "title", "status", "code", "outcome"]));
        assert_eq!(
            schema["properties"]["traceId"]["type"], "string",
            "it is left out, and never null"
        );
    }

    #[test]
    fn a_plain_form_needs_what_a_case_needs() {
        assert_eq!(schema("PlainForm")["required"], json!(["userId", "subject", "description"]));
    }
}
