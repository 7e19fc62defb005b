//! The passwords that are tried first.

/// Passwords that programs and their documentation come with. They are no secret to anybody.
const DEFAULTS: &[&str] = &["admin123", "iacadmin123", "neo4j123", "password", "changeme"];

/// Whether a password is one that programs come with, in any case of its letters.
#[must_use]
pub fn is_known_default(password: &str) -> bool {
    DEFAULTS.iter().any(|known| known.eq_ignore_ascii_case(password))
}
