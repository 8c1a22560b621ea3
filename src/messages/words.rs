//! What things are called, and the words that the form writes into fields.

use partner_case_core::{CaseStatus, CaseType, Field, NotSentReason, PersonalDataKind, SecretKind};
use partner_case_model::{Announcement, LockScope, ParkedOf, Reason, Words};

use super::catalogue::Catalogue;

impl Catalogue {
    /// What a kind of personal data is called.
    pub(crate) fn kind(&self, kind: PersonalDataKind) -> &str {
        self.text(&["kind.", kind_key(kind)].concat())
    }

    /// What a kind of secret is called.
    pub(crate) fn secret(&self, kind: SecretKind) -> &str {
        self.text(match kind {
            SecretKind::Card => "secret.card",
            SecretKind::Token => "secret.token",
            SecretKind::Password => "secret.password",
        })
    }

    /// The name of a case type; one without a name here is shown as Wise writes it.
    pub(crate) fn case_type<'a>(&'a self, name: &'a str) -> &'a str {
        if name == CaseType::GeneralEnquiry.as_str() {
            self.text("type.general_enquiry")
        } else {
            name
        }
    }

    /// What a status means; one without a meaning here is shown as Wise writes it.
    pub(crate) fn status<'a>(&'a self, status: &'a CaseStatus) -> &'a str {
        self.get(&status.text_key()).unwrap_or_else(|| status.as_str())
    }

    /// The heading over why a case was not sent, and what to do next.
    pub(crate) fn not_sent(&self, reason: NotSentReason) -> (&str, &str) {
        // Where another text was sent under the key, there may be a case.
        let title = match reason {
            NotSentReason::KeyReused => "not_sent.key_reused_title",
            _ => "not_sent.title",
        };
        (self.text(title), self.text(&["not_sent.", reason.as_str()].concat()))
    }

    /// Whose draft is kept.
    pub(crate) fn parked(&self, of: ParkedOf) -> String {
        match of {
            Some((field, id)) => self.with("draft.parked_of", &[("field", self.label(field)), ("id", &id.to_string())]),
            None => self.text("draft.parked").to_owned(),
        }
    }

    /// Who else has a draft.
    pub(crate) fn elsewhere(&self, scope: LockScope) -> &str {
        self.text(match scope {
            LockScope::Page => "draft.other_form",
            LockScope::Browser => "draft.elsewhere",
        })
    }

    /// What a screen reader says about something that the agent did not do themselves.
    pub(crate) fn announcement(&self, announcement: &Announcement) -> String {
        match announcement {
            Announcement::IdsPasted(fields) => {
                let names = self.list(fields.iter().map(|field| self.label(*field)));
                self.with("paste.filled", &[("fields", &names)])
            }
            Announcement::DraftRestored { changed_at_millis } => {
                self.with("draft.restored", &[("time", &self.moment(*changed_at_millis))])
            }
            Announcement::DraftParked(of) => self.parked(*of),
            Announcement::DraftDeleted => self.text("draft.deleted").to_owned(),
            Announcement::DraftElsewhere(scope) => self.elsewhere(*scope).to_owned(),
            Announcement::ParkedCaseCreated(id) => self.with("draft.parked_created", &[("id", &id.to_string())]),
        }
    }
}

impl Words for Catalogue {
    fn suggested_subject(&self, reason: Reason, transfer_id: Option<i64>) -> Option<String> {
        let words = match reason {
            Reason::Other => return None,
            named => self.text(named.text_key()),
        };
        Some(match transfer_id {
            Some(id) => self.with("reason.subject", &[("id", &id.to_string()), ("reason", words)]),
            None => words.to_owned(),
        })
    }

    fn moved_line(&self, kind: PersonalDataKind, value: &str) -> String {
        self.with("guard.moved", &[("kind", self.kind(kind)), ("value", value)])
    }

    fn neutral_word(&self, kind: PersonalDataKind) -> String {
        self.text(&["neutral.", kind_key(kind)].concat()).to_owned()
    }

    fn labelled(&self, field: Field, text: &str) -> String {
        [self.label(field), ": ", text].concat()
    }
}

/// The end of the keys that are about a kind of personal data.
const fn kind_key(kind: PersonalDataKind) -> &'static str {
    match kind {
        PersonalDataKind::Email => "email",
        PersonalDataKind::Phone => "phone",
        PersonalDataKind::Iban => "iban",
        PersonalDataKind::Card => "card",
        PersonalDataKind::NationalId => "national_id",
        PersonalDataKind::Passport => "passport",
        PersonalDataKind::DrivingLicence => "driving_licence",
        PersonalDataKind::DateOfBirth => "date_of_birth",
        PersonalDataKind::Ip => "ip",
        PersonalDataKind::Crypto => "crypto",
        PersonalDataKind::BankAccount => "bank_account",
        PersonalDataKind::Address => "address",
        PersonalDataKind::Name => "name",
    }
}
