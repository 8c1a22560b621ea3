//! What is said below the subject about personal data in it, and the ways out.

use leptos::prelude::*;
use partner_case_core::{Certainty, PersonalDataFind};

use crate::form::CaseForm;
use crate::messages::{self, Message};
use crate::watched::Derived;

/// Shows the subject with the words marked, says why, and offers what can be done.
#[component]
pub(crate) fn SubjectGuardPanel(form: CaseForm, locked: Derived<bool>) -> impl IntoView {
    let any = Memo::new(move |_| form.guard.finds.with(|finds| !finds.is_empty()) && !locked.get());
    let announced = move || {
        let kinds = form.guard.finds.with(|finds| {
            let kinds = finds.iter().map(|find| messages::kind_name(find.kind));
            form.texts.list(kinds)
        });
        (!kinds.is_empty()).then(|| form.texts.with(Message::GuardAnnounce, &[("kind", &kinds)]))
    };
    view! { class="pc",
        // There before it is needed, and said once for each change.
        <div role="status" class="visually-hidden">{announced}</div>
        <Show when=move || any.get()>
            <div class="guard" part="subject-guard" role="group" aria-labelledby="guard-title">
                <p class="guard-title" id="guard-title">{form.texts.get(Message::GuardTitle)}</p>
                <p class="guard-subject" dir="auto">
                    {move || form.subject_pieces().into_iter().map(|(text, found)| match found {
                        Some(_) => view! { class="pc", <mark class="mark">{text}</mark> }.into_any(),
                        None => text.into_any(),
                    }).collect_view()}
                </p>
                <p class="hint">{form.texts.get(Message::GuardWhy)}</p>
                <ul class="guard-finds">
                    {move || form.guard.finds.get().into_iter().map(|find| view! { class="pc", <Find form=form find=find /> }).collect_view()}
                </ul>
            </div>
        </Show>
    }
}

#[component]
fn Find(form: CaseForm, find: PersonalDataFind) -> impl IntoView {
    let value = form
        .value(partner_case_core::Field::Subject)
        .with_untracked(|subject| subject.get(find.range.clone()).unwrap_or_default().to_owned());
    let kind = form.texts.get(messages::kind_name(find.kind));
    let said = match find.certainty {
        Certainty::Certain => Message::GuardCertain,
        Certainty::Probable => Message::GuardProbable,
    };
    let (kept, certainty) = (find.range.clone(), find.certainty);
    let keep = (certainty == Certainty::Probable).then(|| {
        view! { class="pc",
            <button class="button small" part="button" type="button" on:click=move |_| form.keep_in_subject(&kept)>{form.texts.get(Message::GuardKeep)}</button>
        }
    });
    view! { class="pc",
        <li class="guard-find">
            <span class="guard-value">{form.texts.with(said, &[("value", &value), ("kind", &kind)])}</span>
            <span class="guard-actions">
                <button class="button small" part="button" type="button" on:click=move |_| form.move_to_description(&find)>{form.texts.get(Message::GuardMove)}</button>
                {keep}
            </span>
        </li>
    }
}
