//! What is said when Wise has the case.

use leptos::html;
use leptos::prelude::*;
use partner_case_core::{Case, CaseStatus, Field};

use super::locale;
use crate::form::{CaseForm, FocusTarget};
use crate::messages::{self, Message};

/// The receipt of a created case.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
pub(crate) fn CreatedView(case: Case, form: CaseForm) -> impl IntoView {
    let title: NodeRef<html::H2> = NodeRef::new();
    Effect::new(move |_| {
        if let Some(title) = title.get() {
            let _ = title.focus();
        }
    });
    let failed = case.status == CaseStatus::Failed;
    let status = messages::status(&case.status);
    let rows: Vec<_> = [
        (Message::CreatedStatus, (!status.is_empty()).then_some(status)),
        (Message::CreatedExternalId, case.external_id.clone()),
        (Message::CreatedTime, case.created_at.as_ref().map(locale::time)),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        Some(view! { class="pc", <div class="row"><dt>{name.text()}</dt><dd dir="auto">{value?}</dd></div> })
    })
    .collect();
    view! { class="pc",
        <div class=if failed { "pc notice bad" } else { "pc notice good" } part="receipt">
            <h2 node_ref=title class="notice-title" tabindex="-1">{if failed { Message::CreatedFailedTitle.text() } else { Message::CreatedTitle.text() }}</h2>
            <dl class="receipt">
                <div class="row number">
                    <dt>{Message::CreatedNumber.text()}</dt>
                    <dd dir="ltr">{case.id.to_string()}</dd>
                </div>
                {rows}
            </dl>
            <div class="actions">
                <button class="button" part="button" type="button" on:click=move |_| another(form)>{Message::CreatedAnother.text()}</button>
            </div>
        </div>
    }
}

/// The button that is clicked here vanishes, so the focus goes to the first field of the new case.
fn another(form: CaseForm) {
    form.reset();
    form.focus.set(Some(FocusTarget::Field(Field::CaseType)));
}
