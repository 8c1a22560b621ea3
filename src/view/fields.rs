//! The fields of the form, in their order.

use leptos::prelude::*;
use partner_case_core::{CaseType, Field};

use super::changing::changing;
use super::description::DescriptionField;
use super::field::{SelectField, TextField};
use super::reason::ReasonField;
use super::{Part, Surroundings};
use crate::messages::{self, Message};

/// All fields of the endpoint.
#[component]
pub(crate) fn Fields(around: Surroundings) -> impl IntoView {
    let Surroundings { form, locked, .. } = around;
    let case_types = CaseType::ALL
        .iter()
        .map(|case_type| (case_type.as_str().to_owned(), messages::case_type(form.texts, case_type)))
        .collect();
    let no_ids = move || {
        [Field::UserId, Field::TransferId, Field::ProfileId]
            .into_iter()
            .all(|field| form.is_hidden(field))
    };
    view! { class="pc",
        <SelectField form=form field=Field::CaseType locked=locked choices=case_types />
        <fieldset class="about" part="fieldset" hidden=changing(no_ids)>
            <legend class="legend">{form.texts.get(Message::AboutLegend)}</legend>
            <div class="ids">
                <TextField form=form field=Field::UserId locked=locked />
                <TextField form=form field=Field::TransferId locked=locked optional=true />
                <TextField form=form field=Field::ProfileId locked=locked optional=true />
            </div>
        </fieldset>
        <ReasonField form=form locked=locked />
        <div class="subject">
            <TextField form=form field=Field::Subject locked=locked />
            {around.part(Part::SubjectGuard)}
        </div>
        <DescriptionField around=around />
        <TextField form=form field=Field::ExternalId locked=locked optional=true />
    }
}
