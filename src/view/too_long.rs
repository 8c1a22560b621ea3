//! What is said below a description that is too long, or may be, and the ways out.

use leptos::prelude::*;
use partner_case_core::limits::DESCRIPTION_MAX_UTF16;
use partner_case_core::{Field, cut_position, without_blank_lines, without_quoted_mail};

use super::below_description::go_to_cut;
use super::painted::Place;
use crate::form::{CaseForm, FocusTarget};
use crate::messages::Message;
use crate::watched::Derived;

/// How much of the text is shown on either side of the cut, in characters.
const EXCERPT_CHARS: usize = 60;

/// Shows where the cut would fall and offers to shorten; or says that the bytes may be too many.
#[component]
pub(crate) fn TooLongPanel(form: CaseForm, locked: Derived<bool>, place: Place) -> impl IntoView {
    let over = Memo::new(move |_| form.description_length.get().excess() > 0 && !locked.get());
    let bytes_over = Memo::new(move |_| form.description_length.get().is_over_in_bytes_only());
    view! { class="pc",
        <Show when=move || over.get()>
            <TooLong form=form place=place />
        </Show>
        <Show when=move || bytes_over.get()>
            <div class="guard" part="length-warning">
                <p>{form.texts.with(Message::LengthBytes, &[("max", &form.texts.number(DESCRIPTION_MAX_UTF16))])}</p>
            </div>
        </Show>
    }
}

#[component]
fn TooLong(form: CaseForm, place: Place) -> impl IntoView {
    // The text is looked at anew whenever its length has changed.
    let text = move || {
        form.description_length.track();
        form.value(Field::Description).get_untracked()
    };
    let shorter = move || {
        let text = text();
        let quoted = without_quoted_mail(&text).map(|shorter| (Message::TrimQuoted, shorter));
        let blank = Some(without_blank_lines(&text).into_owned()).filter(|shorter| shorter.len() < text.len());
        [quoted, blank.map(|shorter| (Message::TrimBlank, shorter))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    };
    view! { class="pc",
        <div class="guard" part="length-error" role="group" aria-labelledby="length-title">
            <p class="guard-title" id="length-title">
                {move || form.texts.count(Message::LengthDropped, form.description_length.get().excess(), &[])}
            </p>
            <p class="guard-subject" dir="auto">{move || excerpt(&text()).map(|(before, after)| view! { class="pc",
                "…"{before}<del class="mark">{after}</del>"…"
            })}</p>
            <div class="actions">
                {move || shorter().into_iter().map(|(message, shorter)| view! { class="pc",
                    <button class="button small" part="button" type="button" on:click=move |_| shorten(form, shorter.clone())>{form.texts.get(message)}</button>
                }).collect_view()}
                <button class="button small" part="button" type="button" on:click=move |_| go_to_cut(form, place)>{form.texts.get(Message::GoToCut)}</button>
            </div>
        </div>
    }
}

/// The text on either side of the cut.
fn excerpt(text: &str) -> Option<(String, String)> {
    let (at, _) = cut_position(text)?;
    let (before, after) = text.split_at_checked(at)?;
    let start = before.char_indices().rev().nth(EXCERPT_CHARS - 1).map_or(0, |(at, _)| at);
    Some((before.get(start..)?.to_owned(), after.chars().take(EXCERPT_CHARS).collect()))
}

/// Takes the shorter text. The button vanishes when it fits, so the focus goes to the text.
fn shorten(form: CaseForm, shorter: String) {
    form.replace(Field::Description, shorter);
    form.focus.set(Some(FocusTarget::Field(Field::Description)));
}
