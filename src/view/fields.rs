//! The fields of the form, in their order.

use partner_case_core::{CaseType, Field};

use super::field::FieldView;
use super::painted::{Child, element};
use super::{Part, Surroundings, description, reason};
use crate::messages::{self, Message};

/// All fields of the endpoint.
pub(super) fn fields(around: Surroundings) -> [Child; 6] {
    let Surroundings { form, locked, .. } = around;
    let view = |field| FieldView { form, field, locked };
    let case_types = CaseType::ALL
        .iter()
        .map(|case_type| (case_type.as_str().to_owned(), messages::case_type(form.texts, case_type)));
    let ids = [Field::UserId, Field::TransferId, Field::ProfileId];
    let legend = element("legend")
        .set("class", "legend")
        .child(form.texts.get(Message::AboutLegend));
    let about = element("fieldset")
        .set("class", "about")
        .set("part", "fieldset")
        .when("hidden", move || ids.into_iter().all(|field| form.is_hidden(field)))
        .child(legend)
        .child(
            element("div")
                .set("class", "ids")
                .children(ids.map(|field| view(field).text())),
        );
    let subject = element("div")
        .set("class", "subject")
        .child(view(Field::Subject).text())
        .child(around.part(Part::SubjectGuard));
    [
        view(Field::CaseType).select(case_types).into(),
        about.into(),
        reason::field(form, locked).into(),
        subject.into(),
        description::field(around).into(),
        view(Field::ExternalId).text().into(),
    ]
}
