//! What has happened, as far as the promises are about it.

use std::collections::BTreeSet;

use partner_case_core::{CaseInput, Field};
use partner_case_model::{DraftStatus, Event, RawOptions, SendTicket, SignOut, Submission};
use serde_json::Value;

use crate::browser::{Browser, FormId};
use crate::facts::{context, denies, plain, stored_words};
use crate::form::Form;
use crate::promise::{Broken, Promise, broken};
use crate::words::{numbers, suggested_transfer, word};

/// How long a draft is stored, in milliseconds: what the portal sets in [`crate::world::World::options`].
const TTL_MILLIS: u64 = 10 * 60_000;

/// How much a crash may take, in milliseconds of typing, and a bit for what is stored at the end of it.
const CRASH_TAKES_MILLIS: u64 = 2_500;

/// How much later than the agent's last change a draft may say that it was changed, in milliseconds: a copy in memory is a moment later.
const STAMP_TOLERANCE_MILLIS: u64 = 20;

/// A word that the agent typed.
#[derive(Debug, Default)]
struct Word {
    /// Whether it must be somewhere.
    is_owed: bool,
    is_secret: bool,
    is_forgotten: bool,
    /// When the agent changed a text with it last, by the steady clock.
    touched: u64,
    /// Whose it is. An ID that arrives late makes it another's, too.
    contexts: Vec<[String; 3]>,
}

/// A text of which a form has said that there is no case.
#[derive(Debug)]
pub(crate) struct Denied {
    pub(crate) form: FormId,
    pub(crate) body: Value,
}

/// A case that a form has sent.
#[derive(Debug)]
struct Sent {
    form: FormId,
    key: String,
    body: Value,
    /// Whether the agent was told before that an earlier text may have become a case.
    is_warned: bool,
    /// Whether it has left the form.
    has_left: bool,
}

/// What has happened.
#[derive(Debug, Default)]
pub(crate) struct Record {
    words: Vec<Word>,
    sent: Vec<Sent>,
    pub(crate) denied: Vec<Denied>,
    /// When the agent changed something last, by the clock of the computer.
    last_change: u64,
    has_clock_jumped: bool,
    /// The forms whose agent was warned, and sends again once they have seen the review.
    again: BTreeSet<FormId>,
    pub(crate) created: u32,
}

impl Record {
    /// A word that nobody has typed before.
    pub(crate) fn new_word(&mut self, is_secret: bool) -> String {
        self.words.push(Word {
            is_secret,
            ..Word::default()
        });
        word(self.words.len() - 1)
    }

    fn known(&mut self, text: &str) -> impl Iterator<Item = &mut Word> {
        let numbers = numbers(text);
        self.words
            .iter_mut()
            .enumerate()
            .filter(move |(at, _)| numbers.contains(at))
            .map(|(_, word)| word)
    }

    /// The agent changes a text: what they take away is theirs to lose.
    pub(crate) fn agent_changes(&mut self, browser: &Browser, form: &Form, old: &str, new: &str) {
        self.agent_decides(browser);
        let kept = numbers(new);
        for number in numbers(old) {
            if !kept.contains(&number) {
                self.words[number].is_owed = false;
            }
        }
        let (context, steady) = (context(&form.options), browser.steady);
        // A sign-out is on its way to the form, and takes along what is typed in this moment.
        let is_own = |sign_out: &SignOut| sign_out.prefix.ends_with(&format!("|{}|", form.options.draft_scope));
        let is_signed_out = form
            .inbox
            .iter()
            .any(|event| matches!(event, Event::SignedOut { elsewhere: Some(sign_out) } if is_own(sign_out)));
        for word in self.known(new) {
            if word.contexts.is_empty() {
                word.is_owed = !is_signed_out;
                word.contexts.push(context.clone());
            }
        }
        for text in form.shown().chain([new]) {
            for word in self.known(text) {
                word.touched = steady;
            }
        }
    }

    /// The agent decides something that changes the draft.
    pub(crate) fn agent_decides(&mut self, browser: &Browser) {
        self.last_change = browser.now_millis();
    }

    /// The agent has had a text changed: what is no longer there is theirs to lose.
    pub(crate) fn agent_left(&mut self, form: &Form, before: &CaseInput) {
        let kept: BTreeSet<usize> = form.shown().flat_map(numbers).collect();
        for text in Field::ALL.map(|field| &before[field]) {
            for number in numbers(text).into_iter().filter(|number| !kept.contains(number)) {
                self.words[number].is_owed = false;
            }
        }
    }

    /// What a form shows may go.
    pub(crate) fn released(&mut self, form: &Form) {
        for text in form.shown() {
            self.known(text).for_each(|word| word.is_owed = false);
        }
    }

    pub(crate) fn secret_decided(&mut self, value: &str) {
        self.known(value).for_each(|word| {
            word.is_secret = false;
            word.is_owed = false;
        });
    }

    /// The portal shows somebody else, or knows more of the same customer.
    pub(crate) fn customer_changes(&mut self, form: &Form, options: &RawOptions) {
        let (before, after) = (context(&form.options), context(options));
        let is_completed = before
            .iter()
            .zip(&after)
            .all(|(before, after)| before.is_empty() || before == after);
        let is_switched = form.options.draft == "none" || options.draft == "none";
        // A text that may be at Wise stays with the customer it was sent for.
        if is_completed && !form.model.is_locked() || is_switched {
            let shown: BTreeSet<usize> = form.shown().flat_map(numbers).collect();
            for (number, word) in self.words.iter_mut().enumerate() {
                // A deleted draft can be restored.
                let is_deleted = !word.is_owed && before[0] == after[0] && word.contexts.contains(&before);
                if shown.contains(&number) || is_deleted {
                    word.contexts.push(after.clone());
                }
            }
        }
        if is_switched {
            self.released(form);
        }
    }

    /// The agent signs out, and the portal has the drafts of these scopes deleted. A text that another has as well stays with that one.
    pub(crate) fn signed_out(&mut self, scopes: &[String]) {
        for word in &mut self.words {
            let mut agents = word.contexts.iter().map(|[of, ..]| of);
            // What was nobody's has become an agent's with the form.
            let is_of = agents.clone().any(|of| scopes.contains(of));
            if is_of && agents.all(|of| scopes.contains(of) || of.is_empty()) {
                word.is_owed = false;
                word.is_forgotten = true;
            }
        }
    }

    /// A page is gone. What it alone had may go if the browser asked before, or if it crashed and the agent had just typed it.
    pub(crate) fn page_gone(&mut self, browser: &Browser, form: &Form, is_told: bool) {
        let stored = stored_words(browser);
        let status = form.model.draft.status;
        let is_kept_nowhere = !matches!(form.options.draft.as_str(), "session" | "local") || form.options.draft_scope.is_empty();
        let survives = matches!(status, DraftStatus::Stored { .. });
        for text in form.shown() {
            for number in numbers(text).into_iter().filter(|number| !stored.contains(number)) {
                let word = &mut self.words[number];
                let was_typed_just_now = browser.steady.saturating_sub(word.touched) <= CRASH_TAKES_MILLIS;
                word.is_owed &= if is_told {
                    !form.warns
                } else {
                    // What came without an event may not have been heard.
                    let is_unheard = !Field::ALL
                        .iter()
                        .any(|field| numbers(&form.model.input[*field]).contains(&number));
                    !(was_typed_just_now || is_kept_nowhere || !survives || is_unheard)
                };
            }
        }
        // What the memory of the page held of other customers goes with it.
        let (_, memory) = browser.all_of(form.tab);
        for text in memory {
            self.known(text).for_each(|word| word.is_owed = false);
        }
    }

    /// A tab is closed, and with it the session's storage.
    pub(crate) fn tab_closed(&mut self, browser: &Browser, tab: usize) {
        let (session, memory) = browser.all_of(tab);
        for text in session.chain(memory) {
            self.known(text).for_each(|word| word.is_owed = false);
        }
    }

    pub(crate) fn clock_set(&mut self) {
        self.has_clock_jumped = true;
    }

    /// The agent sends again, after the warning.
    pub(crate) fn warned(&mut self, form: FormId) {
        self.again.insert(form);
    }

    /// A form is about to send a case. It was `before` until the agent pressed the button.
    pub(crate) fn prepared(&mut self, form: FormId, ticket: &SendTicket, before: &Submission) {
        let body = plain(&ticket.body);
        self.denied.retain(|denied| denied.body != body);
        let is_warned = self.again.remove(&form)
            || match before {
                Submission::Reconsidering(_) | Submission::Reviewing(Some(_)) => true,
                Submission::NotSent(_) => !denies(before),
                _ => false,
            };
        self.sent.push(Sent {
            form,
            key: ticket.key.clone(),
            body,
            is_warned,
            has_left: false,
        });
    }

    pub(crate) fn posted(&mut self, form: FormId, ticket: &SendTicket) {
        let body = plain(&ticket.body);
        self.denied.retain(|denied| denied.body != body || denied.form != form);
        let own = self.sent.iter_mut().rev().find(|sent| sent.form == form && sent.body == body);
        if let Some(sent) = own {
            sent.has_left = true;
        }
    }

    /// What a form has sent did not get as far as the proxy, and the form knows it.
    pub(crate) fn has_not_left(&mut self, form: FormId, ticket: &SendTicket) {
        let body = plain(&ticket.body);
        let sent = self
            .sent
            .iter_mut()
            .filter(|sent| sent.form == form && sent.key == ticket.key && sent.body == body);
        sent.for_each(|sent| sent.has_left = false);
    }

    /// Whether two texts are the same, or were sent by one form.
    pub(crate) fn is_of_one_form(&self, one: &Value, other: &Value) -> bool {
        let senders = |body: &Value| -> BTreeSet<FormId> {
            let sent = self.sent.iter().filter(|sent| sent.body == *body && sent.has_left);
            sent.map(|sent| sent.form).collect()
        };
        one == other || !senders(one).is_disjoint(&senders(other))
    }

    /// Whether the agent knew, when they sent this text, that there may be a case of the draft already.
    pub(crate) fn was_warned(&self, body: &Value) -> bool {
        self.sent.iter().any(|sent| sent.is_warned && sent.body == *body)
    }

    pub(crate) fn submission_changed(&mut self, form: FormId, now: &Submission, shown: &CaseInput) {
        if matches!(now, Submission::Created(_)) {
            self.created += 1;
        }
        if !denies(now) {
            return;
        }
        let body = shown.validate().ok().map(|case| plain(&case.to_json()));
        let is_shown = |sent: &&Sent| sent.form == form && Some(&sent.body) == body.as_ref();
        let Some(last) = self.sent.iter().rev().find(is_shown) else {
            return;
        };
        // A copy of the tab has the same key, and may have sent the same text.
        let is_shared = self
            .sent
            .iter()
            .any(|sent| sent.form != form && (sent.key == last.key || sent.body == last.body));
        if !is_shared {
            self.denied.push(Denied {
                form,
                body: last.body.clone(),
            });
        }
    }

    /// What is sent is what is shown.
    pub(crate) fn check_sent(&self, body: &str, shown: &CaseInput) -> Option<Broken> {
        let sent: Value = serde_json::from_str(body).unwrap_or_default();
        let on_screen: Option<Value> = shown
            .validate()
            .ok()
            .and_then(|case| serde_json::from_str(&case.to_json()).ok());
        if on_screen.as_ref() != Some(&sent) {
            return broken(
                Promise::SentAsShown,
                format!("{sent} is sent, and the controls show {shown:?}"),
            );
        }
        let subject = &shown[Field::Subject];
        let transfer = partner_case_core::parse_id(&shown[Field::TransferId]).ok().flatten();
        let named = suggested_transfer(subject)?;
        if transfer.is_some_and(|id| id.to_string() == named) {
            return None;
        }
        broken(
            Promise::SentAsShown,
            format!("the subject is {subject:?}, and the transfer {transfer:?}"),
        )
    }

    /// A draft that is stored is stamped with the agent's last change, and its time is not over.
    pub(crate) fn check_stored(&self, snapshot: &str, now: u64) -> Option<Broken> {
        if self.has_clock_jumped {
            return None;
        }
        let snapshot: Value = serde_json::from_str(snapshot).unwrap_or_default();
        let millis = |name: &str| snapshot[name].as_u64().unwrap_or_default();
        if millis("expiresAtMillis") <= now {
            return broken(Promise::TimeIsKept, "a draft is stored whose time is over".to_owned());
        }
        let late = millis("changedAtMillis").saturating_sub(self.last_change);
        if late > STAMP_TOLERANCE_MILLIS {
            return broken(
                Promise::TimeIsKept,
                format!("a draft is stamped {late} ms after the agent's last change"),
            );
        }
        None
    }

    /// A word that is owed and not among those that were found.
    pub(crate) fn lost(&mut self, found: &BTreeSet<usize>, steady: u64) -> Option<usize> {
        for word in &mut self.words {
            // Its time is over.
            if steady.saturating_sub(word.touched) >= TTL_MILLIS || self.has_clock_jumped {
                word.is_owed = false;
            }
        }
        self.words
            .iter()
            .enumerate()
            .find(|(at, word)| word.is_owed && !found.contains(at))
            .map(|(at, _)| at)
    }

    pub(crate) fn is_forgotten(&self, number: usize) -> bool {
        self.words.get(number).is_some_and(|word| word.is_forgotten)
    }

    pub(crate) fn is_secret(&self, number: usize) -> bool {
        self.words.get(number).is_some_and(|word| word.is_secret)
    }

    pub(crate) fn is_known(&self, number: usize) -> bool {
        number < self.words.len()
    }

    pub(crate) fn may_show(&self, number: usize, options: &RawOptions) -> bool {
        let here = context(options);
        self.words
            .get(number)
            .is_none_or(|word| word.contexts.is_empty() || word.contexts.contains(&here))
    }
}
