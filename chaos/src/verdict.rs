//! Whether the promises held, by the ledger of what Wise received.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::Value;

use crate::client::{Outcome, Submission, line_of};
use crate::files::PORTAL_SECRET;
use crate::history::Ended;

/// What no log and no store may hold: what was typed, and secrets.
const CANARIES: [&str; 5] = [
    "canary-text",
    "canary-ref",
    "canary-secret",
    PORTAL_SECRET,
    "simulated-secret",
];

/// The counts, of which the last five must be zero.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    submissions: usize,
    created: u32,
    not_created: u32,
    unknown: u32,
    /// Unknown ones of which Wise has a case all the same.
    unknown_with_case: u32,
    /// More than one case for a key.
    duplicates: u32,
    /// Told as created, and Wise has no such case.
    losses: u32,
    /// Told as not created, and Wise has one; or told with another's number.
    wrong: u32,
    /// The text at Wise is another than the one that was typed.
    changed: u32,
    /// Marked values in logs and in the store.
    leaks: u32,
}

impl Verdict {
    /// Compares what the clients were told with what Wise received. `files` may hold no marked value.
    pub(crate) fn of(submissions: &[Ended], ledger: &[Value], files: &[PathBuf]) -> anyhow::Result<Self> {
        let mut by_line: HashMap<u32, Vec<&Value>> = HashMap::new();
        for entry in ledger {
            by_line.entry(line_of(entry)?).or_default().push(entry);
        }
        let mut verdict = Self {
            submissions: submissions.len(),
            leaks: leaks(files)?,
            ..Self::default()
        };
        for (submission, outcome) in submissions {
            verdict.judge(submission, *outcome, by_line.get(&submission.line).map_or(&[], Vec::as_slice));
        }
        Ok(verdict)
    }

    /// Adds the counts of another part of the test.
    pub(crate) fn add(&mut self, other: &Self) {
        self.submissions += other.submissions;
        self.created += other.created;
        self.not_created += other.not_created;
        self.unknown += other.unknown;
        self.unknown_with_case += other.unknown_with_case;
        self.duplicates += other.duplicates;
        self.losses += other.losses;
        self.wrong += other.wrong;
        self.changed += other.changed;
        self.leaks += other.leaks;
    }

    fn judge(&mut self, submission: &Submission, outcome: Outcome, cases: &[&Value]) {
        self.duplicates += u32::from(cases.len() > 1);
        match outcome {
            Outcome::Created(id) => {
                self.created += 1;
                self.losses += u32::from(cases.is_empty());
                self.wrong += u32::from(!cases.is_empty() && cases.iter().all(|case| case["caseId"] != id));
            }
            Outcome::NotCreated => {
                self.not_created += 1;
                self.wrong += u32::from(!cases.is_empty());
            }
            Outcome::Unknown => {
                self.unknown += 1;
                self.unknown_with_case += u32::from(!cases.is_empty());
            }
        }
        for case in cases {
            self.changed += u32::from(!is_same(submission, case["body"].as_str().unwrap_or_default()));
        }
    }

    /// Says whether the five are zero.
    pub(crate) fn is_clean(&self) -> bool {
        self.duplicates + self.losses + self.wrong + self.changed + self.leaks == 0
    }

    /// Says whether enough was created for the five zeros to mean anything. A third to a half is, as a rule; less on a
    /// busy machine, as clients give up after two seconds.
    pub(crate) fn tells_something(&self) -> bool {
        usize::try_from(self.created).is_ok_and(|created| created > 0 && created >= self.submissions / 20)
    }

    pub(crate) fn table(&self) -> String {
        format!(
            "| submissions | created | not created | unknown (with a case) | duplicates | losses | wrong answers | changed texts | leaks |\n\
             |---|---|---|---|---|---|---|---|---|\n| {} | {} | {} | {} ({}) | {} | {} | {} | {} | {} |\n",
            self.submissions,
            self.created,
            self.not_created,
            self.unknown,
            self.unknown_with_case,
            self.duplicates,
            self.losses,
            self.wrong,
            self.changed,
            self.leaks
        )
    }
}

/// Byte for byte, but for the external id that the proxy makes where there is none.
fn is_same(submission: &Submission, received: &str) -> bool {
    if submission.external_id.is_some() {
        return submission.body == received;
    }
    let Some((before, after)) = submission.body.split_once(r#""externalId":null"#) else {
        return false;
    };
    let minted = received.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    minted.is_some_and(|minted| minted.starts_with(r#""externalId":"pcf-"#) && minted.ends_with('"') && minted.len() < 64)
}

/// Counts the files that hold a marked value.
fn leaks(files: &[PathBuf]) -> anyhow::Result<u32> {
    let mut leaks = 0;
    for file in files {
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        let holds = |canary: &&str| bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        leaks += u32::from(CANARIES.iter().any(holds));
    }
    Ok(leaks)
}
