//! What is said below the description about what must not be sent, and the ways out.

use leptos::prelude::*;
use partner_case_core::{SecretFind, SecretKind};

use crate::form::CaseForm;
use crate::messages::{self, Message};
use crate::watched::Derived;

/// Names what was found and offers to hide it.
#[component]
pub(crate) fn DescriptionStopPanel(form: CaseForm, locked: Derived<bool>) -> impl IntoView {
    let any = Memo::new(move |_| form.stop.finds.with(|finds| !finds.is_empty()) && !locked.get());
    let announced = move || {
        let kinds = form.stop.finds.with(|finds| {
            let kinds = finds.iter().map(|find| messages::secret_name(find.kind));
            form.texts.list(kinds)
        });
        (!kinds.is_empty()).then(|| form.texts.with(Message::StopAnnounce, &[("kind", &kinds)]))
    };
    view! { class="pc",
        <div role="status" class="visually-hidden">{announced}</div>
        <Show when=move || any.get()>
            <div class="guard" part="description-stop" role="group" aria-labelledby="stop-title">
                <p class="guard-title" id="stop-title">{form.texts.get(Message::StopTitle)}</p>
                <p class="hint">{form.texts.get(Message::StopWhy)}</p>
                <ul class="guard-finds">
                    {move || form.stop.finds.get().into_iter().map(|find| view! { class="pc", <Find form=form find=find /> }).collect_view()}
                </ul>
            </div>
        </Show>
    }
}

#[component]
fn Find(form: CaseForm, find: SecretFind) -> impl IntoView {
    let value = shown(&find, &form.secret_value(&find));
    let kind = form.texts.get(messages::secret_name(find.kind));
    let kept = find.clone();
    view! { class="pc",
        <li class="guard-find">
            <span class="guard-value">{form.texts.with(Message::StopFind, &[("value", &value), ("kind", &kind)])}</span>
            <span class="guard-actions">
                <button class="button small" part="button" type="button" on:click=move |_| form.mask_in_description(&find)>{form.texts.get(Message::StopMask)}</button>
                <button class="button small" part="button" type="button" on:click=move |_| form.keep_in_description(&kept)>{form.texts.get(Message::StopKeep)}</button>
            </span>
        </li>
    }
}

/// A card number as it stands; of a token or password only its beginning, as somebody may look over the shoulder.
fn shown(find: &SecretFind, value: &str) -> String {
    match find.kind {
        SecretKind::Card => value.to_owned(),
        SecretKind::Token | SecretKind::Password => format!("{}…", value.chars().take(2).collect::<String>()),
    }
}
