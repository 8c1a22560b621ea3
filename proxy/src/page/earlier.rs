//! What a page remembers of an earlier try whose outcome nobody knows.

/// The name of the mark in the query of the page's form, and its only value.
const MARK: (&str, &str) = ("earlier", "unknown");

/// The name of the earlier try's number.
const NONCE: &str = "nonce";

/// The longest nonce that is read, in bytes. Those that the pages make have 32.
pub(crate) const NONCE_MAX_BYTES: usize = 64;

/// An earlier try of the same text whose outcome is unknown: Wise may have its case.
///
/// The mark travels in the query of the form's address and not in the form, so that it is known before the body is read: a page for an
/// agent whose session has ended must not say that the case was not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// The number of that try, by which the page checks again. Empty for a try from the portal's own form.
    pub(crate) nonce: String,
}

impl Earlier {
    /// Reads the mark from the query of a request.
    pub(crate) fn from_query(query: Option<&str>) -> Option<Self> {
        let mut earlier = None;
        let mut nonce = String::new();
        for (name, value) in form_urlencoded::parse(query?.as_bytes()) {
            if (name.as_ref(), value.as_ref()) == MARK {
                earlier = Some(());
            } else if name == NONCE && value.len() <= NONCE_MAX_BYTES {
                nonce = value.into_owned();
            }
        }
        earlier.map(|()| Self { nonce })
    }

    /// The address of a form, with the mark in its query.
    pub(crate) fn address(&self, action: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair(MARK.0, MARK.1);
        if !self.nonce.is_empty() {
            query.append_pair(NONCE, &self.nonce);
        }
        format!("{action}?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_read_as_it_was_written() {
        for nonce in ["", "7b1f", "a&b=c d"] {
            let earlier = Earlier { nonce: nonce.to_owned() };
            let address = earlier.address("/partner-cases/cases");
            let query = address.strip_prefix("/partner-cases/cases?");
            assert_eq!(Earlier::from_query(query), Some(earlier), "{address}");
        }
    }

    #[test]
    fn without_the_mark_there_was_no_earlier_try() {
        for query in [None, Some(""), Some("earlier"), Some("earlier=created"), Some("nonce=7")] {
            assert_eq!(Earlier::from_query(query), None, "{query:?}");
        }
        let long = format!("earlier=unknown&nonce={}", "7".repeat(NONCE_MAX_BYTES + 1));
        assert_eq!(Earlier::from_query(Some(&long)), Some(Earlier::default()));
    }
}
