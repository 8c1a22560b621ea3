//! Which fields a person can change and see, as the host has asked.

use partner_case_core::Field;

/// The host's wishes about the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) readonly: Vec<Field>,
    pub(crate) hidden: Vec<Field>,
}

/// Reads names of fields as they stand in attributes, such as `user-id transfer-id`.
///
/// # Errors
/// The names that are none.
pub(crate) fn fields(names: &str) -> Result<Vec<Field>, Vec<&str>> {
    let known = |name: &str| Field::ALL.into_iter().find(|field| field.attribute_name() == name);
    let unknown: Vec<&str> = names.split_whitespace().filter(|name| known(name).is_none()).collect();
    if unknown.is_empty() {
        Ok(names.split_whitespace().filter_map(known).collect())
    } else {
        Err(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_attributes() {
        assert_eq!(fields(" user-id  external-id "), Ok(vec![Field::UserId, Field::ExternalId]));
        assert_eq!(fields("user-id userId canary"), Err(vec!["userId", "canary"]));
        assert_eq!(fields(""), Ok(Vec::new()));
    }
}
