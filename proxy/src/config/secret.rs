//! Secrets: one reader for all of them, whether a secret stands in the configuration or in a file.

mod shared;
mod source;

pub use self::shared::SharedSecret;
pub use self::source::SecretSource;
pub(super) use self::source::check_private;

/// What the example file has in the place of a secret, or of the client ID.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.starts_with("replace-me") || text.starts_with("your-client-")
}

/// What to say of one.
pub(super) const PLACEHOLDER: &str = "is still the placeholder of the example file. Put in your own";

#[cfg(test)]
mod tests;
