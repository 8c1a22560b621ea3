//! Pages for people whose browser cannot show the widget: plain HTML without styles or scripts, in the widget's words.

mod texts;

use std::fmt::Write as _;

use partner_case_core::{
    Case, CaseDraft, CaseStatus, Field, FieldProblem, NotSentReason, Outcome, Problem, ProblemCode, Timestamp,
};

pub(crate) use self::texts::Texts;

/// What every page is made of.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) texts: &'a Texts,
    /// What was typed.
    pub(crate) draft: &'a CaseDraft,
    /// What tells this submission from another with the same text.
    pub(crate) nonce: &'a str,
    /// Where the form is sent.
    pub(crate) action: &'a str,
    /// The page that the form was on.
    pub(crate) back: Option<String>,
    pub(crate) request_id: &'a str,
}

impl Page<'_> {
    /// The receipt.
    pub(crate) fn created(&self, case: &Case) -> String {
        let status = self.texts.get(&format!("status.{}", case.status.as_str().to_lowercase()));
        let failed = case.status == CaseStatus::Failed;
        let (title, next) = if failed {
            ("created.failed_title", "created.failed_text")
        } else {
            ("created.title", "created.next")
        };
        let mut body = format!(
            "<h1>{}</h1><dl><dt>{}</dt><dd><strong><bdi>{}</bdi></strong></dd><dt>{}</dt><dd>{}</dd>{}</dl><p>{}</p>",
            self.text(title),
            self.text("created.number"),
            case.id,
            self.text("created.status"),
            escaped(status.unwrap_or(case.status.as_str())),
            self.time(case),
            self.text(next),
        );
        if failed {
            // Sent again, it is a case of its own.
            self.form(&mut body, &[("form.submit", &new_nonce())]);
        }
        if let Some(back) = &self.back {
            let _ = write!(
                body,
                "<p><a href=\"{}\">{}</a></p>",
                escaped(back),
                self.text("created.another")
            );
        }
        self.html(&body)
    }

    /// What went wrong, and the form with what was typed.
    pub(crate) fn failed(&self, problem: &Problem) -> String {
        let mut body = String::new();
        if problem.outcome == Outcome::Unknown {
            let _ = write!(
                body,
                "<h1>{}</h1><p>{}</p><p>{}</p>",
                self.text("unknown.title"),
                self.text("unknown.text"),
                self.text("unknown.advice")
            );
        } else if let Some(reason) = problem.code.not_sent_reason() {
            let key = format!("not_sent.{}", reason.as_str());
            // Only the key's record can tell that no case was made; without it all that is certain is that nothing was sent now.
            let title = match (problem.outcome, reason) {
                (_, NotSentReason::KeyReused) => "not_sent.key_reused_title",
                (Outcome::NotCreated, _) => "not_sent.title",
                (Outcome::NotSent | Outcome::Unknown, _) => "not_sent.unsent_title",
            };
            let _ = write!(body, "<h1>{}</h1><p>{}</p>", self.text(title), self.text(&key));
        } else {
            let refused = problem.code == ProblemCode::UpstreamRejected;
            let _ = write!(body, "<h1>{}</h1>", self.text("rejected.title"));
            if problem.errors.is_empty() {
                let _ = write!(body, "<p>{}</p>", self.text("rejected.text"));
            } else if refused {
                let _ = write!(body, "<p>{}</p>", self.text("rejected.fields"));
            }
            body.push_str("<ul>");
            for error in &problem.errors {
                let _ = write!(body, "<li>{}</li>", escaped(&self.error(error)));
            }
            body.push_str("</ul>");
        }
        self.references(&mut body, problem);
        if problem.outcome == Outcome::Unknown {
            // The first button is safe: it asks again, and sends nothing twice.
            self.form(
                &mut body,
                &[("unknown.check", self.nonce), ("unknown.send_again_checked", &new_nonce())],
            );
        } else {
            self.form(&mut body, &[("form.submit", self.nonce)]);
        }
        self.html(&body)
    }

    /// When Wise created the case: the same text sent weeks later is answered with the first case.
    fn time(&self, case: &Case) -> String {
        let time = case.created_at.as_ref().and_then(Timestamp::to_rfc3339);
        time.map_or_else(String::new, |time| {
            format!("<dt>{}</dt><dd><bdi>{}</bdi></dd>", self.text("created.time"), escaped(&time))
        })
    }

    fn references(&self, body: &mut String, problem: &Problem) {
        let trace_id = problem.trace_id.as_deref();
        let references = [
            ("reference.request_id", Some(self.request_id)),
            ("reference.trace_id", trace_id),
        ];
        body.push_str("<dl>");
        for (key, value) in references {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                let _ = write!(body, "<dt>{}</dt><dd><bdi>{}</bdi></dd>", self.text(key), escaped(value));
            }
        }
        body.push_str("</dl>");
    }

    /// The form with what was typed. Each button has a text and the nonce that it sends.
    fn form(&self, body: &mut String, buttons: &[(&str, &str)]) {
        let _ = write!(body, "<form method=\"post\" action=\"{}\">", escaped(self.action));
        let _ = write!(
            body,
            "<input type=\"hidden\" name=\"type\" value=\"{}\">",
            escaped(&self.draft.case_type)
        );
        for field in Field::ALL.into_iter().filter(|field| *field != Field::CaseType) {
            let (name, value) = (field.wire_name(), escaped(self.draft.get(field)));
            let label = self.text(&format!("{}.label", key_of(field)));
            let _ = if field == Field::Description {
                // The first line break after the tag is not part of the text.
                write!(
                    body,
                    "<p><label>{label}<br><textarea name=\"{name}\" rows=\"12\" cols=\"60\" dir=\"auto\">\n{value}</textarea></label></p>"
                )
            } else {
                write!(
                    body,
                    "<p><label>{label}<br><input name=\"{name}\" value=\"{value}\" size=\"40\" dir=\"auto\"></label></p>"
                )
            };
        }
        body.push_str("<p>");
        for (text, nonce) in buttons {
            let _ = write!(
                body,
                "<button name=\"nonce\" value=\"{}\">{}</button> ",
                escaped(nonce),
                self.text(text)
            );
        }
        body.push_str("</p></form>");
    }

    /// What is wrong with a field, in the words that fit best.
    fn error(&self, error: &FieldProblem) -> String {
        let Some(field) = error.field() else {
            return error.detail.clone();
        };
        let (name, code) = (key_of(field), error.error.code());
        let short = code.split('_').next().unwrap_or(code);
        let keys = [
            format!("error.{name}.{code}"),
            format!("error.{name}.{short}"),
            format!("error.id.{code}"),
            format!("error.{code}"),
            "error.refused".to_owned(),
        ];
        let members = serde_json::to_value(&error.error).unwrap_or_default();
        let label = self.texts.get(&format!("{name}.label")).unwrap_or_default();
        let mut values = vec![("field".to_owned(), label.to_owned())];
        if let Some(members) = members.as_object() {
            values.extend(members.iter().map(|(member, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
                let named = self.texts.get(&format!("{member}.{text}")).map(ToOwned::to_owned);
                (member.clone(), named.unwrap_or(text))
            }));
            let number = |member| members.get(member).and_then(serde_json::Value::as_u64);
            if let (Some(actual), Some(max)) = (number("actual"), number("max")) {
                values.push(("n".to_owned(), actual.saturating_sub(max).to_string()));
            }
        }
        let found = keys.iter().find_map(|key| self.texts.get(key));
        values
            .iter()
            .fold(found.unwrap_or(&error.detail).to_owned(), |text, (place, value)| {
                text.replace(&format!("{{{place}}}"), value)
            })
    }

    fn text(&self, key: &str) -> String {
        escaped(self.texts.get(key).unwrap_or_default())
    }

    fn html(&self, body: &str) -> String {
        format!(
            "<!doctype html><html lang=\"{}\" dir=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title><body><main>{body}</main></body></html>",
            self.texts.language(),
            if self.texts.is_right_to_left() { "rtl" } else { "ltr" },
            self.text("form.name"),
        )
    }
}

/// What tells a submission from every other.
fn new_nonce() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// A field's name in the keys of texts.
fn key_of(field: Field) -> String {
    field.attribute_name().replace('-', "_")
}

/// Text as HTML has it, in an element or in a quoted attribute.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}
