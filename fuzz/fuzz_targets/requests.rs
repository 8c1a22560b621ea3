//! What the proxy reads from outside before anything else looks at it.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    partner_case_proxy::fuzzing::idempotency_key(input);
    partner_case_proxy::fuzzing::webhook(input);
    partner_case_proxy::fuzzing::token(input);
    partner_case_proxy::fuzzing::plain_form(input);
});
