//! What is read out of a body, a form's options, a state, and what a browser stores.

use std::collections::BTreeSet;

use partner_case_core::Field;
use partner_case_model::{NotSent, RawOptions, Submission};
use serde_json::Value;

use crate::browser::Browser;
use crate::words::numbers;

/// What the external IDs begin with that the proxy adds.
const MINTED: &str = "pcf-";

/// The body of a case, without the ID that the proxy adds.
pub(crate) fn plain(body: &str) -> Value {
    let mut body: Value = serde_json::from_str(body).unwrap_or_default();
    if let Some(body) = body.as_object_mut()
        && body
            .get("externalId")
            .and_then(Value::as_str)
            .is_some_and(|id| id.starts_with(MINTED))
    {
        body.remove("externalId");
    }
    body
}

/// Whose a form is: the agent, and the customer's IDs.
pub(crate) fn context(options: &RawOptions) -> [String; 3] {
    let id = |field| options.prefill[field].to_owned();
    [options.draft_scope.clone(), id(Field::UserId), id(Field::TransferId)]
}

/// Whether "not created" is what a form says.
pub(crate) fn denies(submission: &Submission) -> bool {
    match submission {
        Submission::Rejected(_) => true,
        // It says that there may be a case.
        Submission::NotSent(NotSent { reason, .. }) => *reason != partner_case_core::NotSentReason::KeyReused,
        _ => false,
    }
}

/// What everybody knows of a browser at a moment.
pub(crate) fn stored_words(browser: &Browser) -> BTreeSet<usize> {
    let mut found: BTreeSet<usize> = browser.all_local().flat_map(numbers).collect();
    for tab in 0..browser.tabs.len() {
        let (session, memory) = browser.all_of(tab);
        found.extend(session.chain(memory).flat_map(numbers));
    }
    found
}
