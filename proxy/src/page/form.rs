//! The form on a page, with everything that the agent typed in it.

use maud::{Markup, html};
use partner_case_core::{CaseInput, Field, FieldKind};

use super::texts::Texts;

/// A form that sends the case again.
pub(super) struct Form<'a> {
    pub(super) texts: &'a Texts,
    pub(super) draft: &'a CaseInput,
    /// Where the form is sent.
    pub(super) address: &'a str,
    /// Whether the text may only be sent as it stands.
    pub(super) locked: bool,
    /// The buttons, each with the key of its text and the nonce that it sends.
    pub(super) buttons: &'a [(&'a str, &'a str)],
}

impl Form<'_> {
    pub(super) fn html(&self) -> Markup {
        html! {
            form method="post" action=(self.address) {
                input type="hidden" name=(Field::CaseType.wire_name()) value=(&self.draft[Field::CaseType]);
                @for field in Field::ALL.into_iter().filter(|field| *field != Field::CaseType) {
                    p { (self.field(field)) }
                }
                p {
                    @for (key, nonce) in self.buttons {
                        button name="nonce" value=(nonce) { (self.texts.text(key)) }
                        " "
                    }
                }
            }
        }
    }

    fn field(&self, field: Field) -> Markup {
        let (name, value) = (field.wire_name(), &self.draft[field]);
        html! {
            label {
                (self.texts.text(&format!("{}.label", field.text_key())))
                br;
                @if field.kind() == FieldKind::Text {
                    textarea name=(name) rows="12" cols="60" dir="auto" readonly[self.locked] {
                        // A browser drops the first line break after the tag, which is not part of the text.
                        "\n" (value)
                    }
                } @else {
                    input name=(name) value=(value) size="40" dir="auto" readonly[self.locked];
                }
            }
        }
    }
}
