//! What is wrong with a field, in the words of the catalogue.

use partner_case_core::FieldProblem;
use serde_json::Value;

use super::texts::Texts;

/// The text of a field's error: the most particular one that the catalogue has, with its values filled in.
pub(super) fn text(texts: &Texts, error: &FieldProblem) -> String {
    let Some(field) = error.field() else {
        return error.detail.clone();
    };
    let (name, code) = (field.text_key(), error.error.code());
    let short = code.split('_').next().unwrap_or(code);
    let keys = [
        format!("error.{name}.{code}"),
        format!("error.{name}.{short}"),
        format!("error.id.{code}"),
        format!("error.{code}"),
        "error.refused".to_owned(),
    ];
    let pattern = keys.iter().find_map(|key| texts.get(key)).unwrap_or(&error.detail);
    let label = texts.text(&format!("{name}.label")).to_owned();
    let mut values = vec![("field".to_owned(), label)];
    values.extend(members(texts, error));
    values.iter().fold(pattern.to_owned(), |text, (place, value)| {
        text.replace(&format!("{{{place}}}"), value)
    })
}

/// The values of an error by their names. One that the catalogue has a word for, such as a kind of personal data, is that word.
fn members(texts: &Texts, error: &FieldProblem) -> Vec<(String, String)> {
    let members = serde_json::to_value(&error.error).unwrap_or_default();
    let Some(members) = members.as_object() else {
        return Vec::new();
    };
    let mut values: Vec<(String, String)> = members
        .iter()
        .map(|(member, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            let word = texts.get(&format!("{member}.{text}")).map(ToOwned::to_owned);
            (member.clone(), word.unwrap_or(text))
        })
        .collect();
    let number = |member| members.get(member).and_then(Value::as_u64);
    if let (Some(actual), Some(max)) = (number("actual"), number("max")) {
        values.push(("n".to_owned(), actual.saturating_sub(max).to_string()));
    }
    values
}
