//! Any text as an API key. One that is taken is written as it was read.
#![no_main]

use dharmagraph_auth::api_key::ApiKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = ApiKey::looks_like(text);
    if let Ok(key) = ApiKey::parse(text) {
        assert_eq!(key.to_secret().expose(), text);
        assert!(key.matches(&key.secret_hash()));
    }
});
