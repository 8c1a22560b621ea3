//! A submission as the form makes it: sent again only where nothing was created for certain, asked after where it is not known.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, StatusCode};
use serde_json::Value;

use super::servers::Servers;

/// How often a submission that made no case is sent again.
const TRIES_MAX: u32 = 8;

/// How often the proxy is asked what became of an unknown submission while the campaign goes on.
const LOOKS_MAX: u32 = 12;

/// The pause between two looks.
const LOOK_PAUSE: Duration = Duration::from_millis(250);

/// What a person sends.
#[derive(Debug)]
pub(super) struct Submission {
    pub(super) line: u32,
    pub(super) key: String,
    /// Exactly Wise's create body.
    pub(super) body: String,
    pub(super) external_id: Option<String>,
}

/// What became of it, as the proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Created(i64),
    NotCreated,
    Unknown,
}

impl Submission {
    /// A text like no other, with what breaks careless programs in it.
    pub(super) fn new(line: u32, random: &mut fastrand::Rng) -> Self {
        const PIECES: [&str; 8] = [
            "late",
            " \u{1f4b8} ",
            "\n",
            "\"quoted\" \\ ",
            "تأخر",
            "\u{0}\u{7f}",
            "{}",
            " <b>&amp;</b> ",
        ];
        let mut description = format!("canary-text-{line} ");
        for _ in 0..random.u32(1..200) {
            description.push_str(PIECES[random.usize(..PIECES.len())]);
        }
        description.push('.');
        let text = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let external_id = random.bool().then(|| format!("canary-ref-{line}"));
        let body = format!(
            r#"{{"type":"GENERAL_ENQUIRY","subject":"Payment is late, line {line}","details":{{"transferId":{},"profileId":null,"userId":{}}},"externalId":{},"description":{}}}"#,
            random.i64(1..=i64::MAX),
            random.i64(1..=i64::MAX),
            external_id.as_deref().map_or_else(|| "null".to_owned(), text),
            text(&description),
        );
        let mut bytes = [0_u8; 16];
        random.fill(&mut bytes);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let key = format!(
            "{}-{}-4{}-8{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..]
        );
        Self {
            line,
            key,
            body,
            external_id,
        }
    }
}

/// Sends as the form does.
#[derive(Debug, Clone)]
pub(super) struct Client {
    servers: Arc<Servers>,
}

impl Client {
    pub(super) fn new(servers: Arc<Servers>) -> Self {
        Self { servers }
    }

    /// Sends a case until it is known what became of it, or nobody can tell.
    pub(super) async fn submit(&self, submission: &Submission, random: &mut fastrand::Rng) -> Outcome {
        // One who goes away before there is an answer, and comes back, now and then.
        if random.u8(..) < 8 {
            let away = Duration::from_millis(random.u64(0..40));
            let _ = tokio::time::timeout(away, self.post(submission)).await;
        }
        for _ in 0..TRIES_MAX {
            // A double click, now and then.
            let twice = random.u8(..) < 25;
            let (first, second) = tokio::join!(self.post(submission), async {
                if twice { Some(self.post(submission).await) } else { None }
            });
            let outcome = match (first, second) {
                (Outcome::Created(id), _) | (_, Some(Outcome::Created(id))) => Outcome::Created(id),
                (Outcome::Unknown, _) | (_, Some(Outcome::Unknown)) => {
                    // A hasty one sends it again under its key, which must send nothing to Wise.
                    if random.bool() {
                        self.post(submission).await;
                    }
                    self.ask(submission).await
                }
                (Outcome::NotCreated, _) => Outcome::NotCreated,
            };
            if outcome != Outcome::NotCreated {
                return outcome;
            }
            tokio::time::sleep(Duration::from_millis(random.u64(10..400))).await;
        }
        Outcome::NotCreated
    }

    async fn post(&self, submission: &Submission) -> Outcome {
        let request = Request::post(self.servers.proxy_url("cases"))
            .header("content-type", "application/json")
            .header("idempotency-key", format!("\"{}\"", submission.key));
        match self.servers.call_proxy(request, submission.body.clone()).await {
            Some((StatusCode::OK, case)) => case["id"].as_i64().map_or(Outcome::Unknown, Outcome::Created),
            Some((_, problem)) if problem["outcome"] == "not_created" || problem["outcome"] == "not_sent" => Outcome::NotCreated,
            _ => Outcome::Unknown,
        }
    }

    /// Asks the proxy until it knows. A key that it has never noted was never sent.
    async fn ask(&self, submission: &Submission) -> Outcome {
        for _ in 0..LOOKS_MAX {
            if let Some(outcome) = self.look(submission).await {
                return outcome;
            }
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        Outcome::Unknown
    }

    /// What the proxy says now, if it says anything that is certain.
    pub(super) async fn look(&self, submission: &Submission) -> Option<Outcome> {
        let url = self.servers.proxy_url(&format!("submissions/{}", submission.key));
        let (status, report) = self.servers.call_proxy(Request::get(url), String::new()).await?;
        let state = report.get("state").and_then(Value::as_str).unwrap_or_default();
        match (status, state) {
            (StatusCode::OK, "created") => report["case"]["id"].as_i64().map(Outcome::Created),
            (StatusCode::OK, "rejected") | (StatusCode::NOT_FOUND, _) => Some(Outcome::NotCreated),
            _ => None,
        }
    }
}
