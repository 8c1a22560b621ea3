//! A text cut into words, numbers and marks.

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Letters only.
    Word,
    /// Digits only.
    Digits,
    /// Letters and digits.
    Mixed,
    /// One mark.
    Mark(char),
}

/// A run of letters and digits, or one mark.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: Class,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
    /// Lower case, without accents, with ASCII digits: what labels and word lists are compared with.
    pub(super) folded: String,
    /// Whether it starts with an upper-case letter.
    pub(super) capitalized: bool,
    /// Whether it is of a script without case: Han, Kana, Hangul, Arabic, Hebrew, Thai.
    pub(super) caseless: bool,
}

impl Token {
    pub(super) fn is_mark(&self, mark: char) -> bool {
        self.class == Class::Mark(mark)
    }

    pub(super) fn is_any_mark(&self) -> bool {
        matches!(self.class, Class::Mark(_))
    }

    pub(super) fn is_digits(&self) -> bool {
        self.class == Class::Digits
    }

    /// How many characters the folded form has. ASCII for digits and Latin letters, so bytes are characters there.
    pub(super) fn len(&self) -> usize {
        self.folded.chars().count()
    }
}

/// Cuts a text into tokens, and also at `breaks`, which are places in bytes, sorted. Format characters that show nothing are ignored.
pub(super) fn tokens(text: &str, breaks: &[usize]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut spaced = true;
    let mut joined = false;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if c.is_whitespace() {
            (spaced, joined) = (true, false);
        } else if crate::text::is_invisible(c) {
            // A zero-width character inside a number or an address hides it from nobody who reads it.
            if let Some(last) = tokens.last_mut().filter(|_| joined) {
                last.end = end;
            }
        } else if c.is_alphanumeric() || is_combining(c) || is_vowel_sign(c) {
            let digit = ascii_digit(c);
            let caseless = digit.is_none() && c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
            let last = tokens.last_mut().filter(|last| {
                joined
                    && breaks.binary_search(&start).is_err()
                    && (is_combining(c) || is_vowel_sign(c) || last.caseless == caseless)
            });
            match last {
                Some(last) => {
                    last.end = end;
                    last.class = match (last.class, digit.is_some() || is_combining(c) && last.class == Class::Digits) {
                        (Class::Word, false) => Class::Word,
                        (Class::Digits, true) => Class::Digits,
                        _ if is_combining(c) || is_vowel_sign(c) => last.class,
                        _ => Class::Mixed,
                    };
                    fold_into(c, &mut last.folded);
                }
                None => {
                    let mut folded = String::new();
                    fold_into(c, &mut folded);
                    let class = if digit.is_some() { Class::Digits } else { Class::Word };
                    tokens.push(Token {
                        start,
                        end,
                        class,
                        spaced,
                        folded,
                        capitalized: c.is_uppercase(),
                        caseless,
                    });
                }
            }
            (spaced, joined) = (false, true);
        } else {
            let mark = ascii_mark(c);
            tokens.push(Token {
                start,
                end,
                class: Class::Mark(mark),
                spaced,
                folded: String::new(),
                capitalized: false,
                caseless: false,
            });
            (spaced, joined) = (false, false);
        }
    }
    tokens
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{5b0}'..='\u{5c7}' | '\u{64b}'..='\u{65f}')
}

/// The signs of Indian scripts and of Thai that belong to the letter before them. Words are not written without them, so they stay.
fn is_vowel_sign(c: char) -> bool {
    let is_thai = matches!(c, '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}');
    is_thai || matches!(c, '\u{900}'..='\u{963}' | '\u{966}'..='\u{96f}' | '\u{971}'..='\u{dff}') && !c.is_alphanumeric()
}

/// The ASCII digit of a digit of another script.
fn ascii_digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

/// The plain form of a mark: full-width and typographic variants are one with the ASCII one.
fn ascii_mark(c: char) -> char {
    match c {
        '＠' => '@',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' => '-',
        '．' | '。' => '.',
        '：' => ':',
        '，' | '、' => ',',
        '（' => '(',
        '）' => ')',
        '＋' => '+',
        '／' => '/',
        '’' | '‘' | 'ʼ' | '´' | '`' => '\'',
        '＃' | '№' => '#',
        other => other,
    }
}

/// Lower case without accents, for comparing.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    text.chars().for_each(|c| fold_into(c, &mut folded));
    folded
}

fn fold_into(c: char, folded: &mut String) {
    if c.is_ascii() {
        folded.push(c.to_ascii_lowercase());
        return;
    }
    if let Some(digit) = ascii_digit(c) {
        folded.push(digit);
        return;
    }
    if is_combining(c) {
        return;
    }
    for lower in c.to_lowercase().filter(|c| !is_combining(*c)) {
        let plain = match lower {
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ'..='ặ' => "a",
            'æ' => "ae",
            'ç' | 'ć' | 'č' | 'ċ' => "c",
            'ď' | 'đ' => "d",
            'ð' => "d",
            'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => "e",
            'ğ' | 'ģ' | 'ġ' => "g",
            'ħ' => "h",
            'ì'..='ï' | 'ī' | 'į' | 'ı' | 'ỉ' | 'ị' => "i",
            'ķ' => "k",
            'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
            'ñ' | 'ń' | 'ņ' | 'ň' => "n",
            'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'ơ' | 'ọ'..='ợ' => "o",
            'œ' => "oe",
            'ŕ' | 'ř' => "r",
            'ś' | 'ş' | 'š' | 'ș' => "s",
            'ß' => "ss",
            'ţ' | 'ť' | 'ț' => "t",
            'þ' => "th",
            'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ'..='ự' => "u",
            'ý' | 'ÿ' | 'ỳ'..='ỹ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            'ά' => "α",
            'έ' => "ε",
            'ή' => "η",
            'ί' => "ι",
            'ό' => "ο",
            'ύ' => "υ",
            'ώ' => "ω",
            'ё' => "е",
            'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                let base = if lower >= 'ａ' { 'ａ' } else { 'Ａ' };
                let offset = u32::from(lower) - u32::from(base);
                folded.extend(char::from_u32(u32::from('a') + offset));
                continue;
            }
            other => {
                folded.push(other);
                continue;
            }
        };
        folded.push_str(plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(String, Class)> {
        tokens(text, &[])
            .into_iter()
            .map(|token| (token.folded, token.class))
            .collect()
    }

    #[test]
    fn words_numbers_and_marks_are_told_apart() {
        assert_eq!(
            cut("Señor A1: +49"),
            [
                ("senor".to_owned(), Class::Word),
                ("a1".to_owned(), Class::Mixed),
                (String::new(), Class::Mark(':')),
                (String::new(), Class::Mark('+')),
                ("49".to_owned(), Class::Digits),
            ]
        );
    }

    #[test]
    fn a_number_after_a_script_without_spaces_is_a_token_of_its_own() {
        assert_eq!(
            cut("电话１３８"),
            [("电话".to_owned(), Class::Word), ("138".to_owned(), Class::Digits)]
        );
    }

    #[test]
    fn a_word_of_another_script_is_a_token_of_its_own() {
        let words = |text: &str| cut(text).into_iter().map(|(word, _)| word).collect::<Vec<_>>();
        assert_eq!(words("送金がalice2に"), ["送金が", "alice2", "に"]);
        assert_eq!(words("Wise에서"), ["wise", "에서"]);
    }

    #[test]
    fn what_cannot_be_seen_does_not_cut_a_word() {
        assert_eq!(cut("12\u{200b}34"), [("1234".to_owned(), Class::Digits)]);
        assert_eq!(cut("Zoe\u{308}"), [("zoe".to_owned(), Class::Word)]);
    }
}
