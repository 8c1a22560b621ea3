//! Reads the two text files of words: sections that start with `== name`, comments that start with `#`.

const LABELS: &str = include_str!("labels.txt");
const WORDS: &str = include_str!("words.txt");

/// The phrases of a section of `labels.txt`.
pub(super) fn phrases(section: &str) -> impl Iterator<Item = &'static str> {
    lines(LABELS, section)
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|phrase| !phrase.is_empty())
}

/// The words of a section of `words.txt`.
pub(super) fn words(section: &str) -> impl Iterator<Item = &'static str> {
    lines(WORDS, section).flat_map(str::split_whitespace)
}

fn lines(file: &'static str, section: &str) -> impl Iterator<Item = &'static str> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .skip_while(move |line| line.strip_prefix("== ") != Some(section))
        .skip(1)
        .take_while(|line| !line.starts_with("== "))
}

#[cfg(test)]
mod tests {
    use super::super::token::fold;
    use super::*;

    #[test]
    fn every_word_is_folded() {
        for file in [LABELS, WORDS] {
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                assert_eq!(fold(line), line);
            }
        }
    }

    #[test]
    fn every_section_that_is_asked_for_is_there() {
        let asked = [
            "particles",
            "street_prefixes",
            "street_suffixes",
            "street_endings",
            "place_starts",
            "first_names",
            "ambiguous_names",
            "common",
            "organisations",
            "verbs",
        ];
        for section in asked {
            assert!(words(section).next().is_some(), "{section}");
        }
        for (section, _) in super::super::label::SECTIONS {
            assert!(phrases(section).next().is_some(), "{section}");
        }
    }
}
