//! Screens subjects for personal data: reads `{"text"}` lines, writes `{"text","pii","kinds"}` lines.
//!
//! `cargo run -q --release -p partner-case-core --example screen_subjects < subjects.jsonl`

use std::io::{BufRead as _, Write as _};

use partner_case_core::{PersonalDataContext, PersonalDataKind, find_personal_data};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Subject {
    text: String,
}

#[derive(Serialize)]
struct Screened<'a> {
    text: &'a str,
    pii: bool,
    kinds: Vec<PersonalDataKind>,
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let subject: Subject = serde_json::from_str(&line)?;
        let mut kinds: Vec<_> = find_personal_data(&subject.text, PersonalDataContext::default())
            .into_iter()
            .map(|find| find.kind)
            .collect();
        kinds.dedup();
        let screened = Screened {
            text: &subject.text,
            pii: !kinds.is_empty(),
            kinds,
        };
        writeln!(out, "{}", serde_json::to_string(&screened)?)?;
    }
    Ok(())
}
