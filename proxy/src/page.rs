//! Pages for people whose browser cannot show the element: plain HTML without styles or scripts, in the form's own words.
//!
//! The templates escape every value that they are given, in elements and in attributes.

mod earlier;
mod field_error;
mod form;
mod layout;
mod texts;

use maud::{Markup, html};
use partner_case_core::{Case, CaseInput, CasePhase, NotSentReason, Outcome, Problem, ProblemCode, Timestamp};

pub(crate) use self::earlier::{Earlier, NONCE_MAX_BYTES};
use self::form::Form;
pub(crate) use self::texts::Texts;

/// What every page is made of.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) texts: &'a Texts,
    /// What the agent typed, if the proxy has read it.
    pub(crate) typed: Option<Typed<'a>>,
    /// The earlier try of the same text, if nobody knows what became of it.
    pub(crate) earlier: Option<&'a Earlier>,
    /// Where the form is sent.
    pub(crate) action: &'a str,
    /// The page that the form was on.
    pub(crate) back: Option<String>,
    pub(crate) request_id: &'a str,
}

/// What the agent typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Typed<'a> {
    pub(crate) draft: &'a CaseInput,
    /// The number that tells this submission from another with the same text.
    pub(crate) nonce: &'a str,
}

impl Page<'_> {
    /// The receipt.
    pub(crate) fn created(&self, case: &Case) -> String {
        let status = self.texts.get(&case.status.text_key());
        let failed = case.status.phase() == Some(CasePhase::Failed);
        let (title, next) = if failed {
            ("created.failed_title", "created.failed_text")
        } else {
            ("created.title", "created.next")
        };
        // When Wise created the case: the same text sent weeks later is answered with the first case.
        let time = case.created_at.as_ref().and_then(Timestamp::to_rfc3339);
        let content = html! {
            h1 { (self.texts.text(title)) }
            dl {
                dt { (self.texts.text("created.number")) }
                dd { strong { bdi { (case.id) } } }
                dt { (self.texts.text("created.status")) }
                dd { (status.unwrap_or(case.status.as_str())) }
                @if let Some(time) = time {
                    dt { (self.texts.text("created.time")) }
                    dd { bdi { (time) } }
                }
            }
            p { (self.texts.text(next)) }
            // Sent again, it is a case of its own.
            @if failed { (self.form(self.action, false, &[("form.submit", &new_nonce())])) }
            @if let Some(back) = &self.back {
                p { a href=(back) { (self.texts.text("created.another")) } }
            }
        };
        layout::page(self.texts, &content)
    }

    /// What went wrong, and the form with what was typed.
    pub(crate) fn failed(&self, problem: &Problem) -> String {
        let doubt = self.doubt(problem);
        let (title, paragraphs) = self.story(problem, doubt.is_some());
        let content = html! {
            h1 { (self.texts.text(title)) }
            @for key in paragraphs {
                p { (self.texts.text(&key)) }
            }
            @if !problem.errors.is_empty() {
                ul {
                    @for error in &problem.errors { li { (field_error::text(self.texts, error)) } }
                }
            }
            (layout::terms(&[
                (self.texts.text("reference.request_id"), Some(self.request_id)),
                (self.texts.text("reference.trace_id"), problem.trace_id.as_deref()),
            ]))
            (self.send_again(problem, doubt.as_ref()))
        };
        layout::page(self.texts, &content)
    }

    /// The try that may have made a case: this one, or an earlier one of which this request has learnt nothing.
    fn doubt(&self, problem: &Problem) -> Option<Earlier> {
        match problem.outcome {
            Outcome::Unknown => {
                let nonce = self.typed.map(|typed| typed.nonce.to_owned()).unwrap_or_default();
                Some(Earlier { nonce })
            }
            Outcome::NotSent => self.earlier.cloned(),
            Outcome::NotCreated => None,
        }
    }

    /// The keys of the title and of the paragraphs below it.
    fn story(&self, problem: &Problem, in_doubt: bool) -> (&'static str, Vec<String>) {
        let mut paragraphs = Vec::new();
        if in_doubt {
            paragraphs.extend(["unknown.text".to_owned(), "unknown.advice".to_owned()]);
        }
        let reason = problem.code.not_sent_reason().filter(|_| problem.outcome != Outcome::Unknown);
        match reason {
            Some(NotSentReason::SessionExpired) if self.typed.is_none() => paragraphs.push("not_sent.signed_out".to_owned()),
            Some(reason) => paragraphs.push(format!("not_sent.{}", reason.as_str())),
            None if problem.outcome == Outcome::Unknown => {}
            None if problem.errors.is_empty() => paragraphs.push("rejected.text".to_owned()),
            None if problem.code == ProblemCode::UpstreamRejected => paragraphs.push("rejected.fields".to_owned()),
            None => {}
        }
        if self.typed.is_none() {
            paragraphs.push("not_sent.go_back".to_owned());
        }
        // Only the key's record can tell that no case was made; without the record all that is certain is that nothing was sent now.
        let title = match (problem.outcome, reason) {
            _ if in_doubt => "unknown.title",
            (_, Some(NotSentReason::KeyReused)) => "not_sent.key_reused_title",
            (Outcome::NotCreated, Some(_)) => "not_sent.title",
            (Outcome::NotCreated, None) => "rejected.title",
            (Outcome::NotSent | Outcome::Unknown, _) => "not_sent.unsent_title",
        };
        (title, paragraphs)
    }

    /// The form to send the case again. In doubt the first button is safe: it asks again, and sends nothing twice.
    fn send_again(&self, problem: &Problem, doubt: Option<&Earlier>) -> Markup {
        let nonce = self.typed.map_or("", |typed| typed.nonce);
        let Some(earlier) = doubt else {
            return self.form(self.action, false, &[("form.submit", nonce)]);
        };
        // Another text would be another submission, which asks nothing and may be the second case.
        let locked = problem.errors.is_empty();
        let buttons = [
            ("unknown.check", earlier.nonce.as_str()),
            ("unknown.send_again_checked", &new_nonce()),
        ];
        self.form(&earlier.address(self.action), locked, &buttons)
    }

    /// The form with what was typed; nothing where the proxy has not read it.
    fn form(&self, address: &str, locked: bool, buttons: &[(&str, &str)]) -> Markup {
        self.typed.map_or_else(Markup::default, |typed| {
            Form {
                texts: self.texts,
                draft: typed.draft,
                address,
                locked,
                buttons,
            }
            .html()
        })
    }
}

/// A number that tells a submission from every other.
fn new_nonce() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}
