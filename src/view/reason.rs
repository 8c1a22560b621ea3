//! The reason, from which a subject is proposed. It is no field of the case and is not sent.

use leptos::prelude::*;
use partner_case_core::Field;

use super::changing::changing;
use crate::form::CaseForm;
use crate::messages::Message;
use crate::subject_helper::Reason;

/// The list of reasons.
#[component]
pub(crate) fn ReasonField(form: CaseForm, locked: Memo<bool>) -> impl IntoView {
    let choices: Vec<_> = Reason::ALL
        .into_iter()
        .enumerate()
        .map(|(at, reason)| view! { class="pc", <option value=at.to_string()>{form.texts.get(reason.message())}</option> })
        .collect();
    view! { class="pc",
        // It proposes a subject, so it goes where the subject does.
        <div class="field" part="field" hidden=changing(move || form.is_hidden(Field::Subject) || form.is_readonly(Field::Subject))>
            <label class="label" part="label" for="reason">
                {form.texts.get(Message::ReasonLabel)}<span class="optional">" "{form.texts.get(Message::Optional)}</span>
            </label>
            <div class="hint" part="hint" id="reason-hint">{form.texts.get(Message::ReasonHint)}</div>
            <select
                class="control"
                part="control"
                id="reason"
                aria-describedby="reason-hint"
                disabled=changing(move || locked.get())
                // A form that is emptied forgets the reason, too.
                prop:value=changing(move || chosen_value(form))
                on:change:target=move |event| {
                    let chosen = event.target().value().parse::<usize>().ok().and_then(|at| Reason::ALL.get(at).copied());
                    form.choose_reason(chosen);
                }
            >
                <option value="">{form.texts.get(Message::ReasonNone)}</option>
                {choices}
            </select>
        </div>
    }
}

/// The value of the choice in the list; an empty one for none.
fn chosen_value(form: CaseForm) -> String {
    let chosen = form.helper.chosen.get();
    chosen
        .and_then(|chosen| Reason::ALL.into_iter().position(|reason| reason == chosen))
        .map(|at| at.to_string())
        .unwrap_or_default()
}
