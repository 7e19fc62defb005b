//! Letters written as digits and signs.

/// Whether the password character stands for the letter, as it is or in leet. Both are in lower case.
pub(super) fn stands_for(character: char, letter: char) -> bool {
    character == letter
        || match character {
            '0' => letter == 'o',
            '1' | '!' | '|' => letter == 'i' || letter == 'l',
            '2' => letter == 'z',
            '3' | '€' => letter == 'e',
            '4' | '@' => letter == 'a',
            '5' | '$' => letter == 's',
            '6' | '9' => letter == 'g',
            '7' | '+' => letter == 't',
            '8' => letter == 'b',
            _ => false,
        }
}

/// The characters at the beginning of a text that spell a word, as it is or in leet.
pub(super) fn spelled(text: &[char], word: impl Iterator<Item = char>) -> Option<usize> {
    let mut length = 0;
    for letter in word {
        if !stands_for(*text.get(length)?, letter) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_as_they_are_and_in_leet() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        for text in ["password", "p4$$w0rd", "p@55word!!"] {
            assert_eq!(spelled(&chars(text), "password".chars()), Some(8), "{text}");
        }
        for text in ["passwor", "passw1rd", ""] {
            assert_eq!(spelled(&chars(text), "password".chars()), None, "{text}");
        }
    }
}
