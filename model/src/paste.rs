//! Pasting more than an ID into an ID's field: the right number lands in the right field.

use partner_case_core::{Field, FieldKind, parse_id, pasted_ids};

use crate::model::Model;

/// The fields and IDs for a text that the agent pastes into an ID's field, which is empty or wholly selected. None means that the browser
/// should paste as it always does.
///
/// A number goes to the field that a word next to it names, if that field is empty or is the one pasted into. A number that no word names
/// goes to the field pasted into, if it is the only one.
pub fn pasted_ids_for(model: &Model, into: Field, text: &str) -> Vec<(Field, i64)> {
    if model.is_fixed(into) || parse_id(text).is_ok() {
        return Vec::new();
    }
    let found = pasted_ids(text);
    let id_fields = Field::ALL.into_iter().filter(|field| field.kind() == FieldKind::Id);
    let named = id_fields.filter_map(|field| Some((field, found.iter().find(|pasted| pasted.field == Some(field))?.id)));
    let mut targets: Vec<(Field, i64)> = named
        .filter(|(field, _)| !model.is_readonly(*field))
        .filter(|(field, _)| *field == into || model.input[*field].trim().is_empty())
        .collect();
    if let [only] = found[..]
        && only.field.is_none()
    {
        targets.push((into, only.id));
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_case_core::CaseInput;

    fn pasted(into: Field, text: &str, prefill: CaseInput) -> Vec<(Field, i64)> {
        let model = Model {
            input: prefill,
            ..Model::default()
        };
        pasted_ids_for(&model, into, text)
    }

    #[test]
    fn a_plain_id_is_left_to_the_browser() {
        for text in ["58114690", "#58 114 690", " 58,114,690 "] {
            assert_eq!(pasted(Field::TransferId, text, CaseInput::default()), [], "{text}");
        }
    }

    #[test]
    fn each_number_lands_in_the_field_that_its_word_names() {
        let json = r#"{"transferId":58114690,"profileId":14556049,"userId":1234}"#;
        let ids = [
            (Field::UserId, 1234),
            (Field::TransferId, 58_114_690),
            (Field::ProfileId, 14_556_049),
        ];
        assert_eq!(pasted(Field::TransferId, json, CaseInput::default()), ids);
    }

    #[test]
    fn a_number_for_another_field_does_not_land_in_the_wrong_one() {
        let text = "https://portal.example/profiles/14556049";
        assert_eq!(
            pasted(Field::TransferId, text, CaseInput::default()),
            [(Field::ProfileId, 14_556_049)]
        );
    }

    #[test]
    fn a_field_that_has_text_keeps_it_unless_it_is_pasted_into() {
        let prefill = CaseInput::from([(Field::UserId, "77"), (Field::TransferId, "88")]);
        let text = "user 1234, transfer 58114690";
        assert_eq!(pasted(Field::TransferId, text, prefill), [(Field::TransferId, 58_114_690)]);
    }

    #[test]
    fn a_text_with_no_id_or_with_several_is_left_to_the_browser() {
        for text in ["no number", "58114690 or 58114691"] {
            assert_eq!(pasted(Field::TransferId, text, CaseInput::default()), [], "{text}");
        }
    }
}
