//! Any text as a stored hash: what is not within the bounds is refused before any work is done.
#![no_main]

use dharmagraph_auth::Secret;
use dharmagraph_auth::password::PolicyHasher;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = PolicyHasher::check_stored(&Secret::new(text));
    }
});
