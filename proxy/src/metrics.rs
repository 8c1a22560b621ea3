//! Numbers for the operator, in the text format of Prometheus. No label holds anything that a person typed.

use std::time::Duration;

use partner_case_core::Problem;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SubmissionLabels {
    outcome: &'static str,
    code: &'static str,
}

/// What became of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(crate) enum WebhookResult {
    /// It settled a submission, or told of a later state of its case.
    Settled,
    /// It told nothing new, or of a case that was not raised here.
    NoNews,
    /// It has no external id to match it by.
    Unmatched,
    /// It is about something else than cases.
    Other,
    /// Its signature is wrong, or it cannot be understood or noted.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WebhookLabels {
    result: WebhookResult,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabels {
    status: u16,
    code: &'static str,
}

/// The numbers of this process.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    submissions: Family<SubmissionLabels, Counter>,
    webhooks: Family<WebhookLabels, Counter>,
    answers: Family<AnswerLabels, Counter>,
    upstream: Histogram,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("partner_case_proxy");
        let submissions = Family::default();
        let webhooks = Family::default();
        let answers = Family::default();
        // From a fast answer to the 40 s that a call may take at the most.
        let upstream = Histogram::new([0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0]);
        registry.register(
            "submissions",
            "Cases sent to Wise, by what became of them",
            submissions.clone(),
        );
        registry.register("webhooks", "Events received from Wise", webhooks.clone());
        registry.register("answers", "Answers given, by status and problem code", answers.clone());
        registry.register("upstream_seconds", "How long calls that create a case took", upstream.clone());
        Self {
            registry,
            submissions,
            webhooks,
            answers,
            upstream,
        }
    }

    pub(crate) fn submission<T>(&self, outcome: &Result<T, Problem>, took: Duration) {
        let (outcome, code) = match outcome {
            Ok(_) => ("created", ""),
            Err(problem) => (problem.outcome.as_str(), problem.code.as_str()),
        };
        self.submissions.get_or_create(&SubmissionLabels { outcome, code }).inc();
        self.upstream.observe(took.as_secs_f64());
    }

    pub(crate) fn webhook(&self, result: WebhookResult) {
        self.webhooks.get_or_create(&WebhookLabels { result }).inc();
    }

    pub(crate) fn answer(&self, status: u16, code: &'static str) {
        self.answers.get_or_create(&AnswerLabels { status, code }).inc();
    }

    /// All numbers as text.
    pub(crate) fn text(&self) -> String {
        let mut written = String::new();
        // Writing to a string cannot fail.
        let _ = text::encode(&mut written, &self.registry);
        written
    }
}
