//! The personal-data guard at work, for being measured: a subject of any length, checked any number of times.
//!
//! As wasm it needs nothing from outside, so the clock is the caller's.

use std::cell::RefCell;

use partner_case_core::{PersonalDataContext, find_personal_data};

/// What staff write, with something to find in every other piece.
const PIECES: [&str; 6] = [
    "Transfer 58114690 has not arrived, ",
    "refund for Anna Schmidt to a.schmidt@example.com, ",
    "customer asks since Monday when it will be paid out, ",
    "IBAN GB29 NWBK 6016 1331 9268 19 was closed, ",
    "profile 14556049 and user 1234 are right, ",
    "call +44 20 7946 0958 about it, ",
];

thread_local! {
    static SUBJECT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Makes the subject that is checked from now on, of about so many characters.
// SAFETY: the name is this crate's own.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(length: u32) {
    let length = length as usize;
    let text: String = PIECES.iter().cycle().copied().take(length / 20 + 1).collect();
    SUBJECT.set(text.chars().take(length).collect());
}

/// Checks the subject so many times. The answer is how much was found, so that nothing is optimized away.
// SAFETY: as above.
#[unsafe(no_mangle)]
pub extern "C" fn check(times: u32) -> u32 {
    SUBJECT.with_borrow(|subject| {
        (0..times)
            .map(|_| find_personal_data(subject, PersonalDataContext::default()).len() as u32)
            .sum()
    })
}
