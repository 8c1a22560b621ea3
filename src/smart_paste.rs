//! Pasting more than an id into an id's field: the right number lands in the right field.

use leptos::prelude::*;
use partner_case_core::{Field, parse_id, pasted_ids};
use web_sys::ClipboardEvent;

use crate::form::CaseForm;
use crate::messages::{self, Message};

/// The fields that hold an id of Wise's.
const ID_FIELDS: [Field; 3] = [Field::UserId, Field::TransferId, Field::ProfileId];

impl CaseForm {
    /// Fills in the ids of what is pasted, and says so.
    pub(crate) fn look_at_pasted(self, field: Field, event: &ClipboardEvent) {
        let Some(text) = event.clipboard_data().and_then(|data| data.get_data("text").ok()) else {
            return;
        };
        let filled = self.paste(field, &text);
        if filled.is_empty() {
            return;
        }
        event.prevent_default();
        let names = self.texts.list(filled.into_iter().map(messages::label));
        self.said.set(Some(self.texts.with(Message::Pasted, &[("fields", &names)])));
    }

    /// Takes the ids out of what is pasted into an id's field, which is empty or wholly selected. The answer is the fields that were
    /// filled; none means that the browser should paste as it always does.
    ///
    /// A number goes to the field that a word next to it names, if that field is empty or is the one pasted into. A number that no word
    /// names goes to the field pasted into, if it is the only one.
    pub(crate) fn paste(self, into: Field, text: &str) -> Vec<Field> {
        if parse_id(text).is_ok() {
            return Vec::new();
        }
        let found = pasted_ids(text);
        let named = ID_FIELDS
            .into_iter()
            .filter_map(|field| Some((field, found.iter().find(|pasted| pasted.field == Some(field))?.id)));
        let mut targets: Vec<(Field, i64)> = named
            .filter(|(field, _)| !untrack(|| self.is_readonly(*field)))
            .filter(|(field, _)| *field == into || self.value(*field).with_untracked(|text| text.trim().is_empty()))
            .collect();
        if let [only] = found[..]
            && only.field.is_none()
        {
            targets.push((into, only.id));
        }
        for (field, id) in &targets {
            self.value(*field).set(id.to_string());
        }
        if !targets.is_empty() {
            self.check_subject();
            self.edited();
        }
        targets.into_iter().map(|(field, _)| field).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_case_core::CaseDraft;

    fn pasted(into: Field, text: &str, prefill: CaseDraft) -> (Vec<Field>, CaseDraft) {
        let owner = Owner::new();
        owner.with(|| {
            let form = CaseForm::new(prefill);
            (form.paste(into, text), form.draft())
        })
    }

    #[test]
    fn a_plain_id_is_left_to_the_browser() {
        for text in ["58114690", "#58 114 690", " 58,114,690 "] {
            assert_eq!(pasted(Field::TransferId, text, CaseDraft::default()).0, [], "{text}");
        }
    }

    #[test]
    fn each_number_lands_in_the_field_that_its_word_names() {
        let json = r#"{"transferId":58114690,"profileId":14556049,"userId":1234}"#;
        let (filled, draft) = pasted(Field::TransferId, json, CaseDraft::default());
        assert_eq!(filled, ID_FIELDS);
        assert_eq!(
            (draft.user_id.as_str(), draft.transfer_id.as_str(), draft.profile_id.as_str()),
            ("1234", "58114690", "14556049")
        );
    }

    #[test]
    fn a_number_for_another_field_does_not_land_in_the_wrong_one() {
        let (filled, draft) = pasted(
            Field::TransferId,
            "https://portal.example/profiles/14556049",
            CaseDraft::default(),
        );
        assert_eq!(
            (filled, draft.transfer_id.as_str(), draft.profile_id.as_str()),
            (vec![Field::ProfileId], "", "14556049")
        );
    }

    #[test]
    fn a_field_that_has_text_keeps_it_unless_it_is_pasted_into() {
        let prefill = CaseDraft {
            user_id: "77".to_owned(),
            transfer_id: "88".to_owned(),
            ..CaseDraft::default()
        };
        let (filled, draft) = pasted(Field::TransferId, "user 1234, transfer 58114690", prefill);
        assert_eq!(
            (filled, draft.user_id.as_str(), draft.transfer_id.as_str()),
            (vec![Field::TransferId], "77", "58114690")
        );
    }

    #[test]
    fn a_text_with_no_id_or_with_several_is_left_to_the_browser() {
        for text in ["no number", "58114690 or 58114691"] {
            assert_eq!(pasted(Field::TransferId, text, CaseDraft::default()).0, [], "{text}");
        }
    }
}
