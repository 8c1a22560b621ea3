//! What the portal sets, as it crosses from JavaScript.
//!
//! It is read by hand and not by serde, because it is read before the first paint, where each kilobyte counts.

use partner_case_core::{Field, KnownPersonalData};
use partner_case_model::RawOptions;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::js_sys::{Array, Object, Reflect};

use crate::messages::Catalogue;

/// An object as the loader has written it.
pub(super) struct JsOptions(JsValue);

impl JsOptions {
    pub(super) const fn new(object: JsValue) -> Self {
        Self(object)
    }

    fn get(&self, name: &str) -> Result<JsValue, String> {
        Reflect::get(&self.0, &name.into()).map_err(|_| ["no object to hold ", name].concat())
    }

    /// An object in the object; none is one without anything in it.
    fn object(&self, name: &str) -> Result<Self, String> {
        let value = self.get(name)?;
        match value.is_object() {
            true => Ok(Self(value)),
            false if value.is_undefined() => Ok(Self(Object::new().into())),
            false => Err([name, " is no object"].concat()),
        }
    }

    fn text(&self, name: &str) -> Result<Option<String>, String> {
        let value = self.get(name)?;
        match value.as_string() {
            None if !value.is_undefined() => Err([name, " is no text"].concat()),
            text => Ok(text),
        }
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, String> {
        let value = self.get(name)?;
        if value.is_undefined() {
            return Ok(Vec::new());
        }
        let list = value.dyn_ref::<Array>().ok_or_else(|| [name, " is no list"].concat())?;
        let texts = list.iter().map(|text| text.as_string());
        texts
            .collect::<Option<_>>()
            .ok_or_else(|| [name, " holds something else than texts"].concat())
    }

    /// The options of the form.
    ///
    /// # Errors
    /// What is not as it should be, by its name.
    pub(super) fn options(&self) -> Result<RawOptions, String> {
        let known = self.object("knownPersonalData")?;
        let filled = self.object("prefill")?;
        let text = |name| self.text(name).map(Option::unwrap_or_default);
        let mut options = RawOptions {
            endpoint: text("endpoint")?,
            endpoint_url: self.text("endpointUrl")?,
            known_personal_data: KnownPersonalData {
                names: known.texts("names")?,
                emails: known.texts("emails")?,
                phones: known.texts("phones")?,
            },
            review: self.get("review")?.is_truthy(),
            disabled: self.get("disabled")?.is_truthy(),
            readonly_fields: text("readonlyFields")?,
            hidden_fields: text("hiddenFields")?,
            draft: text("draft")?,
            draft_ttl: text("draftTtl")?,
            draft_scope: text("draftScope")?,
            ..RawOptions::default()
        };
        for field in Field::ALL {
            if let Some(text) = filled.text(field.wire_name())? {
                options.prefill.set(field, text);
            }
        }
        Ok(options)
    }

    /// The texts: English, what the language has in its place, and what the portal has in the place of that; and what cannot be used.
    ///
    /// # Errors
    /// What is not as it should be, by its name.
    pub(super) fn catalogue(&self) -> Result<(Catalogue, Vec<String>), String> {
        let mut catalogue = Catalogue::english();
        let mut warnings = Vec::new();
        let language = self.text("language")?.unwrap_or_default();
        let translated = self.object("catalogue")?;
        if add(&mut catalogue, &translated.0, "catalogue", &mut warnings) && !language.is_empty() {
            catalogue.set_language(&language);
        }
        if let Some(locale) = self.text("locale")?.filter(|locale| !locale.is_empty()) {
            catalogue.set_locale(&locale);
        }
        add(&mut catalogue, &self.object("messages")?.0, "messages", &mut warnings);
        Ok((catalogue, warnings))
    }
}

/// Adds the texts of an object: each a text, or an object with a text for each form of a plural. The answer is whether there were any.
fn add(catalogue: &mut Catalogue, texts: &JsValue, name: &str, warnings: &mut Vec<String>) -> bool {
    let mut read = Vec::new();
    for (key, value) in entries(texts) {
        match value.as_string() {
            Some(text) => read.push((key, text)),
            None => {
                for (category, form) in entries(&value) {
                    match form.as_string() {
                        Some(text) => read.push(([key.as_str(), "#", &category].concat(), text)),
                        None => warnings.push([name, ": ", &key, " is no text and is not used"].concat()),
                    }
                }
            }
        }
    }
    let has_any = !read.is_empty();
    for (key, text) in read {
        catalogue.set(&key, text);
    }
    has_any
}

/// The names and values of an object; none for anything else.
fn entries(object: &JsValue) -> Vec<(String, JsValue)> {
    let entry = |entry: JsValue| {
        let entry: Array = entry.unchecked_into();
        Some((entry.get(0).as_string()?, entry.get(1)))
    };
    let object = object.dyn_ref::<Object>().filter(|object| !Array::is_array(object));
    object.map_or_else(Vec::new, |object| Object::entries(object).iter().filter_map(entry).collect())
}
