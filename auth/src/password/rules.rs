//! Which passwords may be set.

use super::guesses;
use super::leet::stands_for;
use super::policy_hasher::LONGEST;
use super::usual::is_known_default;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// The fewest characters that any policy may ask for (NIST SP 800-63B section 5.1.1.1).
const SHORTEST: usize = 8;

/// The fewest characters of a word of the context; shorter ones are in passwords by chance.
const SHORTEST_WORD: usize = 3;

/// Which passwords may be set: long enough, short enough to hash, and not one of those that are tried first.
///
/// There are no rules of composition, which make passwords no harder to guess (NIST SP 800-63B section 5.1.1.2). In their
/// place is a check by rules that takes a password apart into usual words, names, keyboard walks, sequences, repeats, years
/// and dates, in any case, in leet or backwards, and refuses what is made of too few of them: a billion guesses is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The fewest characters (Unicode scalar values), 12 unless set. Less than 8 counts as 8.
    pub minimum: usize,
    /// The most bytes of UTF-8, 256 unless set. More than 4,096 counts as 4,096; where bcrypt is written, its hasher takes 72
    /// at most.
    pub maximum: usize,
}

impl Default for PasswordPolicy {
    /// 12 characters to 256 bytes.
    fn default() -> Self {
        Self { minimum: 12, maximum: 256 }
    }
}

impl PasswordPolicy {
    /// Whether a password may be set. `context` is what belongs to its user and the installation: e-mail address, user name,
    /// full name, name of the product. They, their parts and their leet spellings count for next to nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says the rule, and nothing of the password but its length.
    pub fn check(&self, password: &Secret, context: &[&str]) -> Result<()> {
        let password = password.expose();
        let maximum = self.maximum.min(LONGEST);
        if password.len() > maximum {
            return Err(refuse(format!("at most {maximum} bytes"), format!("{} bytes", password.len())));
        }
        let characters: Vec<char> = password.chars().collect();
        let minimum = self.minimum.max(SHORTEST);
        if characters.len() < minimum {
            return Err(refuse(format!("at least {minimum} characters"), format!("{} characters", characters.len())));
        }
        let words = words_of(context);
        if is_mostly_context(&characters, &words) {
            return Err(refuse(format!("at least {SHORTEST} characters beside the e-mail address and names"), "fewer"));
        }
        if is_known_default(password) || guesses::worth(&characters, &words) < guesses::LEAST {
            return Err(refuse(
                "one that is not among the first to be tried, such as four random words",
                "one made of few usual words, names, sequences, keyboard patterns, repeats or dates",
            ));
        }
        Ok(())
    }
}

fn refuse(expected: impl Into<String>, found: impl Into<String>) -> Error {
    Error::invalid("password", expected, found)
}

/// The context in lower case: each name as it is, its local part where it is an e-mail address, and the words in it.
fn words_of(context: &[&str]) -> Vec<Vec<char>> {
    let mut words: Vec<Vec<char>> = Vec::new();
    for name in context {
        let name = name.to_lowercase();
        let local = name.split('@').next().unwrap_or_default();
        for word in [name.as_str(), local].into_iter().chain(name.split(|c: char| !c.is_alphanumeric())) {
            let word: Vec<char> = word.chars().collect();
            if word.len() >= SHORTEST_WORD && !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

/// Whether the password has words of the context, and too little beside them.
fn is_mostly_context(password: &[char], words: &[Vec<char>]) -> bool {
    let mut is_context = vec![false; password.len()];
    for word in words {
        for (at, window) in password.windows(word.len()).enumerate() {
            let lower = window.iter().map(|c| c.to_lowercase().next().unwrap_or(*c));
            if lower.zip(word).all(|(c, letter)| stands_for(c, *letter)) {
                is_context[at..at + word.len()].fill(true);
            }
        }
    }
    let beside = is_context.iter().filter(|is_context| !**is_context).count();
    beside < password.len() && beside < SHORTEST
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHORT: PasswordPolicy = PasswordPolicy { minimum: 8, maximum: 256 };

    fn refusal(policy: PasswordPolicy, password: &str, context: &[&str]) -> Option<String> {
        match policy.check(&Secret::new(password), context) {
            Ok(()) => None,
            Err(Error::Invalid { expected, .. }) => Some(expected),
            Err(other) => panic!("{other}"),
        }
    }

    /// Of the lists of leaked passwords, and what comes of rules of composition.
    #[rustfmt::skip]
    const USUAL: &[&str] = &[
        "password", "12345678", "123456789", "1234567890", "baseball", "football", "jennifer", "iloveyou", "11111111", "sunshine",
        "princess", "starwars", "whatever", "trustno1", "computer", "superman", "michelle", "corvette", "mercedes", "maverick",
        "qwertyui", "qwertyuiop", "qwerty123", "qwerty12345", "asdfghjk", "asdfghjkl", "zxcvbnm1", "1q2w3e4r", "1q2w3e4r5t",
        "1qaz2wsx", "1qaz2wsx3edc", "!QAZ2wsx", "!QAZ@WSX", "zaq12wsx", "zaq1@WSX", "q1w2e3r4t5", "qazwsxedc", "qweasdzxc",
        "123qweasd", "123qweasdzxc", "qwe123qwe", "asd123asd", "abc12345", "abcd1234", "abcdefgh", "abcdefghijkl", "a1b2c3d4",
        "aa123456", "a1234567", "a123456789", "123456789a", "q123456789", "1234qwer", "qwer1234", "asdf1234", "password1",
        "password12", "password123", "password1234", "password12345", "Password1", "Password1!", "Password123!", "P@ssw0rd",
        "P@ssw0rd1", "P@ssw0rd123", "P@$$w0rd", "Pa$$w0rd", "Pa55w0rd", "passw0rd", "passw0rd!", "passwordpassword", "drowssap",
        "drowssap1", "mypassword", "mypassword1", "letmein1", "letmein123", "letmein!", "welcome1", "Welcome1!", "Welcome123",
        "Welcome2024!", "welcome@123", "admin123", "Admin@123", "admin1234", "administrator", "Administrator1!", "adminadmin",
        "root1234", "rootroot", "changeme", "changeme123", "ChangeMe123!", "changeit", "test1234", "testtest", "testing123",
        "guest123", "default1", "secret123", "supersecret", "s3cr3t123", "iloveyou1", "iloveyou2", "iloveyou123", "ihateyou",
        "fuckyou1", "fuckyou123", "jesuschrist", "princess1", "sunshine1", "football1", "baseball1", "michael1", "jordan23",
        "charlie1", "ashley123", "daniel123", "liverpool1", "chelsea123", "arsenal1", "manchester", "dragon123", "monkey123",
        "shadow123", "master123", "superman1", "batman123", "pokemon1", "pokemon123", "naruto123", "metallica", "slipknot",
        "blink182", "starwars1", "startrek1", "harrypotter", "chocolate", "chocolate1", "butterfly", "butterfly1", "cocacola",
        "summer2024", "Summer2024!", "Winter2023!", "Spring2025!", "Autumn2022", "Januar2024", "January2024!", "Monday123!",
        "August2021", "December2020", "Company123!", "Office2019!", "Love1234", "loveyou1", "babygirl1", "qwertyqwerty",
        "11223344", "112233445566", "12341234", "123123123", "123321123", "12344321", "1234554321", "12121212", "01010101",
        "00000000", "99999999", "88888888", "aaaaaaaa", "zzzzzzzzzzzz", "abababab", "abcabcabc", "abc123abc123", "123abc123",
        "87654321", "987654321", "0987654321", "09876543", "0123456789", "147258369", "741852963", "789456123", "159357258",
        "13579246", "24681012", "31415926", "19841984", "20202020", "01012000", "24121987", "19871224", "12/25/1990", "1990-12-25",
        "aabbccdd", "aaaabbbb", "aaabbbccc", "abcdefg1", "zyxwvuts", "passpass1", "password!", "password.", "password@1",
        "contraseña1", "motdepasse1", "passwort123", "Passwort1!", "wachtwoord1", "пароль123", "йцукенгш", "qwertz123", "azerty123",
        "azertyuiop", "neo4j123", "iacadmin123", "kubernetes1", "postgres123", "docker2024", "linux12345", "google123", "facebook1",
        "computer1", "internet1", "samsung123", "nintendo64", "Password Password", "I love you 123", "dragonmonkey", "tigerlion1",
    ];

    #[test]
    fn usual_passwords_are_refused() {
        let passed: Vec<_> = USUAL.iter().filter(|password| refusal(SHORT, password, &[]).is_none()).collect();
        assert!(passed.is_empty(), "{} of {} pass: {passed:?}", passed.len(), USUAL.len());
    }

    #[test]
    fn usual_words_with_usual_ends_are_refused() {
        let mut count = 0;
        for word in super::super::words::WORDS.iter().filter(|word| word.chars().count() >= 6) {
            for end in ["12", "1234!", "2025", "!!", "@123", "1987"] {
                let password = format!("{word}{end}");
                assert!(refusal(SHORT, &password, &[]).is_some(), "{password}");
                count += 1;
            }
        }
        assert!(count > 3_000, "{count}");
    }

    #[test]
    fn passwords_that_are_hard_to_guess_may_be_set() {
        for password in [
            "correct horse battery staple",
            "Tr7-kq9_Zw2m",
            "xkqzwvbtnrfd",
            "vellum-otter-quarry-plinth",
            "605928471630",
            "длинный хороший фразеологизм",
            "日本語のパスワードは長い",
            "    spaced    out    words    ",
            "9f86d081884c7d65",
            "a\0b\u{7f}cqzxwvkmd",
        ] {
            assert_eq!(refusal(PasswordPolicy::default(), password, &[]), None, "{password:?}");
        }
        assert_eq!(refusal(SHORT, "xkqzwvbt", &[]), None);
        for _ in 0..200 {
            let random = crate::random::text(12).unwrap();
            assert_eq!(refusal(PasswordPolicy::default(), &random, &["ada.lovelace@example.com", "ada"]), None, "{random}");
        }
    }

    #[test]
    fn lengths_are_characters_at_least_and_bytes_at_most() {
        let policy = PasswordPolicy::default();
        assert!(refusal(policy, "Tr7-kq9_Zw2", &[]).is_some_and(|rule| rule == "at least 12 characters"));
        assert!(refusal(policy, "жцщюяфыхэбг", &[]).is_some(), "11 characters of 22 bytes");
        let long = |length| crate::random::text(length).unwrap();
        assert_eq!(refusal(policy, &long(256), &[]), None);
        assert!(refusal(policy, &long(257), &[]).is_some_and(|rule| rule == "at most 256 bytes"));
        assert!(refusal(policy, &"é".repeat(129), &[]).is_some_and(|rule| rule == "at most 256 bytes"));
        assert!(refusal(policy, &"ab".repeat(128), &[]).is_some(), "long, and all the same");
        let lax = PasswordPolicy { minimum: 0, maximum: usize::MAX };
        assert!(refusal(lax, "xkqzwvb", &[]).is_some_and(|rule| rule == "at least 8 characters"));
        assert!(refusal(lax, &long(4097), &[]).is_some_and(|rule| rule == "at most 4096 bytes"));
    }

    #[test]
    fn what_belongs_to_the_user_or_the_installation_counts_for_nothing() {
        let context = ["Ada.Lovelace@example.com", "countess", "dharmagraph", "Ada King"];
        for password in [
            "ada.lovelace@example.com",
            "Ada.Lovelace1815",
            "adalovelace1",
            "L0v3l4c3-L0v3l4c3",
            "lovelace2024!",
            "countess12345",
            "Countess!Countess!",
            "dharmagraph123",
            "DharmaGraph-2025",
            "xx-ada.lovelace-yy",
            "example.com!!!",
            "MyLovelacePassword1",
            "kingadaking1843",
        ] {
            assert!(refusal(SHORT, password, &context).is_some(), "{password}");
        }
        for password in ["lovelace-7fGh2kQpZ", "vellum-otter-quarry-plinth"] {
            assert_eq!(refusal(SHORT, password, &context), None, "{password}");
        }
        assert_eq!(refusal(SHORT, "vellum-otter-quarry", &["", "a", "@", "..", "\u{130}"]), None);
    }

    #[test]
    fn a_refusal_does_not_tell_the_password() {
        for password in ["sunshine2024", "short", &"Q7".repeat(200), "adalovelace1"] {
            let error = PasswordPolicy::default().check(&Secret::new(password), &["ada lovelace"]).unwrap_err();
            assert!(!error.to_string().contains(password), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_password_and_no_context_panics(password in "\\PC{0,40}|[a-c1-3]{8,30}", context in "\\PC{0,20}") {
            let _ = SHORT.check(&Secret::new(password), &[&context]);
        }
    }
}
