//! Connects form, drafts, transport and events. The view knows none of them but the form, its drafts and the actions.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use partner_case_core::{CaseId, CaseStatus, Field, ValidationErrors};
use web_sys::HtmlElement;

use crate::answer::{Exchange, Look};
use crate::drafts::Drafts;
use crate::form::CaseForm;
use crate::hooks::{self, Hooks, NoHeaders};
use crate::options::Options;
use crate::submission::{Inquiry, Submission};
use crate::view::Actions;
use crate::{answer, clock, events, idempotency_key, stylesheet, transport};

/// When the proxy is asked about an unknown outcome, in seconds after the time before. A gateway that hiccupped is back within
/// seconds; Wise's webhook, which settles what the proxy does not know, may take minutes.
const INQUIRY_DELAYS_SECS: [u64; 10] = [1, 2, 4, 8, 15, 30, 30, 60, 60, 90];

/// When the status of a case that is being created is looked at, in seconds after the time before.
const STATUS_DELAYS_SECS: [u64; 12] = [2, 3, 5, 8, 13, 21, 34, 55, 60, 60, 120, 120];

/// What steers a form. It is a handle, so it is copied freely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Controller {
    pub(crate) form: CaseForm,
    pub(crate) drafts: Drafts,
    options: StoredValue<Options>,
    host: StoredValue<HtmlElement, LocalStorage>,
    hooks: StoredValue<Option<Hooks>, LocalStorage>,
    /// Counts the inquiries, so that a new one ends the one before.
    inquiries: StoredValue<u32>,
}

impl Controller {
    /// Makes a painted form work. What the person has done until then counts.
    pub(crate) fn start(form: CaseForm, host: HtmlElement, options: Options, hooks: Option<Hooks>) -> Self {
        if let Some(root) = host.shadow_root() {
            // The first sheet was taken, so this one is.
            let _ = stylesheet::adopt(&root, stylesheet::REST);
        }
        let controller = Self {
            form,
            drafts: Drafts::new(form),
            options: StoredValue::new(Options::default()),
            host: StoredValue::new_local(host),
            hooks: StoredValue::new_local(hooks),
            inquiries: StoredValue::new(0),
        };
        form.look_at_reason();
        form.look_again();
        controller.set(options);
        controller.follow_outcomes();
        controller.tell_changes();
        controller.save_when_left();
        controller.warn_before_loss();
        controller
    }

    /// What the view can ask for.
    pub(crate) fn actions(self) -> Actions {
        Actions {
            submit: Callback::new(move |()| self.submit()),
            check_outcome: Callback::new(move |()| self.check_outcome()),
        }
    }

    /// Forgets this customer's draft and empties the form; with `all`, forgets the drafts of all customers.
    pub(crate) fn clear_draft(self, all: bool) {
        if all {
            self.drafts.clear_all();
        } else {
            self.drafts.clear();
        }
    }

    /// Takes over what the host has changed. A host that sets the same again has changed nothing.
    pub(crate) fn update(self, options: Options) {
        if self.options.with_value(|before| *before != options) {
            self.set(options);
        }
    }

    /// Takes over what the host has set.
    pub(crate) fn set(self, options: Options) {
        let form = self.form;
        let same_texts = self.options.with_value(|before| before.has_same_texts(&options));
        if !same_texts {
            form.texts.change(options.catalogue());
        }
        form.set_review(options.review);
        form.layout.set(options.layout());
        self.drafts
            .set(options.draft_settings(), &options.endpoint, options.prefill.clone());
        form.set_known_personal_data(options.known_personal_data.clone());
        self.options.set_value(options);
    }

    /// Checks the case and sends it, or shows it first.
    pub(crate) fn submit(self) {
        // Without random numbers there is no key and so no safe way to send; browsers without them are not supported.
        let Ok(new_key) = idempotency_key::new_key() else { return };
        let Some(outgoing) = self.form.begin_submit(|| new_key) else {
            self.tell_errors();
            return;
        };
        let Some(url) = self.options.try_with_value(Options::cases_url) else {
            return;
        };
        // The key is kept before the first byte leaves: a page that is closed now asks with it later.
        self.drafts.save();
        let draft = self.drafts.address();
        let Some(host) = self.host.try_get_value() else { return };
        spawn_local(async move {
            let hooks = self.hooks.try_get_value().flatten();
            let lets_submit = hooks::lets_submit(hooks.as_ref()).await;
            let headers = if lets_submit {
                hooks::headers(hooks.as_ref(), &url).await
            } else {
                Ok(Vec::new())
            };
            // The host may have taken its time: what the form holds by now, or whether it is there, is another matter.
            let still_wanted = self.host.try_get_value().is_some() && self.form.is_sending(&outgoing.key);
            if !still_wanted {
                draft.settle(&outgoing.key, &answer::held_back());
                return;
            }
            if !lets_submit {
                self.form.hold_back(&outgoing.key);
                self.drafts.save();
                return;
            }
            let exchange = match headers {
                Ok(headers) => transport::post_case(&url, &headers, outgoing.case.to_json(), &outgoing.key).await,
                Err(NoHeaders) => Exchange::Unsendable,
            };
            let submission = answer::understand(exchange);
            // The form may have been taken off the page while the answer was on its way.
            if self.host.try_get_value().is_none() {
                // A case that nobody has seen stays an open question: on return it is asked for, and told.
                if !matches!(submission, Submission::Created(_)) {
                    draft.settle(&outgoing.key, &submission);
                }
                events::settled(&host, &submission);
                return;
            }
            let told = self.form.settle(&outgoing.key, submission);
            self.drafts.save();
            match told {
                Ok(told) => events::settled(&host, &told),
                Err(told) => {
                    if draft.settle(&outgoing.key, &told) {
                        self.say_of_parked(&told);
                    }
                    events::settled(&host, &told);
                }
            }
        });
    }

    /// Checks the form, shows what is wrong with it, and tells it.
    pub(crate) fn validate(self) -> ValidationErrors {
        let errors = self.form.validate();
        self.tell_errors();
        errors
    }

    fn tell_errors(self) {
        let errors = self.form.errors.get_untracked();
        if !errors.is_empty()
            && let Some(host) = self.host.try_get_value()
        {
            events::invalid(&host, &errors);
        }
    }

    /// Tells the host that something was typed, without what.
    fn tell_changes(self) {
        Effect::watch(
            move || self.form.edits.get(),
            move |_, _, _| {
                let filled = Field::ALL.into_iter();
                let filled = filled.filter(|field| self.form.value(*field).with_untracked(|text| !text.is_empty()));
                if let Some(host) = self.host.try_get_value() {
                    events::changed(&host, filled);
                }
            },
            false,
        );
    }

    /// Looks something up at the proxy, with the host's headers.
    async fn ask(self, url: &str) -> Exchange {
        let hooks = self.hooks.try_get_value().flatten();
        match hooks::headers(hooks.as_ref(), url).await {
            Ok(headers) => transport::get(url, &headers).await,
            // They may be there the next time.
            Err(NoHeaders) => Exchange::NoAnswer,
        }
    }

    /// The customer has changed, the case was created all the same.
    fn say_of_parked(self, told: &Submission) {
        if let Submission::Created(case) = told {
            let id = case.id.to_string();
            let text = self
                .form
                .texts
                .with(crate::messages::Message::DraftParkedCreated, &[("id", &id)]);
            self.form.said.set(Some(text));
        }
    }

    /// Asks the proxy now what became of the case.
    pub(crate) fn check_outcome(self) {
        if let Some(key) = self.form.open_key() {
            self.form.inquiry.set(Inquiry::Checking);
            self.inquire(key, true);
        }
    }

    /// Follows whatever is open: an unknown outcome until it is known, a new case until it is set up.
    fn follow_outcomes(self) {
        let open = Memo::new(move |_| {
            self.form.submission.track();
            self.form.open_key()
        });
        Effect::new(move |_| {
            if let Some(key) = open.get() {
                self.inquire(key, false);
            }
        });
        let creating = Memo::new(move |_| {
            self.form.submission.with(|submission| match submission {
                Submission::Created(case) if case.status == CaseStatus::Creating => Some(case.id.0),
                _ => None,
            })
        });
        Effect::new(move |_| {
            if let Some(id) = creating.get() {
                self.follow_status(CaseId(id));
            }
        });
    }

    fn inquire(self, key: String, at_once: bool) {
        let Some(number) = self.inquiries.try_update_value(|count| {
            *count = count.wrapping_add(1);
            *count
        }) else {
            return;
        };
        let is_current = move || self.inquiries.try_get_value() == Some(number);
        let delays = at_once.then_some(0).into_iter().chain(INQUIRY_DELAYS_SECS);
        spawn_local(async move {
            for secs in delays {
                clock::sleep(Duration::from_secs(secs)).await;
                if !is_current() || self.form.open_key().as_ref() != Some(&key) {
                    return;
                }
                let Some(url) = self.options.try_with_value(|options| options.submission_url(&key)) else {
                    return;
                };
                let report = answer::understand_report(self.ask(&url).await);
                if !is_current() {
                    return;
                }
                match report {
                    Ok(submission) => return self.settle_by_record(&key, submission),
                    Err(inquiry) => {
                        self.form.inquiry.set(inquiry);
                        if inquiry == Inquiry::NoAnswer {
                            return;
                        }
                    }
                }
            }
        });
    }

    fn settle_by_record(self, key: &str, submission: Submission) {
        if let Some(told) = self.form.settle_by_record(key, submission) {
            self.drafts.save();
            if let Some(host) = self.host.try_get_value() {
                events::settled(&host, &told);
            }
        }
    }

    fn follow_status(self, id: CaseId) {
        spawn_local(async move {
            for secs in STATUS_DELAYS_SECS {
                clock::sleep(Duration::from_secs(secs)).await;
                let still_open = self.form.submission.try_with_untracked(
                    |submission| matches!(submission, Submission::Created(case) if case.id == id && case.status == CaseStatus::Creating),
                );
                if still_open != Some(true) {
                    return;
                }
                let Some(url) = self.options.try_with_value(|options| options.case_url(id)) else {
                    return;
                };
                let case = match answer::understand_case(self.ask(&url).await) {
                    Look::Case(case) => case,
                    Look::Later => continue,
                    // A simple proxy: the case stays as its creation was answered.
                    Look::Never => return,
                };
                if self.form.submission.try_with_untracked(|_| ()).is_none() || self.form.follow(&case) {
                    return;
                }
            }
        });
    }

    /// A tab that is put away may never come back.
    fn save_when_left(self) {
        for event in ["pagehide", "visibilitychange"] {
            let handle = window_event_listener_untyped(event, move |_| {
                self.drafts.save();
            });
            on_cleanup(move || handle.remove());
        }
        on_cleanup(move || {
            self.drafts.close();
        });
    }

    /// The browser's own warning, only while there is something to lose: a page with such a listener is slower to come back to.
    fn warn_before_loss(self) {
        let loss = Memo::new(move |_| self.drafts.would_be_lost());
        let listener = StoredValue::new_local(None);
        Effect::new(move |_| {
            let added = loss
                .get()
                .then(|| window_event_listener_untyped("beforeunload", |event| event.prevent_default()));
            if let Some(before) = listener.try_update_value(|kept| std::mem::replace(kept, added)).flatten() {
                before.remove();
            }
        });
        on_cleanup(move || {
            if let Some(Some(listener)) = listener.try_update_value(Option::take) {
                listener.remove();
            }
        });
    }
}
