//! Who may come in, over real servers on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod accounts;
mod api_keys;
mod coming_in;
mod command_line;
mod faults;
mod matrix;
mod production;
mod secrets;
mod setup;
mod streams;
mod tries;
