//! The rest of the form: all that its first paint does not need, in a wasm of its own that comes right after the first.
//!
//! The first wasm holds the fields, their texts and what a person types. Everything else is reached through [`Rest`] alone, so that the
//! build can put it into the second: the rules, the guard, drafts, sending, and what is shown then. Where the wasm is not split, as in
//! tests and with `trunk serve`, the rest is there from the start. docs/decisions/size.md says what that gains.

use leptos::prelude::*;
use partner_case_core::{Field, ValidationErrors};
use wasm_bindgen::JsValue;
use web_sys::{ClipboardEvent, HtmlElement};

use crate::controller::Controller;
use crate::form::CaseForm;
use crate::hooks::Hooks;
use crate::options::Options;
use crate::view::{Part, Surroundings};

/// The ways into the rest. The first wasm calls nothing of it but these.
#[derive(Debug)]
pub(crate) struct Rest {
    /// Makes a painted form work: its drafts, its rules, its submission. To be called where the view's signals belong.
    pub(crate) start: fn(CaseForm, HtmlElement, Options, Option<Hooks>) -> Controller,
    /// Tells the host that the form can be used.
    pub(crate) ready: fn(&HtmlElement),
    /// Looks at what a person typed into a field.
    pub(crate) typed: fn(CaseForm, Field),
    /// Takes the ids out of what is pasted into an id's field.
    pub(crate) pasted: fn(CaseForm, Field, &ClipboardEvent),
    /// Proposes a subject for the reason that a person chose.
    pub(crate) reason_chosen: fn(CaseForm),
    /// What is wrong with a field, in words.
    pub(crate) error_text: fn(CaseForm, Field) -> Option<String>,
    /// A part of the view.
    pub(crate) part: fn(Part, Surroundings, Controller) -> AnyView,
    /// What the host asks for.
    pub(crate) update: fn(Controller, Options),
    pub(crate) validate: fn(Controller) -> ValidationErrors,
    pub(crate) invalid_fields: fn(&ValidationErrors) -> Result<JsValue, JsValue>,
    pub(crate) submit: fn(Controller),
    pub(crate) clear_draft: fn(Controller, bool),
    pub(crate) forget_drafts: fn(&str),
}

static REST: Rest = Rest {
    start: Controller::start,
    ready: crate::events::ready,
    typed: CaseForm::look_at_typed,
    pasted: CaseForm::look_at_pasted,
    reason_chosen: CaseForm::look_at_reason,
    error_text: crate::view::error_text,
    part: crate::view::part,
    update: Controller::update,
    validate: Controller::validate,
    invalid_fields: crate::events::invalid_fields_value,
    submit: Controller::submit,
    clear_draft: Controller::clear_draft,
    forget_drafts: crate::drafts::forget_in_memory,
};

#[cfg(not(all(feature = "split", target_arch = "wasm32")))]
mod place {
    use super::{REST, Rest};

    /// The rest, if it is there.
    pub(crate) fn loaded() -> Option<&'static Rest> {
        Some(&REST)
    }

    /// Waits for the rest.
    ///
    /// # Errors
    /// Never: it is in the same wasm.
    pub(crate) async fn load() -> Result<&'static Rest, leptos::wasm_split::SplitLoaderError> {
        Ok(&REST)
    }
}

#[cfg(all(feature = "split", target_arch = "wasm32"))]
mod place {
    use std::cell::Cell;

    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    use super::{REST, Rest};

    thread_local! {
        static LOADED: Cell<Option<&'static Rest>> = const { Cell::new(None) };
    }

    /// The rest, if it is there.
    pub(crate) fn loaded() -> Option<&'static Rest> {
        LOADED.get()
    }

    /// Waits for the rest; the first call asks for it. A failure is forgotten, so that the next call is another try.
    ///
    /// # Errors
    /// When its file cannot be had, or is not the one that belongs to this wasm.
    pub(crate) async fn load() -> Result<&'static Rest, SplitLoaderError> {
        let rest = fetched().await?;
        LOADED.set(Some(rest));
        Ok(rest)
    }

    #[wasm_split(rest, wasm_split_path = leptos::wasm_split, fallible)]
    fn fetched() -> Result<&'static Rest, SplitLoaderError> {
        Ok(&REST)
    }
}

pub(crate) use self::place::{load, loaded};
