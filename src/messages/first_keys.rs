/// The texts of the first paint beside the labels and hints of the fields. `build.rs` puts them into the first wasm.
#[allow(dead_code, reason = "`build.rs` reads it, and a test")]
pub(crate) const FIRST_KEYS: &[&str] = &[
    "form.name",
    "form.optional",
    "form.submit",
    "form.sending",
    "form.about",
    "language.direction",
    "type.general_enquiry",
    "reason.label",
    "reason.hint",
    "reason.none",
    "reason.payment_not_arrived",
    "reason.proof_of_payout",
    "reason.returned_funds",
    "reason.account_problem",
    "reason.other",
];
