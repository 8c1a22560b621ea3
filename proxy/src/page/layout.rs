//! What surrounds every page.

use maud::{DOCTYPE, Markup, html};

use super::texts::Texts;

/// A whole page around its content: plain HTML, no style, no script.
pub(super) fn page(texts: &Texts, content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(texts.language()) dir=(texts.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="color-scheme" content="light dark";
                title { (texts.text("form.name")) }
            }
            body { main { (content) } }
        }
    };
    page.into_string()
}

/// A list of terms, each with a value that no direction of writing around it may reorder. Without a value a term is left out.
pub(super) fn terms(terms: &[(&str, Option<&str>)]) -> Markup {
    html! {
        dl {
            @for (term, value) in terms {
                @if let Some(value) = value.filter(|value| !value.is_empty()) {
                    dt { (term) }
                    dd { bdi { (value) } }
                }
            }
        }
    }
}
