//! What a person sees. The view shows the form's state and reports what a person does; it does not send.
//!
//! `class="pc"` on every `view!` is no decoration: it keeps Leptos from writing static parts through `innerHTML`, which a page that
//! requires Trusted Types blocks.

#![allow(unreachable_pub, reason = "the component macro makes a component's property types `pub`")]

mod below_description;
mod changing;
mod copy;
mod created;
mod description;
mod description_stop;
mod draft;
mod error_summary;
mod field;
mod fields;
mod notice;
mod painted;
mod reason;
mod review;
mod subject_guard;
mod too_long;

use std::borrow::Cow;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use self::below_description::BelowDescription;
use self::changing::sometimes;
use self::created::CreatedView;
use self::draft::DraftLine;
use self::error_summary::ErrorSummary;
pub(crate) use self::error_summary::error_text;
use self::field::Ids;
use self::fields::fields;
use self::notice::Notice;
use self::painted::{Painted, Place, element};
use self::review::ReviewView;
use self::subject_guard::SubjectGuardPanel;
use crate::controller::Controller;
use crate::form::{CaseForm, FocusTarget};
use crate::messages::Message;
use crate::rest;
use crate::submission::Submission;
use crate::watched::{Derived, Watched};

/// The id of the submit button.
const SUBMIT_ID: &str = "submit";

/// What a person can ask for beyond the form's own state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Actions {
    /// Check the case and send it.
    pub(crate) submit: Callback<()>,
    /// Ask the proxy what became of the case.
    pub(crate) check_outcome: Callback<()>,
}

/// What every part of the view is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings {
    pub(crate) form: CaseForm,
    /// Whether the text must stay as it is.
    pub(crate) locked: Derived<bool>,
    /// Whether the case is on its way.
    pub(crate) sending: Derived<bool>,
    /// What steers the form, once the rest of it is there.
    pub(crate) controller: Watched<Option<Controller>>,
}

/// A part that is not needed for the first paint.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    ErrorSummary,
    Notice,
    SubjectGuard,
    BelowDescription(Place),
    Draft,
    Review,
    Created,
}

impl Surroundings {
    /// The place of a part, which is empty until the rest of the form is there.
    pub(crate) fn part(self, part: Part) -> AnyView {
        sometimes(move || {
            let controller = self.controller.get()?;
            rest::loaded().map(|rest| (rest.part)(part, self, controller))
        })
    }
}

/// Builds a part.
pub(crate) fn part(part: Part, around: Surroundings, controller: Controller) -> AnyView {
    let Surroundings { form, locked, .. } = around;
    let actions = controller.actions();
    match part {
        Part::ErrorSummary => view! { class="pc", <ErrorSummary form=form /> }.into_any(),
        Part::Notice => view! { class="pc", <Notice form=form actions=actions /> }.into_any(),
        Part::SubjectGuard => view! { class="pc", <SubjectGuardPanel form=form locked=locked /> }.into_any(),
        Part::BelowDescription(place) => {
            view! { class="pc", <BelowDescription form=form locked=locked place=place /> }.into_any()
        }
        Part::Draft => view! { class="pc", <DraftLine form=form drafts=controller.drafts locked=locked /> }.into_any(),
        Part::Review => view! { class="pc", <ReviewView form=form actions=actions /> }.into_any(),
        Part::Created => view! { class="pc", <CreatedView form=form /> }.into_any(),
    }
}

/// Which of its faces the form shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Form,
    Review,
    Created,
}

/// The whole form, in whichever state it is.
#[component]
pub(crate) fn CaseFormView(form: CaseForm, controller: Watched<Option<Controller>>) -> impl IntoView {
    let face = Derived::new(move || {
        form.submission.with(|submission| match submission {
            Submission::Created(_) => Face::Created,
            Submission::Reviewing(_) => Face::Review,
            _ => Face::Form,
        })
    });
    let around = Surroundings {
        form,
        locked: Derived::new(move || form.submission.with(Submission::locks_text)),
        sending: Derived::new(move || form.submission.with(|submission| *submission == Submission::Sending)),
        controller,
    };
    // In another language everything is said anew.
    sometimes(move || {
        let catalogue = form.texts.catalogue();
        // There before it is needed: screen readers announce changes to a live region, not its arrival.
        let status = || element("div").set("role", "status").set("class", "visually-hidden");
        let root = element("div")
            .set("class", "root")
            .set("part", "root")
            .set("lang", catalogue.language().to_owned())
            .set("dir", if catalogue.is_right_to_left() { "rtl" } else { "ltr" })
            .child(status().text(move || around.sending.get().then(|| form.texts.get(Message::Sending))))
            .child(status().text(move || form.said.get()))
            .child(sometimes(move || {
                Some(match face.get() {
                    Face::Form => form_body(around).into_any(),
                    Face::Review => around.part(Part::Review),
                    Face::Created => around.part(Part::Created),
                })
            }));
        Some(root.into_any())
    })
}

fn form_body(around: Surroundings) -> Painted {
    let Surroundings {
        form,
        sending,
        controller,
        ..
    } = around;
    let unknown = Derived::new(move || {
        form.submission
            .with(|submission| matches!(submission, Submission::OutcomeUnknown(_)))
    });
    let place: Place = StoredValue::new_local(None);
    let move_focus: Box<dyn FnMut()> = Box::new(move || {
        if let (Some(target), Some(element)) = (form.focus.get(), place.try_get_value().flatten()) {
            form.focus.set(None);
            focus(&element, target);
        }
    });
    Effect::new(move_focus);
    element("form")
        .at(place)
        .set("class", "form")
        .set("novalidate", "")
        .set("aria-label", form.texts.get(Message::FormName))
        .change("aria-busy", move || Some(spoken(sending.get())))
        .on("submit", move |event| {
            event.prevent_default();
            submit(form, controller);
        })
        .child(around.part(Part::ErrorSummary))
        .child(around.part(Part::Notice))
        .children(fields(around))
        .child(sometimes(move || {
            (!unknown.get()).then(|| submit_button(form, sending).into_any())
        }))
        .child(around.part(Part::Draft))
}

fn submit_button(form: CaseForm, sending: Derived<bool>) -> Painted {
    element("button")
        .set("id", SUBMIT_ID)
        .set("class", "button primary")
        .set("part", "button submit")
        .set("type", "submit")
        // aria-disabled, not disabled: a disabled button loses the focus, and a second submit is ignored anyway.
        .change("aria-disabled", move || Some(spoken(sending.get())))
        .text(move || Some(form.texts.get(if sending.get() { Message::Sending } else { Message::Submit })))
}

/// Yes or no, as the aria attributes have it.
fn spoken(yes: bool) -> Cow<'static, str> {
    if yes { "true" } else { "false" }.into()
}

/// Submits, or has it done as soon as the form can.
fn submit(form: CaseForm, controller: Watched<Option<Controller>>) {
    match (controller.get_untracked(), rest::loaded()) {
        (Some(controller), Some(rest)) => (rest.submit)(controller),
        _ => form.wanted.set_value(true),
    }
}

/// Moves the focus to a place in the form.
fn focus(form: &Element, target: FocusTarget) {
    let id = match target {
        FocusTarget::Field(field) => Ids(field).control(),
        FocusTarget::Submit => SUBMIT_ID,
    };
    if let Some(control) = form.query_selector(&format!("#{id}")).ok().flatten() {
        let _ = control.unchecked_into::<HtmlElement>().focus();
    }
}
