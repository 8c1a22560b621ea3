//! What a person reads: the texts by their keys in `www/locales/`, plural forms, numbers and times.

mod catalogue;
mod errors;
mod first_keys;
mod form_state;
mod intl;
mod receipt;
mod words;

pub(crate) use self::catalogue::{Catalogue, add_lazy_texts};
pub(crate) use self::form_state::FormState;
pub(crate) use self::receipt::ReceiptParts;

#[cfg(test)]
pub(crate) mod test_catalogues;
#[cfg(test)]
mod tests;
