//! The fields of the case: one table, from which everything that lists fields is made.

use crate::limits::{DESCRIPTION_MAX_UTF16, EXTERNAL_ID_MAX_UTF16};

/// What a field holds, and so how it is shown, read and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One of a list.
    Choice,
    /// A number of Wise's: a whole number from 1 to [`ID_MAX`](crate::limits::ID_MAX), typed with or without separators.
    Id,
    /// A text of one line; spaces around it do not count.
    Line,
    /// A text of any number of lines, which is sent as typed.
    Text,
}

/// Declares the fields in the order of the form: name, JSON Pointer (RFC 6901) in the create body, name in HTML attributes and element
/// IDs, kind, whether it must have a value, and its limit in UTF-16 code units, if there is one.
macro_rules! fields {
    ($($(#[$doc:meta])+ $name:ident = $pointer:literal, $attribute:literal, $kind:ident, $need:ident $(, max $max:expr)?;)+) => {
        /// A field of the case. The order of declaration is the order in the form and in the error summary.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$doc])+ $name,)+ }

        impl Field {
            /// Every field, in the order of the form.
            pub const ALL: [Self; [$($pointer),+].len()] = [$(Self::$name,)+];

            /// The JSON Pointer (RFC 6901) of the field in the create body.
            pub const fn pointer(self) -> &'static str {
                match self { $(Self::$name => $pointer,)+ }
            }

            /// The field's name in HTML attributes and element IDs, such as `user-id`.
            pub const fn attribute_name(self) -> &'static str {
                match self { $(Self::$name => $attribute,)+ }
            }

            /// What the field holds.
            pub const fn kind(self) -> FieldKind {
                match self { $(Self::$name => FieldKind::$kind,)+ }
            }

            /// Whether the field may stay empty.
            pub const fn is_optional(self) -> bool {
                match self { $(Self::$name => fields!(@is_optional $need),)+ }
            }

            /// The field's limit in UTF-16 code units, where it has one.
            pub const fn max_utf16(self) -> Option<usize> {
                match self { $(Self::$name => fields!(@limit $($max)?),)+ }
            }
        }
    };
    (@is_optional required) => { false };
    (@is_optional optional) => { true };
    (@limit) => { None };
    (@limit $max:expr) => { Some($max) };
}

fields! {
    /// `type`
    CaseType = "/type", "type", Choice, required;
    /// `details.userId`
    UserId = "/details/userId", "user-id", Id, required;
    /// `details.transferId`
    TransferId = "/details/transferId", "transfer-id", Id, optional;
    /// `details.profileId`
    ProfileId = "/details/profileId", "profile-id", Id, optional;
    /// `subject`
    Subject = "/subject", "subject", Line, required;
    /// `description`
    Description = "/description", "description", Text, required, max DESCRIPTION_MAX_UTF16;
    /// `externalId`
    ExternalId = "/externalId", "external-id", Line, optional, max EXTERNAL_ID_MAX_UTF16;
}

impl Field {
    /// The field's own name in the create body, such as `userId`.
    pub fn wire_name(self) -> &'static str {
        let pointer = self.pointer();
        pointer.rsplit('/').next().unwrap_or(pointer)
    }

    /// The start of the keys of the field's texts, such as `user_id` of `user_id.label`.
    pub fn text_key(self) -> String {
        self.attribute_name().replace('-', "_")
    }

    /// The field that a pointer (`/details/userId`), a path (`details.userId`) or a bare name (`userId`) means.
    ///
    /// Wise's error shapes name a field in each of these ways, so only the last part is looked at.
    pub fn from_path(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '.']).next()?;
        Self::ALL.into_iter().find(|field| field.wire_name() == name)
    }

    /// The field with this name in HTML attributes.
    pub fn from_attribute_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.attribute_name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_pointer_path_and_bare_name() {
        for path in ["/details/userId", "details.userId", "userId"] {
            assert_eq!(Field::from_path(path), Some(Field::UserId), "{path}");
        }
        assert_eq!(Field::from_path("/details"), None);
        assert_eq!(Field::from_path(""), None);
    }

    #[test]
    fn the_texts_of_a_field_begin_with_its_name() {
        assert_eq!(Field::ExternalId.text_key(), "external_id");
    }

    #[test]
    fn the_table_is_in_the_order_of_the_form_and_names_each_field_once() {
        assert!(Field::ALL.is_sorted());
        for field in Field::ALL {
            assert_eq!(Field::from_path(field.pointer()), Some(field));
            assert_eq!(Field::from_attribute_name(field.attribute_name()), Some(field));
            assert_eq!(Field::ALL[field as usize], field);
        }
    }
}
