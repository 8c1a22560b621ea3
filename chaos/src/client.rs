//! A submission as the form makes it: sent again only while no case can exist, asked after where it is not known.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::doubt::{Answer, KeyState, Next};
use crate::servers::{Call, Servers};

/// How often a submission that made no case is sent again.
const TRIES_MAX: u32 = 8;

/// How often the proxy is asked what became of an unknown submission while the test goes on.
const LOOKS_MAX: u32 = 12;

/// The pause between two looks.
const LOOK_PAUSE: Duration = Duration::from_millis(250);

/// How many agents share the submissions: so many that none meets the proxy's limits for one agent.
const AGENTS: u32 = 400;

/// What an agent sends.
#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) line: u32,
    pub(crate) key: String,
    /// Exactly Wise's create body.
    pub(crate) body: String,
    pub(crate) external_id: Option<String>,
}

/// What became of it, as the proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Created(i64),
    NotCreated,
    Unknown,
}

impl Submission {
    /// Makes a text like no other, with what breaks careless programs in it.
    pub(crate) fn new(line: u32, random: &mut fastrand::Rng) -> Self {
        const PIECES: [&str; 8] = [
            "late",
            " \u{1f4b8} ",
            "\n",
            "\"quoted\" \\ ",
            "تأخر",
            "\ttab \u{2028}\u{85}",
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

    /// Returns who sends it.
    pub(crate) fn agent(&self) -> String {
        agent_of(self.line)
    }
}

/// Returns who sends the submission of a line.
pub(crate) fn agent_of(line: u32) -> String {
    format!("agent-{}", line % AGENTS)
}

/// Returns the line of a case in the ledger.
///
/// # Errors
/// When its body is none of the test's.
pub(crate) fn line_of(entry: &Value) -> anyhow::Result<u32> {
    let body: Value = serde_json::from_str(entry["body"].as_str().unwrap_or_default())?;
    let subject = body["subject"].as_str().unwrap_or_default();
    let (_, line) = subject.rsplit_once(' ').context("a subject of the test's")?;
    Ok(line.parse()?)
}

/// Sends as the form does.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    servers: Arc<Servers>,
}

impl Client {
    pub(crate) fn new(servers: Arc<Servers>) -> Self {
        Self { servers }
    }

    /// Sends a case until it is known what became of it, or nobody can tell yet.
    pub(crate) async fn submit(&self, submission: &Submission, random: &mut fastrand::Rng) -> Outcome {
        let mut key = KeyState::default();
        // An agent who goes away before there is an answer, and comes back, now and then.
        if random.u8(..) < 8 {
            let away = Duration::from_millis(random.u64(0..40));
            let answer = tokio::time::timeout(away, self.post(submission)).await;
            key.hear(&[answer.unwrap_or(Answer::Missing)]);
        }
        for _ in 0..TRIES_MAX {
            match self.send(submission, &mut key, random).await {
                Next::Done(id) => return Outcome::Created(id),
                Next::Ask => return Outcome::Unknown,
                Next::SendAgain => tokio::time::sleep(Duration::from_millis(random.u64(10..400))).await,
            }
        }
        if key.is_certain_at(Instant::now()) {
            Outcome::NotCreated
        } else {
            Outcome::Unknown
        }
    }

    /// Sends it once, or twice as with a double click, and asks while there is a doubt.
    async fn send(&self, submission: &Submission, key: &mut KeyState, random: &mut fastrand::Rng) -> Next {
        let answers = if random.u8(..) < 25 {
            let (first, second) = tokio::join!(self.post(submission), self.post(submission));
            vec![first, second]
        } else {
            vec![self.post(submission).await]
        };
        let mut next = key.hear(&answers);
        // A hasty agent sends the unknown again under its key, which must not send it to Wise twice.
        if next == Next::Ask && random.bool() {
            next = key.hear(&[self.post(submission).await]);
        }
        for _ in 0..LOOKS_MAX {
            if next != Next::Ask {
                break;
            }
            next = match self.look(submission).await {
                Some(Outcome::Created(id)) => Next::Done(id),
                Some(Outcome::NotCreated) => key.hear(&[Answer::NotCreated]),
                Some(Outcome::Unknown) | None => {
                    tokio::time::sleep(LOOK_PAUSE).await;
                    Next::Ask
                }
            };
        }
        next
    }

    /// Sends it once.
    pub(crate) async fn post(&self, submission: &Submission) -> Answer {
        let call = Call {
            agent: &submission.agent(),
            method: Method::POST,
            path: "cases",
            key: Some(&submission.key),
            body: submission.body.clone(),
        };
        let Some((status, answer)) = self.servers.call_proxy(call).await else {
            return Answer::Missing;
        };
        match (status, answer["outcome"].as_str()) {
            (StatusCode::OK, _) => answer["id"].as_i64().map_or(Answer::Unknown, Answer::Created),
            (_, Some("not_created")) => Answer::NotCreated,
            (_, Some("not_sent")) => Answer::NotSent,
            _ => Answer::Unknown,
        }
    }

    /// Returns what the store has of it now; `None` when the store could not be asked.
    ///
    /// A whole store notes a key before its case leaves. So one without a record of the key says that no request has sent it yet. A request
    /// that was given up and still arrives is a matter of [`KeyState::is_certain_at`].
    pub(crate) async fn look(&self, submission: &Submission) -> Option<Outcome> {
        let call = Call {
            agent: &submission.agent(),
            method: Method::GET,
            path: &format!("submissions/{}", submission.key),
            key: None,
            body: String::new(),
        };
        let (status, report) = self.servers.call_proxy(call).await?;
        let state = report.get("state").and_then(Value::as_str);
        match (status, state) {
            (StatusCode::OK, Some("created")) => report["case"]["id"].as_i64().map(Outcome::Created),
            (StatusCode::OK, Some("rejected")) | (StatusCode::NOT_FOUND, _) => Some(Outcome::NotCreated),
            (StatusCode::OK, Some("in_flight" | "unknown")) => Some(Outcome::Unknown),
            _ => None,
        }
    }
}
