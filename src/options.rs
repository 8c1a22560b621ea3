//! What the host sets, as it crosses from JavaScript.

use partner_case_core::{CaseDraft, CaseId, CaseType, Field, KnownPersonalData};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::js_sys::{Array, Reflect};

use crate::drafts::{DraftPlace, DraftSettings};
use crate::layout::{self, Layout};
use crate::messages::Catalogue;

/// How long a draft is kept when the host does not say: a working day.
const DEFAULT_DRAFT_TTL_MINUTES: u32 = 8 * 60;

/// The longest that a draft is kept. A browser's timers reach 24 days.
const MAX_DRAFT_TTL_MINUTES: u32 = 14 * 24 * 60;

/// What the host sets. The loader makes it from attributes and properties; ids are text, never JavaScript numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// The proxy's base path, without `/cases`, as the page has set it. Drafts are named by it.
    pub(crate) endpoint: String,
    /// The base path as the loader has resolved it: an absolute URL, or empty where no call may go to it.
    endpoint_url: Option<String>,
    /// The customer's own data, to be kept out of the subject.
    pub(crate) known_personal_data: KnownPersonalData,
    /// What the fields hold at first.
    pub(crate) prefill: CaseDraft,
    /// Whether a person sees what is to be sent before it is.
    pub(crate) review: bool,
    /// The fields that a person cannot change, by their attributes' names.
    readonly_fields: String,
    /// The fields that are not shown, by their attributes' names.
    hidden_fields: String,
    /// Where drafts are kept: `none`, `memory`, `session` or `local`.
    draft: String,
    /// After how many minutes a draft is forgotten.
    draft_ttl: String,
    /// What tells the drafts of one member of staff from those of another.
    draft_scope: String,
    /// The language of the catalogue, such as `de`.
    language: String,
    /// The locale for numbers and times, such as `de-AT`; empty for that of the English texts.
    locale: String,
    /// The catalogue of the language, as JSON; empty for English.
    catalogue: String,
    /// The host's own texts, as JSON.
    messages: String,
}

/// An object as the host has written it.
struct Given(JsValue);

impl Given {
    fn get(&self, name: &str) -> Result<JsValue, String> {
        Reflect::get(&self.0, &name.into()).map_err(|_| format!("no object to hold {name}"))
    }

    /// An object in the object; none is one without anything in it.
    fn object(&self, name: &str) -> Result<Self, String> {
        let value = self.get(name)?;
        match value.is_object() {
            true => Ok(Self(value)),
            false if value.is_undefined() => Ok(Self(web_sys::js_sys::Object::new().into())),
            false => Err(format!("{name} is no object")),
        }
    }

    fn text(&self, name: &str) -> Result<Option<String>, String> {
        let value = self.get(name)?;
        match value.as_string() {
            None if !value.is_undefined() => Err(format!("{name} is no text")),
            text => Ok(text),
        }
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, String> {
        let value = self.get(name)?;
        if value.is_undefined() {
            return Ok(Vec::new());
        }
        let list = value.dyn_ref::<Array>().ok_or_else(|| format!("{name} is no list"))?;
        let texts = list.iter().map(|text| text.as_string());
        texts
            .collect::<Option<_>>()
            .ok_or_else(|| format!("{name} holds something else than texts"))
    }
}

impl Options {
    /// Reads the host's options. They are read by hand and not by serde, because they are read before the first paint, where each
    /// kilobyte counts.
    ///
    /// # Errors
    /// What is not as it should be, by its name.
    pub(crate) fn read(options: JsValue) -> Result<Self, String> {
        let given = Given(options);
        let known = given.object("knownPersonalData")?;
        let filled = given.object("prefill")?;
        let mut prefill = CaseDraft::default();
        for field in Field::ALL {
            if let Some(text) = filled.text(field.wire_name())? {
                prefill.set(field, text);
            }
        }
        let text = |name| given.text(name).map(Option::unwrap_or_default);
        Ok(Self {
            endpoint: text("endpoint")?,
            endpoint_url: given.text("endpointUrl")?,
            known_personal_data: KnownPersonalData {
                names: known.texts("names")?,
                emails: known.texts("emails")?,
                phones: known.texts("phones")?,
            },
            prefill,
            review: given.get("review")?.is_truthy(),
            readonly_fields: text("readonlyFields")?,
            hidden_fields: text("hiddenFields")?,
            draft: text("draft")?,
            draft_ttl: text("draftTtl")?,
            draft_scope: text("draftScope")?,
            language: text("language")?,
            locale: text("locale")?,
            catalogue: text("catalogue")?,
            messages: text("messages")?,
        })
    }

    /// Puts right what is not as it should be, and tells what that was. A form that works otherwise is better than none.
    pub(crate) fn correct(&mut self) -> Vec<String> {
        let mut corrected = Vec::new();
        // A person could not choose the type anew: the list shows the one that can be raised.
        if CaseType::raisable(&self.prefill.case_type).is_none() {
            self.prefill.case_type = CaseDraft::default().case_type;
            corrected.push("the type is not one that can be raised, so the default is used".to_owned());
        }
        if !self.draft.is_empty() && DraftPlace::parse(&self.draft).is_none() {
            self.draft.clear();
            corrected.push("draft is none, memory, session or local; memory is used".to_owned());
        }
        if !self.draft_ttl.is_empty() && self.ttl_minutes().is_none() {
            self.draft_ttl.clear();
            corrected.push(format!(
                "draft-ttl is a number of minutes from 1 to {MAX_DRAFT_TTL_MINUTES}; {DEFAULT_DRAFT_TTL_MINUTES} is used"
            ));
        }
        for (name, names) in [
            ("readonly", &mut self.readonly_fields),
            ("hidden-fields", &mut self.hidden_fields),
        ] {
            if let Err(unknown) = layout::fields(names) {
                corrected.push(format!("{name} names no field by: {}", unknown.join(" ")));
                let known: Vec<&str> = names.split_whitespace().filter(|name| !unknown.contains(name)).collect();
                *names = known.join(" ");
            }
        }
        for (name, json) in [("the catalogue", &mut self.catalogue), ("messages", &mut self.messages)] {
            if let Some(error) = (!json.is_empty()).then(|| Catalogue::english().overlay(json).err()).flatten() {
                corrected.push(format!("{name} cannot be read and is not used: {error}"));
                json.clear();
            }
        }
        corrected
    }

    /// The texts: English, what the language has in its place, and what the host has in the place of that.
    pub(crate) fn catalogue(&self) -> Catalogue {
        let mut catalogue = Catalogue::english();
        // What cannot be read was put right before.
        if !self.catalogue.is_empty() && catalogue.overlay(&self.catalogue).is_ok() {
            catalogue.set_language(&self.language);
        }
        if !self.locale.is_empty() {
            catalogue.set_locale(&self.locale);
        }
        if !self.messages.is_empty() {
            let _ = catalogue.overlay(&self.messages);
        }
        catalogue
    }

    /// Whether these options speak as others do, so that their texts need not be read again.
    pub(crate) fn has_same_texts(&self, other: &Self) -> bool {
        (&self.language, &self.locale) == (&other.language, &other.locale)
            && (&self.catalogue, &self.messages) == (&other.catalogue, &other.messages)
    }

    fn ttl_minutes(&self) -> Option<u32> {
        let minutes = self.draft_ttl.trim().parse().ok()?;
        (1..=MAX_DRAFT_TTL_MINUTES).contains(&minutes).then_some(minutes)
    }

    /// Which fields a person can change and see.
    pub(crate) fn layout(&self) -> Layout {
        Layout {
            readonly: layout::fields(&self.readonly_fields).unwrap_or_default(),
            hidden: layout::fields(&self.hidden_fields).unwrap_or_default(),
        }
    }

    /// How drafts are kept.
    pub(crate) fn draft_settings(&self) -> DraftSettings {
        DraftSettings {
            place: DraftPlace::parse(&self.draft).unwrap_or_default(),
            ttl_minutes: self.ttl_minutes().unwrap_or(DEFAULT_DRAFT_TTL_MINUTES),
            scope: self.draft_scope.clone(),
        }
    }

    /// The base of every call. It comes from the loader, because a browser would resolve a relative one against the page's `<base>`.
    fn base(&self) -> &str {
        self.endpoint_url.as_ref().unwrap_or(&self.endpoint).trim_end_matches('/')
    }

    /// The URL to which cases are posted.
    pub(crate) fn cases_url(&self) -> String {
        format!("{}/cases", self.base())
    }

    /// The URL of a case.
    pub(crate) fn case_url(&self, id: CaseId) -> String {
        format!("{}/{id}", self.cases_url())
    }

    /// The URL at which the proxy tells the outcome of a submission.
    pub(crate) fn submission_url(&self, key: &str) -> String {
        format!("{}/submissions/{key}", self.base())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_host_got_wrong_is_put_right_and_told() {
        let mut options = Options {
            draft: "forever".to_owned(),
            draft_ttl: "1.5".to_owned(),
            hidden_fields: "type userId".to_owned(),
            messages: r#"{"form.submit":7}"#.to_owned(),
            ..Options::default()
        };
        options.prefill.case_type = "general_enquiry".to_owned();
        let corrected = options.correct();
        assert_eq!(corrected.len(), 5, "{corrected:?}");
        assert_eq!(options.prefill.case_type, "GENERAL_ENQUIRY");
        assert_eq!(options.layout().hidden, [partner_case_core::Field::CaseType]);
        assert_eq!(
            options.draft_settings(),
            DraftSettings {
                place: DraftPlace::Memory,
                ttl_minutes: 480,
                scope: String::new()
            }
        );
        assert_eq!(options.catalogue(), Catalogue::english());
        assert!(options.correct().is_empty());
    }

    #[test]
    fn calls_go_to_the_url_that_the_loader_resolved_and_drafts_keep_their_name() {
        let mut options = Options {
            endpoint: "/partner-cases/".to_owned(),
            ..Options::default()
        };
        assert_eq!(options.cases_url(), "/partner-cases/cases");
        options.endpoint_url = Some("https://portal.example/partner-cases/".to_owned());
        assert_eq!(options.cases_url(), "https://portal.example/partner-cases/cases");
        assert_eq!(
            options.submission_url("7"),
            "https://portal.example/partner-cases/submissions/7"
        );
        assert_eq!(options.endpoint, "/partner-cases/");
        // What the loader refuses stays refused: without a scheme, its own check before each call fails.
        options.endpoint_url = Some(String::new());
        assert_eq!(options.cases_url(), "/cases");
    }
}
