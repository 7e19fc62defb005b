//! Passwords: which are good enough, how they are hashed, and how many at once.

mod argon2id;
mod bcrypt;
mod bounds;
mod breached;
mod guesses;
mod hash_policy;
mod hasher;
mod keyboard;
mod leet;
mod policy_hasher;
mod pool;
mod range_folder;
mod rules;
mod stored;
mod usual;
mod words;

pub use breached::{BreachedPasswords, NoBreachList};
pub use hash_policy::HashPolicy;
pub use hasher::{PasswordHasher, Verdict};
pub use policy_hasher::PolicyHasher;
pub use pool::{HashingLimits, HashingPool};
pub use range_folder::RangeFolder;
pub use rules::PasswordPolicy;
pub use usual::is_known_default;
