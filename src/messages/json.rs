//! Reading a catalogue: by the browser, whose reader is there already, and natively, for the tests of the form's state, by `serde_json`.

use super::catalogue::Text;

/// What is wrong with a text that is no catalogue.
const NO_CATALOGUE: &str = "a catalogue is an object whose values are texts, or objects with a text for each plural form";

/// The keys and texts of a catalogue.
///
/// # Errors
/// When `json` is none.
#[cfg(target_arch = "wasm32")]
pub(super) fn read(json: &str) -> Result<Vec<(String, Text)>, String> {
    use wasm_bindgen::{JsCast as _, JsValue};
    use web_sys::js_sys::{Array, JSON, Object};

    fn entries<T>(value: &JsValue, of: impl Fn(&JsValue) -> Option<T>) -> Option<Vec<(String, T)>> {
        let object = value.dyn_ref::<Object>().filter(|_| !Array::is_array(value))?;
        let entry = |entry: JsValue| {
            let entry: Array = entry.unchecked_into();
            entry.get(0).as_string().zip(of(&entry.get(1)))
        };
        Object::entries(object).iter().map(entry).collect()
    }

    let parsed = JSON::parse(json).map_err(|_| "this is no JSON".to_owned())?;
    let text = |value: &JsValue| match value.as_string() {
        Some(text) => Some(Text::Plain(text.into())),
        None => entries(value, JsValue::as_string).map(Text::Plural),
    };
    entries(&parsed, text).ok_or_else(|| NO_CATALOGUE.to_owned())
}

/// The keys and texts of a catalogue.
///
/// # Errors
/// When `json` is none.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn read(json: &str) -> Result<Vec<(String, Text)>, String> {
    use serde_json::Value;

    let text = |value: &Value| match value {
        Value::String(text) => Some(Text::Plain(text.as_str().into())),
        Value::Object(forms) => {
            let form = |(category, text): (&String, &Value)| Some((category.clone(), text.as_str()?.to_owned()));
            forms.iter().map(form).collect::<Option<_>>().map(Text::Plural)
        }
        _ => None,
    };
    let parsed: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let entries = parsed.as_object().ok_or(NO_CATALOGUE)?.iter();
    let read = entries.map(|(key, value)| Some((key.clone(), text(value)?)));
    read.collect::<Option<_>>().ok_or_else(|| NO_CATALOGUE.to_owned())
}
