//! Changes of a text that the agent did not type, for undo.

use partner_case_core::{CaseInput, Field};

use crate::reason::Reason;

/// How many changes are remembered. A description has 65,535 characters at most, and is held twice for each.
const CHANGES_MAX: usize = 20;

/// The changes that the agent can take back, the last one last.
#[derive(Clone, Default)]
pub struct Undo(Vec<Change>);

/// A change of one or more texts.
#[derive(Clone)]
pub(crate) struct Change {
    /// Each field that has changed, with its text before and after.
    pub(crate) texts: Vec<(Field, String, String)>,
    /// What the reason and the suggested subject were before.
    pub(crate) reason: Option<Reason>,
    pub(crate) suggested: String,
}

/// Shows none of the texts.
impl std::fmt::Debug for Undo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Undo").field(&self.0.len()).finish()
    }
}

impl Undo {
    /// The field beside which the form offers to take the last change back: the first that has changed.
    pub fn field(&self) -> Option<Field> {
        self.0.last()?.texts.first().map(|(field, ..)| *field)
    }

    /// The text of a field right after the last change, if that has changed it.
    pub fn text_after(&self, field: Field) -> Option<&str> {
        let texts = &self.0.last()?.texts;
        texts
            .iter()
            .find(|(changed, ..)| *changed == field)
            .map(|(_, _, after)| after.as_str())
    }

    /// Remembers a change, if there was one.
    pub(crate) fn remember(&mut self, before: &CaseInput, after: &CaseInput, reason: Option<Reason>, suggested: String) {
        let changed = Field::ALL.into_iter().filter(|field| before[*field] != after[*field]);
        let texts: Vec<_> = changed
            .map(|field| (field, before[field].to_owned(), after[field].to_owned()))
            .collect();
        if texts.is_empty() {
            return;
        }
        if self.0.len() == CHANGES_MAX {
            self.0.remove(0);
        }
        self.0.push(Change {
            texts,
            reason,
            suggested,
        });
    }

    pub(crate) fn take_last(&mut self) -> Option<Change> {
        self.0.pop()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// A text with a change taken back that made `after` of `before`. What was typed before or behind the changed part since stays; where the
/// part itself was changed again, there is no such text.
pub(crate) fn taken_back(before: &str, after: &str, now: &str) -> Option<String> {
    if now == after {
        return Some(before.to_owned());
    }
    let start = common(before.chars(), after.chars());
    let (before_rest, after_rest) = (&before[start..], &after[start..]);
    let end = common(before_rest.chars().rev(), after_rest.chars().rev());
    let (changed, ending) = after.split_at(after.len() - end);
    if let Some(typed) = now.strip_prefix(changed) {
        return Some([&before[..before.len() - end], typed].concat());
    }
    let from_change = [&after[start..after.len() - end], ending].concat();
    let typed = now.strip_suffix(from_change.as_str())?;
    Some([typed, before_rest].concat())
}

/// How many bytes two texts have in common at their start.
fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other)
        .take_while(|(one, other)| one == other)
        .map(|(c, _)| c.len_utf8())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_since_stays() {
        let (before, after) = ("Hello\n> quoted\n", "Hello\n");
        assert_eq!(taken_back(before, after, after).as_deref(), Some(before));
        assert_eq!(
            taken_back(before, after, "Hello\nmore").as_deref(),
            Some("Hello\n> quoted\nmore")
        );
        assert_eq!(
            taken_back("mail a@b.example, please", "mail [email], please", "Re: mail [email], please").as_deref(),
            Some("Re: mail a@b.example, please")
        );
        assert_eq!(
            taken_back(
                "mail a@b.example, please",
                "mail [email], please",
                "mail [email], please, today"
            )
            .as_deref(),
            Some("mail a@b.example, please, today")
        );
        assert_eq!(taken_back("Ärger é", "Ärger è", "Ärger è!").as_deref(), Some("Ärger é!"));
    }

    #[test]
    fn a_part_that_was_changed_again_stays() {
        assert_eq!(
            taken_back("mail a@b.example, please", "mail [email], please", "mail [e], please"),
            None
        );
    }
}
