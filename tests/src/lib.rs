//! What the end-to-end tests and benchmarks share: an emulated AWS account, a proxy that injects faults into its
//! answers, a real Neo4j and PostgreSQL, the server as its users run it, and the truth to compare with.
//!
//! Everything here panics where a test could not go on, and says what it expected.

mod account;
mod answer;
mod child;
mod command;
mod emulator;
mod measure;
mod neo4j;
mod place;
mod postgres;
mod proxy;
mod server;
mod told;
mod truth;

pub use account::{Account, perfect};
pub use answer::{Answer, percent_encoded};
pub use child::ChildProcess;
pub use command::{Finished, dharmagraph, finished, finished_with_input};
pub use emulator::Emulator;
pub use measure::{cpu_of, cpu_seconds, highest_memory};
pub use neo4j::Neo4j;
pub use place::{binary, free_address, python, repository, script, target_directory};
pub use postgres::Postgres;
pub use proxy::FaultProxy;
pub use server::{Server, ServerSettings};
pub use truth::{Truth, fields_between, without_times};
