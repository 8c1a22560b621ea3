//! What is said below a description that is too long, or may be, and the ways out.

use leptos::prelude::*;
use partner_case_core::limits::DESCRIPTION_MAX_UTF16;
use partner_case_core::{Field, cut_position, without_blank_lines, without_quoted_mail};
use partner_case_model::{Event, Shortening};

use super::buttons::button;
use crate::view::context::FormContext;

/// How much of the text is shown on either side of the cut, in characters.
const EXCERPT_CHARS: usize = 60;

/// Shows where the cut would fall and offers to shorten; or says that the bytes may be too many.
pub(super) fn panel(ctx: FormContext) -> AnyView {
    let over = ctx.when(
        |model| model.description.length.excess() > 0 && !model.is_locked(),
        move || too_long(ctx),
    );
    let bytes = ctx.when(
        |model| model.description.length.is_over_in_bytes_only(),
        move || {
            let text = ctx.worked_out(
                |_| (),
                |(), catalogue| catalogue.with("length.bytes", &[("max", &catalogue.number(DESCRIPTION_MAX_UTF16))]),
            );
            view! { class="pc", <div class="guard" part="length-warning"><p>{text}</p></div> }.into_any()
        },
    );
    view! { class="pc", {over}{bytes} }.into_any()
}

impl FormContext {
    /// What is worked out of the description, which may be long, whenever its length has changed.
    fn at_each_length<T>(self, work: fn(&str) -> T) -> impl Fn() -> T + Copy {
        let length = Memo::new(move |_| self.with(|state| state.model.description.length));
        move || {
            length.track();
            self.with_untracked(|state| work(&state.model.input[Field::Description]))
        }
    }
}

fn too_long(ctx: FormContext) -> AnyView {
    let title = ctx.worked_out(
        |model| model.description.length.excess(),
        |excess, catalogue| catalogue.count("length.dropped", *excess, &[]),
    );
    // The text is looked at anew whenever its length has changed.
    let cut = ctx.at_each_length(excerpt);
    let cut = move || cut().map(|(before, after)| view! { class="pc", "…"{before}<del class="mark">{after}</del>"…" });
    let offers = ctx.at_each_length(offers);
    let offer = move |shortening: Shortening| {
        let key = match shortening {
            Shortening::QuotedMail => "length.trim_quoted",
            Shortening::BlankLines => "length.trim_blank",
        };
        button(ctx, "button small", key, move || Event::DescriptionShortened(shortening))
    };
    view! { class="pc",
        <div class="guard" part="length-error" role="group" aria-labelledby="length-title">
            <p class="guard-title" id="length-title">{title}</p>
            <p class="guard-subject" dir="auto">{cut}</p>
            <div class="actions">
                {move || offers().into_iter().map(offer).collect_view()}
                {button(ctx, "button small", "length.go_to_cut", || Event::CutRequested)}
            </div>
        </div>
    }
    .into_any()
}

/// How the description can be made shorter.
fn offers(text: &str) -> Vec<Shortening> {
    let quoted = without_quoted_mail(text).map(|_| Shortening::QuotedMail);
    // A line break at the end is one that an editor leaves; without it the text is as long for everybody.
    let blank = (without_blank_lines(text).len() < text.trim_end_matches(['\n', ' ']).len()).then_some(Shortening::BlankLines);
    quoted.into_iter().chain(blank).collect()
}

/// The text on either side of the cut.
fn excerpt(text: &str) -> Option<(String, String)> {
    let (at, _) = cut_position(text)?;
    let (before, after) = text.split_at_checked(at)?;
    let start = before.char_indices().rev().nth(EXCERPT_CHARS - 1).map_or(0, |(at, _)| at);
    Some((before.get(start..)?.to_owned(), after.chars().take(EXCERPT_CHARS).collect()))
}
