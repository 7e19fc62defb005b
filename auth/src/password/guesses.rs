//! How soon a password is guessed by whoever tries the usual ones first.
//!
//! A list of usual passwords has `sunshine1` and misses `Sunsh1ne2024!`. This takes passwords apart instead: into words,
//! keyboard walks, sequences, repeats, years and dates, each with what it costs to guess, and single characters for the rest.
//! The cheapest way to take a password apart is what it is worth, in tenths of a bit.

use std::sync::LazyLock;

use super::keyboard;
use super::leet::{spelled, stands_for};
use super::words::WORDS;

/// The worth of a password below which it is one of the usual ones: 30 bits, a billion guesses.
pub(super) const LEAST: u32 = 300;

/// One of about 890 words.
const WORD: u32 = 92;
/// A word whose case is not the plain one, that is in leet, or backwards; each adds as much.
const VARIANT: u32 = 10;
/// One of the words that belong to the user or the installation.
const CONTEXT: u32 = 20;
/// A walk: where it begins, which way, how far.
const WALK: u32 = 80;
/// A sequence or a repeat of one character: where it begins, which way, how far.
const RUN: u32 = 75;
/// What came just before, again, however often.
const AGAIN: u32 = 20;
/// A year of 1900 to 2099.
const YEAR: u32 = 70;
/// A day of those years in one of three orders.
const DATE: u32 = 155;

/// The words, as what they are compared with.
static LETTERS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| WORDS.iter().map(|word| word.chars().collect()).collect());

/// What people put between words, always the same; it adds little, however often it comes.
const SEPARATORS: [char; 5] = [' ', '-', '_', '.', '/'];
const SEPARATED: u32 = 40;

/// The characters that are looked at, so that the work has a bound.
const LONGEST: usize = 256;

/// The longest piece that is looked for again.
const LONGEST_AGAIN: usize = 32;

/// What the password is worth, in tenths of a bit: as it is, or without what it puts between its pieces. Once it is worth
/// [`LEAST`] nobody asks for more. `context` is in lower case.
pub(super) fn worth(password: &[char], context: &[Vec<char>]) -> u32 {
    // Who needs more characters than these to be worth something repeats the same.
    let password = &password[..password.len().min(LONGEST)];
    let joined = SEPARATORS.into_iter().filter(|separator| password.contains(separator)).map(|separator| {
        let rest: Vec<char> = password.iter().copied().filter(|c| *c != separator).collect();
        SEPARATED + worth_of_pieces(&rest, context)
    });
    joined.fold(worth_of_pieces(password, context), u32::min)
}

fn worth_of_pieces(password: &[char], context: &[Vec<char>]) -> u32 {
    let text = Text::new(password);
    // The cheapest way to what ends before each character; every character is reached by the ones before it.
    let mut cheapest = vec![u32::MAX; password.len() + 1];
    cheapest[0] = 0;
    for at in 0..password.len() {
        if cheapest[at..].iter().all(|cost| *cost >= LEAST) {
            // Whatever follows only adds to it.
            return LEAST;
        }
        let so_far = cheapest[at];
        let mut offer = |length: usize, cost: u32| {
            let end = &mut cheapest[at + length];
            *end = (*end).min(so_far.saturating_add(cost));
        };
        offer(1, single(password[at]));
        text.words(at, context, &mut offer);
        text.walks(at, &mut offer);
        text.runs(at, &mut offer);
        text.again(at, &mut offer);
        text.dates(at, &mut offer);
    }
    cheapest[password.len()]
}

/// What a character costs that is part of nothing: one of ten digits, 26 letters and so on.
const fn single(character: char) -> u32 {
    match character {
        '0'..='9' => 33,
        '!' | '.' | '-' | '_' | ' ' | '@' | '#' | '*' | '?' | '$' => 33,
        'a'..='z' => 47,
        'A'..='Z' => 50,
        '\0'..='\x7f' => 50,
        _ => 60,
    }
}

/// A password with the forms of it that the pieces are looked for in.
struct Text<'a> {
    exact: &'a [char],
    lower: Vec<char>,
    keys: Vec<char>,
}

impl<'a> Text<'a> {
    fn new(exact: &'a [char]) -> Self {
        // One character for one, so that places stay the same.
        let lower: Vec<char> = exact.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
        let keys = lower.iter().map(|c| keyboard::without_shift(*c)).collect();
        Self { exact, lower, keys }
    }

    fn words(&self, at: usize, context: &[Vec<char>], offer: &mut impl FnMut(usize, u32)) {
        let rest = &self.lower[at..];
        for word in context {
            if rest.len() >= word.len() && rest.iter().zip(word).all(|(c, letter)| stands_for(*c, *letter)) {
                offer(word.len(), CONTEXT);
            }
        }
        for word in LETTERS.iter() {
            // Most words are out by their first letter.
            if stands_for(rest[0], word[0])
                && let Some(length) = spelled(rest, word.iter().copied())
            {
                offer(length, WORD + self.variants(at, word.iter().copied()));
            } else if stands_for(rest[0], word[word.len() - 1])
                && let Some(length) = spelled(rest, word.iter().rev().copied())
            {
                offer(length, WORD + VARIANT + self.variants(at, word.iter().rev().copied()));
            }
        }
    }

    /// What the spelling of a word adds: for capitals, and for leet.
    fn variants(&self, at: usize, word: impl Iterator<Item = char>) -> u32 {
        let (mut capital, mut leet) = (0, 0);
        for (letter, place) in word.zip(at..) {
            if self.exact[place] != self.lower[place] {
                capital = VARIANT;
            }
            if self.lower[place] != letter {
                leet = VARIANT;
            }
        }
        capital + leet
    }

    fn walks(&self, at: usize, offer: &mut impl FnMut(usize, u32)) {
        let length = keyboard::walk(&self.keys[at..]);
        // A shorter walk may leave room for a word.
        for length in 3..=length {
            offer(length, WALK + if self.keys[at..at + length] == self.exact[at..at + length] { 0 } else { VARIANT });
        }
    }

    /// Sequences such as `abcd`, `9876`, `2468`, `112233` and `aaaa`.
    fn runs(&self, at: usize, offer: &mut impl FnMut(usize, u32)) {
        let rest = &self.lower[at..];
        for group in 1..=3 {
            let groups =
                rest.chunks_exact(group).map_while(|g| g.iter().all(|c| *c == g[0]).then_some(i64::from(u32::from(g[0]))));
            let groups: Vec<i64> = groups.collect();
            let steps: Vec<i64> = groups.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let Some(step) = steps.first().filter(|step| step.abs() <= 2) else { continue };
            let length = 1 + steps.iter().take_while(|next| *next == step).count();
            for length in 3..=length {
                offer(length * group, RUN);
            }
        }
    }

    /// The characters just before, once more or over and over.
    fn again(&self, at: usize, offer: &mut impl FnMut(usize, u32)) {
        for period in 2..=at.min(LONGEST_AGAIN) {
            let same = self.lower[at..].iter().zip(&self.lower[at - period..]).take_while(|(now, before)| now == before).count();
            for length in period..=same {
                offer(length, AGAIN);
            }
        }
    }

    fn dates(&self, at: usize, offer: &mut impl FnMut(usize, u32)) {
        let number = |from: usize, length: usize| {
            let digits = self.exact.get(at + from..at + from + length)?;
            digits.iter().try_fold(0, |number, digit| Some(number * 10 + digit.to_digit(10)?))
        };
        let is_year = |from| number(from, 4).is_some_and(|year| (1900..2100).contains(&year));
        let is_day = |from| number(from, 2).is_some_and(|day| (1..=31).contains(&day));
        if is_year(0) {
            offer(4, YEAR);
        }
        // Day and month in either order pass for two days.
        if (is_year(0) && is_day(4) && is_day(6)) || (is_day(0) && is_day(2) && is_year(4)) {
            offer(8, DATE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth_of(password: &str) -> u32 {
        worth(&password.chars().collect::<Vec<_>>(), &[])
    }

    #[test]
    fn each_kind_of_piece_is_found() {
        for (password, expected) in [
            ("sunshine", WORD),
            ("Sunshine", WORD + VARIANT),
            ("$un5h1n3", WORD + VARIANT),
            ("enihsnus", WORD + VARIANT),
            ("qwertyuiop", WALK),
            ("QWERTYUIOP", WALK + VARIANT),
            ("abcdefgh", RUN),
            ("zyxwvu", RUN),
            ("acegik", RUN),
            ("aaaaaaaa", RUN),
            ("112233445566", RUN),
            ("aaabbbccc", RUN),
            ("2024", YEAR),
            ("24121987", DATE),
            ("19871224", DATE),
            ("sunshinesunshine", WORD + AGAIN),
            ("xkxkxkxkxkx", 2 * 47 + AGAIN),
            ("sunshine2024", WORD + YEAR),
            ("sunshine7", WORD + 33),
            ("d-r-a-g-o-n", WORD + SEPARATED),
            ("24.12.1987", DATE + SEPARATED),
            ("", 0),
        ] {
            assert_eq!(worth_of(password), expected, "{password}");
        }
    }

    #[test]
    fn what_is_none_is_worth_its_characters() {
        assert_eq!(worth_of("xkv"), 3 * 47);
        assert_eq!(worth_of("60728519"), 8 * 33);
        assert_eq!(worth_of("ж"), 60);
    }

    #[test]
    fn words_of_the_context_are_worth_next_to_nothing() {
        let context = [vec!['l', 'o', 'v', 'e', 'l', 'a', 'c', 'e']];
        let worth = |password: &str| worth(&password.chars().collect::<Vec<_>>(), &context);
        assert_eq!(worth("lovelace"), CONTEXT);
        assert_eq!(worth("L0v3lac3"), CONTEXT);
        assert_eq!(worth("lovelace1815"), CONTEXT + 4 * 33);
    }
}
