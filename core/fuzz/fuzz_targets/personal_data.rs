//! The personal-data guard never panics, and its finds stand on character borders and do not overlap.
//!
//! `cargo +nightly fuzz run personal_data` in `core/`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_case_core::{KnownPersonalData, PersonalDataContext, find_personal_data};

fuzz_target!(|input: (String, String, String)| {
    let (text, id, name) = input;
    let known = KnownPersonalData { names: vec![name.clone()], emails: vec![name.clone()], phones: vec![name] };
    let finds = find_personal_data(&text, PersonalDataContext { own_ids: &[&id], known: Some(&known) });
    let mut end = 0;
    for find in finds {
        assert!(find.range.start >= end && find.range.start < find.range.end);
        assert!(text.get(find.range.clone()).is_some());
        end = find.range.end;
    }
});
