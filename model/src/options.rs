//! What the portal sets.

use partner_case_core::{CaseId, CaseInput, CaseType, Field, KnownPersonalData};

use crate::draft::{DraftPlace, DraftSettings};

/// How long a draft is stored when the portal does not say, in minutes: a working day.
const DEFAULT_DRAFT_TTL_MINUTES: u32 = 8 * 60;

/// The longest that a draft is stored, in minutes. A browser's timers reach 24 days.
const MAX_DRAFT_TTL_MINUTES: u32 = 14 * 24 * 60;

/// What the portal has set, as texts.
#[derive(Debug, Clone, Default)]
pub struct RawOptions {
    /// The proxy's base path, without `/cases`, as the page has set it. Drafts are named by it.
    pub endpoint: String,
    /// The base path as the loader has resolved it: an absolute URL, or empty where no call may go to it.
    pub endpoint_url: Option<String>,
    /// The customer's own data, to be kept out of the subject.
    pub known_personal_data: KnownPersonalData,
    /// What the fields hold at first.
    pub prefill: CaseInput,
    /// Whether the agent sees what is to be sent before it is.
    pub review: bool,
    /// Whether the agent can change and send nothing now, as in a disabled `<fieldset>`.
    pub disabled: bool,
    /// The fields that the agent cannot change, by their attributes' names.
    pub readonly_fields: String,
    /// The fields that are not shown, by their attributes' names.
    pub hidden_fields: String,
    /// Where drafts are stored: `none`, `memory`, `session` or `local`.
    pub draft: String,
    /// After how many minutes a draft is deleted.
    pub draft_ttl: String,
    /// What separates the drafts of one agent from those of another. Without it no draft outlives the page.
    pub draft_scope: String,
}

/// What the portal has set, once it makes sense.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormOptions {
    pub(crate) endpoint: String,
    endpoint_url: Option<String>,
    pub(crate) known_personal_data: KnownPersonalData,
    /// What the fields hold at first.
    pub prefill: CaseInput,
    pub(crate) review: bool,
    pub(crate) layout: FieldLayout,
    pub(crate) drafts: DraftSettings,
}

/// What the agent can change and see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldLayout {
    /// The fields that the agent cannot change.
    pub readonly: Vec<Field>,
    /// The fields that are not shown.
    pub hidden: Vec<Field>,
    /// Whether they can change and send nothing now.
    pub disabled: bool,
}

impl RawOptions {
    /// Replaces what makes no sense by its default, and says what that was. A form that works otherwise is better than none.
    pub fn sanitize(mut self) -> (FormOptions, Vec<String>) {
        let mut warnings = Vec::new();
        // The agent could not choose another type: the list shows those that can be created.
        if CaseType::creatable(&self.prefill[Field::CaseType]).is_none() {
            self.prefill.set(Field::CaseType, &CaseInput::default()[Field::CaseType]);
            warnings.push("the type is not one that can be created, so the default is used".to_owned());
        }
        let place = or_warn(&self.draft, DraftPlace::parse, &mut warnings, || {
            "draft is none, memory, session or local; memory is used".to_owned()
        });
        let ttl_minutes = or_warn(&self.draft_ttl, ttl_minutes, &mut warnings, || {
            format!("draft-ttl is a number of minutes from 1 to {MAX_DRAFT_TTL_MINUTES}; {DEFAULT_DRAFT_TTL_MINUTES} is used")
        });
        let mut drafts = DraftSettings {
            place: place.unwrap_or_default(),
            ttl_minutes: ttl_minutes.unwrap_or(DEFAULT_DRAFT_TTL_MINUTES),
            scope: self.draft_scope,
        };
        // What outlives the page is stored under the agent whose it is: the next person at this browser may be another.
        if matches!(drafts.place, DraftPlace::Session | DraftPlace::Local) && !drafts.is_named() {
            drafts.place = DraftPlace::Memory;
            warnings.push(
                "draft is session or local without a draft-scope that tells one agent from another; memory is used".to_owned(),
            );
        }
        let options = FormOptions {
            endpoint: self.endpoint.trim_end_matches('/').to_owned(),
            endpoint_url: self.endpoint_url,
            known_personal_data: self.known_personal_data,
            prefill: self.prefill,
            review: self.review,
            layout: FieldLayout {
                readonly: fields("readonly", &self.readonly_fields, &mut warnings),
                hidden: fields("hidden-fields", &self.hidden_fields, &mut warnings),
                disabled: self.disabled,
            },
            drafts,
        };
        (options, warnings)
    }
}

/// Reads a text that is not empty; warns if it cannot be read.
fn or_warn<T>(
    text: &str,
    read: impl Fn(&str) -> Option<T>,
    warnings: &mut Vec<String>,
    warning: impl Fn() -> String,
) -> Option<T> {
    let value = read(text);
    if value.is_none() && !text.is_empty() {
        warnings.push(warning());
    }
    value
}

fn ttl_minutes(text: &str) -> Option<u32> {
    let minutes = text.trim().parse().ok()?;
    (1..=MAX_DRAFT_TTL_MINUTES).contains(&minutes).then_some(minutes)
}

/// The fields that an attribute names, such as `user-id transfer-id`.
fn fields(attribute: &str, names: &str, warnings: &mut Vec<String>) -> Vec<Field> {
    let (known, unknown): (Vec<&str>, Vec<&str>) = names
        .split_whitespace()
        .partition(|name| Field::from_attribute_name(name).is_some());
    if !unknown.is_empty() {
        warnings.push([attribute, " names no field by: ", &unknown.join(" ")].concat());
    }
    known.into_iter().filter_map(Field::from_attribute_name).collect()
}

impl FormOptions {
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
        format!("{}/cases/{id}", self.base())
    }

    /// The URL at which the proxy says the outcome of a submission.
    pub(crate) fn submission_url(&self, key: &str) -> String {
        format!("{}/submissions/{key}", self.base())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_replaced_by_its_default_and_reported() {
        let raw = RawOptions {
            draft: "forever".to_owned(),
            draft_ttl: "1.5".to_owned(),
            hidden_fields: "type userId".to_owned(),
            prefill: CaseInput::from([(Field::CaseType, "general_enquiry")]),
            ..RawOptions::default()
        };
        let (options, warnings) = raw.sanitize();
        assert_eq!(warnings.len(), 4, "{warnings:?}");
        assert_eq!(&options.prefill[Field::CaseType], "GENERAL_ENQUIRY");
        assert_eq!(options.layout.hidden, [Field::CaseType]);
        assert_eq!((options.drafts.place, options.drafts.ttl_minutes), (DraftPlace::Memory, 480));
    }

    #[test]
    fn a_draft_that_outlives_the_page_needs_a_scope() {
        let raw = |draft: &str, draft_scope: &str| RawOptions {
            draft: draft.to_owned(),
            draft_scope: draft_scope.to_owned(),
            ..RawOptions::default()
        };
        let (options, warnings) = raw("local", "").sanitize();
        assert_eq!((options.drafts.place, warnings.len()), (DraftPlace::Memory, 1));
        for (options, warnings) in [raw("local", "agent-7").sanitize(), raw("none", "").sanitize()] {
            assert!(warnings.is_empty() && options.drafts.place != DraftPlace::Memory);
        }
    }

    #[test]
    fn names_of_fields_are_those_of_the_attributes() {
        let mut warnings = Vec::new();
        assert_eq!(
            fields("readonly", " user-id  external-id ", &mut warnings),
            [Field::UserId, Field::ExternalId]
        );
        assert!(warnings.is_empty());
        assert_eq!(fields("readonly", "user-id userId canary", &mut warnings), [Field::UserId]);
        assert_eq!(warnings, ["readonly names no field by: userId canary"]);
    }

    #[test]
    fn calls_go_to_the_url_that_the_loader_resolved_and_drafts_keep_their_name() {
        let options = |endpoint_url: Option<&str>| {
            let raw = RawOptions {
                endpoint: "/partner-cases/".to_owned(),
                endpoint_url: endpoint_url.map(ToOwned::to_owned),
                ..RawOptions::default()
            };
            raw.sanitize().0
        };
        assert_eq!(options(None).cases_url(), "/partner-cases/cases");
        let resolved = options(Some("https://portal.example/partner-cases/"));
        assert_eq!(resolved.cases_url(), "https://portal.example/partner-cases/cases");
        assert_eq!(
            resolved.submission_url("7"),
            "https://portal.example/partner-cases/submissions/7"
        );
        assert_eq!(resolved.endpoint, "/partner-cases");
        // What the loader refuses stays refused: without a scheme, its own check before each call fails.
        assert_eq!(options(Some("")).cases_url(), "/cases");
    }
}
