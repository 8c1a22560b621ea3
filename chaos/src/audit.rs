//! Whether the audit trail is whole, beside the ledger of what Wise received.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde_json::Value;

use crate::client::{agent_of, line_of};

/// Returns the run of the proxy that wrote the last line.
pub(crate) fn last_run(file: &Path) -> Option<String> {
    let trail = std::fs::read_to_string(file).ok()?;
    let line: Value = serde_json::from_str(trail.lines().last()?).ok()?;
    Some(text(&line["process"]))
}

/// Returns what is wrong with a trail.
///
/// Each case in the ledger needs a `sending` line of its agent's. The key's digest is not known here, so the submissions are counted for
/// each agent; where a line names the case, its submission has to be one that the case's agent sent. `may_have_gaps` are the runs during
/// which the disk took nothing: a number that is missing there is how the trail shows it.
pub(crate) fn complaints(trail: &str, ledger: &[Value], may_have_gaps: &[String]) -> anyhow::Result<Vec<String>> {
    let mut read = Trail::default();
    for line in trail.lines() {
        read.take(line);
    }
    let mut complaints = Vec::new();
    let mut complain = |count: usize, what: &str| {
        if count > 0 {
            complaints.push(format!("audit trail: {count} {what}"));
        }
    };
    complain(read.unreadable, "lines cannot be read");
    let runs = read.runs.iter().filter(|(run, _)| !may_have_gaps.contains(run));
    complain(runs.map(|(_, numbers)| missing(numbers)).sum(), "numbers are missing");
    complain(read.doubled, "numbers stand there twice");

    let mut created: HashMap<String, usize> = HashMap::new();
    let mut agents: HashMap<i64, String> = HashMap::new();
    for entry in ledger {
        let agent = agent_of(line_of(entry)?);
        *created.entry(agent.clone()).or_default() += 1;
        agents.extend(entry["caseId"].as_i64().map(|id| (id, agent)));
    }
    let mut sent: HashMap<&str, usize> = HashMap::new();
    for agent in read.sending.values() {
        *sent.entry(agent).or_default() += 1;
    }
    let unsent = |(agent, count): (&String, &usize)| count.saturating_sub(sent.get(agent.as_str()).copied().unwrap_or(0));
    complain(
        created.iter().map(unsent).sum(),
        "cases have no line from before they were sent",
    );
    let is_astray = |(id, submission): &&(i64, String)| {
        let agent = agents.get(id);
        agent.is_some() && read.sending.get(submission) != agent
    };
    complain(
        read.cases.iter().filter(is_astray).count(),
        "cases cannot be traced to the agent who raised them",
    );
    Ok(complaints)
}

/// What the lines say.
#[derive(Debug, Default)]
struct Trail {
    unreadable: usize,
    doubled: usize,
    /// The numbers of each run of the proxy.
    runs: BTreeMap<String, BTreeSet<u64>>,
    /// The agent of each submission that was about to be sent.
    sending: HashMap<String, String>,
    /// The cases that lines name, with their submissions.
    cases: Vec<(i64, String)>,
}

impl Trail {
    fn take(&mut self, line: &str) {
        let line: Value = serde_json::from_str(line).unwrap_or_default();
        let (Some(event), Some(number)) = (line["event"].as_str(), line["number"].as_u64()) else {
            self.unreadable += 1;
            return;
        };
        let numbers = self.runs.entry(text(&line["process"])).or_default();
        self.doubled += usize::from(!numbers.insert(number));
        let submission = || text(&line["submission"]);
        match event {
            "sending" => {
                self.sending.insert(submission(), text(&line["staff"]));
            }
            "outcome" | "settled" => {
                let id = text(&line["case_id"]).parse();
                self.cases.extend(id.ok().map(|id| (id, submission())));
            }
            _ => {}
        }
    }
}

/// How many numbers are missing before the last one.
fn missing(numbers: &BTreeSet<u64>) -> usize {
    let last = numbers.last().copied().unwrap_or(0);
    usize::try_from(last).unwrap_or(usize::MAX).saturating_sub(numbers.len())
}

/// A text, or a number as a text.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(number: u64, event: &str, submission: &str, more: &str) -> String {
        format!(r#"{{"process":"p","number":{number},"event":"{event}","submission":"{submission}"{more}}}"#)
    }

    fn ledger() -> [Value; 1] {
        [json!({ "caseId": 9, "body": r#"{"subject":"Payment is late, line 7"}"# })]
    }

    #[test]
    fn a_whole_trail_has_nothing_to_complain_about() {
        let trail = [
            line(1, "started", "", ""),
            line(2, "sending", "aa", r#","staff":"agent-7""#),
            line(3, "settled", "aa", r#","case_id":9"#),
        ];
        assert_eq!(complaints(&trail.join("\n"), &ledger(), &[]).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_missing_line_a_broken_one_and_a_case_nobody_sent_are_reported() {
        let settled = line(3, "settled", "aa", r#","case_id":9"#);
        let trail = format!("{}\n{settled}\n{{\"process\":\"p\"", line(1, "started", "", ""));
        let complaints = |gaps: &[String]| complaints(&trail, &ledger(), gaps).unwrap();
        assert_eq!(
            complaints(&[]),
            [
                "audit trail: 1 lines cannot be read",
                "audit trail: 1 numbers are missing",
                "audit trail: 1 cases have no line from before they were sent",
                "audit trail: 1 cases cannot be traced to the agent who raised them",
            ]
        );
        assert_eq!(complaints(&["p".to_owned()]).len(), 3);
    }
}
