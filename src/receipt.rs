//! What a person can take away of a case: to show, to copy, to print, to keep as a file.

use partner_case_core::{Case, Field};

use crate::form::CaseForm;
use crate::messages::{self, Message, Texts};

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// What Wise answered. It holds nothing personal, so it can be pasted into any ticket.
    Case,
    /// That, and all that was sent.
    All,
}

/// What Wise answered beside the number and the status: each with its name.
pub(crate) fn rows(texts: Texts, case: &Case) -> Vec<(String, String)> {
    let time = |time| crate::intl::timestamp(&texts.locale(), time);
    [
        (Message::CreatedExternalId, case.external_id.clone()),
        (Message::CreatedTime, case.created_at.as_ref().map(time)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((texts.get(name), value?)))
    .collect()
}

/// The fields as they are sent, each with its name; an empty text is not sent.
pub(crate) fn sent_fields(form: CaseForm) -> Vec<(String, String)> {
    let draft = form.draft();
    let Ok(case) = draft.validate() else { return Vec::new() };
    Field::ALL
        .into_iter()
        .map(|field| {
            let value = match field {
                Field::CaseType => messages::case_type(form.texts, case.case_type()),
                Field::UserId => case.user_id().to_string(),
                Field::TransferId => case.transfer_id().map(|id| id.to_string()).unwrap_or_default(),
                Field::ProfileId => case.profile_id().map(|id| id.to_string()).unwrap_or_default(),
                Field::Subject => case.subject().to_owned(),
                Field::Description => case.description().to_owned(),
                Field::ExternalId => case.external_id().unwrap_or_default().to_owned(),
            };
            (form.texts.get(messages::label(field)), value)
        })
        .collect()
}

/// The receipt as plain text.
pub(crate) fn text(form: CaseForm, case: &Case, parts: Parts) -> String {
    let texts = form.texts;
    let mut lines = vec![
        (texts.get(Message::CreatedNumber), case.id.to_string()),
        (texts.get(Message::CreatedStatus), messages::status(texts, &case.status)),
    ];
    lines.extend(rows(texts, case));
    if parts == Parts::All {
        let own = texts.get(Message::ExternalIdLabel);
        lines.extend(
            sent_fields(form)
                .into_iter()
                .filter(|(name, value)| !value.is_empty() && (*name != own || case.external_id.is_none())),
        );
    }
    lines.into_iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::Owner;
    use partner_case_core::CaseDraft;

    #[test]
    fn what_is_copied_has_nothing_of_the_text_and_what_is_kept_has_all_of_it() {
        Owner::new().with(|| {
            let form = CaseForm::new(CaseDraft {
                user_id: "1 234".to_owned(),
                transfer_id: "58114690".to_owned(),
                subject: " Late ".to_owned(),
                description: "canary\r\nsecond line".to_owned(),
                external_id: "T-1".to_owned(),
                ..CaseDraft::default()
            });
            let case =
                serde_json::from_str(r#"{"id":7,"status":"OPEN","externalId":"T-1","createdAt":"2023-06-28T15:21:24.901"}"#)
                    .unwrap();
            assert_eq!(
                text(form, &case, Parts::Case),
                "Case number: 7\nStatus: Open: Wise is working on it, there is nothing to do for you\nYour reference: T-1\nCreated: 2023-06-28T15:21:24.901\n"
            );
            let all = text(form, &case, Parts::All);
            assert!(all.ends_with("Case type: General enquiry\nUser ID: 1234\nTransfer ID: 58114690\nSubject: Late\nDescription: canary\nsecond line\n"), "{all}");
        });
    }
}
