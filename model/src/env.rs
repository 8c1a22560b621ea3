//! What an update needs to know of the world.

use partner_case_core::{Field, PersonalDataKind};

use crate::draft::DraftPlace;
use crate::reason::Reason;

/// The world as it is during one update: the browser's in the form, a made-up one in tests.
pub trait Env {
    /// The time now, in milliseconds since 1970.
    fn now_millis(&self) -> u64;

    /// The time since the page was loaded, in milliseconds, by a clock that nobody sets.
    fn page_millis(&self) -> u64;

    /// A new idempotency key: a random UUID. None where the browser has no random numbers, and so no safe way to send.
    fn new_key(&self) -> Option<String>;

    /// What is stored under a name.
    fn stored(&self, place: DraftPlace, name: &str) -> Option<String>;

    /// The names of everything that is stored in a place and starts with `prefix`.
    fn stored_names(&self, place: DraftPlace, prefix: &str) -> Vec<String>;

    /// The words that the form writes into fields.
    fn words(&self) -> &dyn Words;
}

/// The words that the form writes into fields, in the agent's language.
pub trait Words {
    /// The subject that says a reason; none for one that the agent has to put in their own words.
    fn suggested_subject(&self, reason: Reason, transfer_id: Option<i64>) -> Option<String>;

    /// The line of the description for personal data that was in the subject.
    fn moved_line(&self, kind: PersonalDataKind, value: &str) -> String;

    /// What stands in the subject where personal data was.
    fn neutral_word(&self, kind: PersonalDataKind) -> String;

    /// A field's text with the field's label before it.
    fn labelled(&self, field: Field, text: &str) -> String;
}
