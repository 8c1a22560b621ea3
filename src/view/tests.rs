//! Whatever becomes of a form can be shown, in every language: the view as text, for the forms of the search.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use partner_case_model::{Event, Model};
use partner_case_simulation::{Coverage, schedule, watch};
use wasm_bindgen::JsValue;

use super::{Dispatch, FormContext, LazyPart, Slot, form, render_slot};
use crate::messages::test_catalogues::{LANGUAGES, translated};
use crate::messages::{Catalogue, FormState};

/// How many schedules are watched.
const SCHEDULES: u64 = 400;

/// The lazy part without a browser: it shows, and nothing happens.
struct Painter(FormContext);

impl LazyPart for Painter {
    fn handle(&self, _: Event) {}

    fn replay(&self, _: Vec<Event>) {}

    fn invalid_fields(&self) -> JsValue {
        JsValue::NULL
    }

    fn render_slot(&self, slot: Slot) -> AnyView {
        render_slot(self.0, slot)
    }
}

/// The form as HTML.
fn html(model: Model, catalogue: Arc<Catalogue>) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        let dispatch = Rc::new(Dispatch::default());
        let ctx = FormContext::new(RwSignal::new(FormState { model, catalogue }), dispatch.clone());
        let painter: Rc<dyn LazyPart> = Rc::new(Painter(ctx));
        dispatch.connect(&painter);
        form(ctx).to_html()
    });
    owner.cleanup();
    html
}

/// Which of the form's states it is, and what becomes of its draft.
fn state(model: &Model) -> String {
    let submission = format!("{:?}", model.submission);
    let submission = submission.split(['(', '{', ' ']).next().unwrap_or_default().to_owned();
    let draft = format!("{:?}", model.draft.status);
    format!("{submission} {}", draft.split(['(', '{', ' ']).next().unwrap_or_default())
}

#[test]
fn whatever_becomes_of_a_form_is_shown_with_words_in_every_language() {
    let languages = || LANGUAGES.iter().map(|(language, _)| *language);
    let mut catalogues = languages().map(|language| Arc::new(translated(language))).cycle();
    let (mut states, mut shown) = (BTreeSet::new(), BTreeSet::new());
    for seed in 1..=SCHEDULES {
        let failure = watch(&schedule(seed), &mut Coverage::default(), |model| {
            if !shown.insert(format!("{model:?}")) {
                return;
            }
            states.insert(state(model));
            let catalogue = catalogues.next().unwrap();
            let language = catalogue.language().to_owned();
            // A text that is not there stops the test where it is asked for.
            let html = html(model.clone(), catalogue);
            assert!(
                html.contains(&format!("lang=\"{language}\"")) && !html.contains('{'),
                "{html}"
            );
        });
        assert!(failure.is_none(), "seed {seed}: {failure:#?}");
    }
    for submission in [
        "Editing",
        "Reviewing",
        "Sending",
        "Created",
        "Rejected",
        "NotSent",
        "OutcomeUnknown",
        "Reconsidering",
    ] {
        assert!(
            states.iter().any(|state| state.starts_with(submission)),
            "{submission}: {states:#?}"
        );
    }
    assert!(shown.len() > 1_000, "{}", shown.len());
}
