//! What fingers type when nobody thinks.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Ways over the keys of usual keyboards, of which a piece of three keys or more is a walk, in either direction.
const WALKS: &[&str] = &[
    // Rows.
    "1234567890-=",
    "qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiopü",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    // Rows, one after the other and one beside the other.
    "qwertyuiopasdfghjklzxcvbnm",
    "qweasdzxc",
    "qweasdzxcrtyfghvbn",
    "123qweasdzxc",
    "1234qwerasdfzxcv",
    "12345qwertasdfgzxcvb",
    "qwe123",
    "asd123",
    "zxc123",
    "qwer1234",
    "qwert12345",
    "qwerty123456",
    "asdf1234",
    // Columns, down, up and to and fro.
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
    "zaq12wsxcde34rfvbgt56yhnmju78ik,",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7",
    "zaqxswcdevfrbgtnhymju",
    "1qazxsw23edcvfr45tgbnhy6",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1a2s3d4f5g6h7j8k9l",
    "a1s2d3f4g5h6j7k8l9",
    "1z2x3c4v5b6n7m",
    "q2w3e4r5t6y7u8i9o0p",
    "qawsedrftgyhujikolp",
    // The keypad.
    "7894561230",
    "741852963",
    "147258369",
    "159753",
    "159357",
    "951753",
    "14789632",
    "789632145",
];

/// The fewest keys of a walk.
const SHORTEST: usize = 3;

/// How every walk begins. Most texts do not, and need no further look.
static BEGINNINGS: LazyLock<HashSet<[char; SHORTEST]>> = LazyLock::new(|| {
    let mut beginnings = HashSet::new();
    for way in WALKS {
        let way: Vec<char> = way.chars().collect();
        for keys in way.windows(SHORTEST) {
            beginnings.insert([keys[0], keys[1], keys[2]]);
            beginnings.insert([keys[2], keys[1], keys[0]]);
        }
    }
    beginnings
});

/// What a key of a US keyboard gives without shift.
pub(super) const fn without_shift(character: char) -> char {
    match character {
        '!' => '1',
        '@' => '2',
        '#' => '3',
        '$' => '4',
        '%' => '5',
        '^' => '6',
        '&' => '7',
        '*' => '8',
        '(' => '9',
        ')' => '0',
        '_' => '-',
        '+' => '=',
        '{' => '[',
        '}' => ']',
        '|' => '\\',
        ':' => ';',
        '"' => '\'',
        '<' => ',',
        '>' => '.',
        '?' => '/',
        other => other,
    }
}

/// The keys that the text begins with and that are one walk; 0 where there is none. Upper case and shift are the caller's to
/// undo.
pub(super) fn walk(keys: &[char]) -> usize {
    if keys.first_chunk().is_none_or(|beginning| !BEGINNINGS.contains(beginning)) {
        return 0;
    }
    WALKS.iter().map(|way| along(keys, way.chars()).max(along(keys, way.chars().rev()))).max().unwrap_or(0)
}

/// The most keys of the beginning that are somewhere on a way.
fn along(keys: &[char], way: impl Iterator<Item = char> + Clone) -> usize {
    let mut longest = 0;
    let mut rest = way;
    loop {
        let length = keys.iter().zip(rest.clone()).take_while(|(key, step)| **key == *step).count();
        longest = longest.max(length);
        if rest.next().is_none() {
            return longest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_are_known_in_both_directions_and_from_anywhere() {
        for (keys, length) in [
            ("qwerty", 6),
            ("ytrewq!", 6),
            ("sdfg", 4),
            ("2wsx3edc", 8),
            ("0987654321", 10),
            ("1q2w3e4r", 8),
            ("йцукен", 6),
            ("741852", 6),
            ("qw", 0),
            ("zebra", 0),
            ("", 0),
        ] {
            let keys: Vec<char> = keys.chars().collect();
            assert_eq!(walk(&keys), length, "{keys:?}");
        }
    }
}
