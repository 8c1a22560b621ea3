//! What a proxy or Wise answers. What is read is written and read again as the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_case_core::{Case, Problem, SubmissionReport, WiseError};

fn reads_again<T: serde::de::DeserializeOwned + serde::Serialize + PartialEq + std::fmt::Debug>(body: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(body) {
        let written = serde_json::to_vec(&read).expect("JSON");
        let again: T = serde_json::from_slice(&written).expect("what was written is read");
        assert_eq!(again, read);
    }
}

fuzz_target!(|body: &[u8]| {
    reads_again::<Case>(body);
    reads_again::<Problem>(body);
    reads_again::<SubmissionReport>(body);
    let _ = WiseError::parse(body);
    if let Ok(case) = serde_json::from_slice::<Case>(body) {
        for time in [case.created_at, case.updated_at].into_iter().flatten() {
            let _ = time.to_rfc3339();
        }
    }
});
