//! The personal-data guard never panics, and its finds stand on character borders and do not overlap.

#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_case_core::{KnownPersonalData, PersonalDataContext, find_personal_data, find_secrets, masked};

fuzz_target!(|input: &str| {
    // An id and a known name stand in lines of their own before the text.
    let mut lines = input.splitn(3, '\n');
    let (first, second, third) = (lines.next().unwrap_or(""), lines.next(), lines.next());
    let (id, name, text) = match (second, third) {
        (Some(name), Some(text)) => (first, name, text),
        _ => ("", "", input),
    };
    let name = name.to_owned();
    let known = KnownPersonalData { names: vec![name.clone()], emails: vec![name.clone()], phones: vec![name] };
    let finds = find_personal_data(text, PersonalDataContext { own_ids: &[id], known: Some(&known) });
    let mut end = 0;
    for find in finds {
        assert!(find.range.start >= end && find.range.start < find.range.end);
        assert!(text.get(find.range.clone()).is_some());
        end = find.range.end;
    }
    for find in find_secrets(text, &[id]) {
        assert!(text.get(find.range.clone()).is_some());
        assert!(masked(text, &find).len() <= text.len() + 64);
    }
});
