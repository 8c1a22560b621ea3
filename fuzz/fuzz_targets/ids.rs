//! What is typed or pasted into an id's field.

#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_case_core::{parse_id, pasted_ids};

fuzz_target!(|text: &str| {
    if let Ok(Some(id)) = parse_id(text) {
        assert!(id > 0);
        assert_eq!(parse_id(&id.to_string()), Ok(Some(id)));
    }
    for pasted in pasted_ids(text) {
        assert!(pasted.id > 0);
    }
});
