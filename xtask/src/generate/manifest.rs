//! The attributes in the custom-elements manifest.

use partner_case_core::Field;
use serde_json::Value;

use super::settings::SETTINGS;
use super::{between, field_description};

/// What is around the attributes in the manifest.
const ATTRIBUTES: (&str, &str) = ("          \"attributes\": [\n", "\n          ],\n          \"members\"");

/// The manifest with the attributes of the two tables.
pub(super) fn with_attributes(manifest: &str) -> anyhow::Result<String> {
    let fields =
        Field::ALL.map(|field| attribute(field.attribute_name(), field.wire_name(), &field_description(field), "string"));
    let settings = SETTINGS.iter().map(|setting| {
        let kind = if setting.is_text { "string" } else { "boolean" };
        attribute(setting.attribute, setting.property, setting.description, kind)
    });
    let attributes: Vec<String> = fields.into_iter().chain(settings).collect();
    between(manifest, ATTRIBUTES.0, ATTRIBUTES.1, &attributes.join(",\n"))
}

fn attribute(name: &str, property: &str, description: &str, kind: &str) -> String {
    let description = Value::from(description);
    format!(
        r#"            {{
              "name": "{name}",
              "fieldName": "{property}",
              "description": {description},
              "type": {{
                "text": "{kind}"
              }}
            }}"#
    )
}
