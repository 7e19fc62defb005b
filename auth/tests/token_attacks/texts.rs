//! Texts that are no tokens, or that have two readings.

use dharmagraph_auth::jose::{Algorithm, SigningKey};
use serde_json::json;

use crate::forge::{Forge, encode, payload};

#[test]
fn a_token_has_three_parts_and_two_dots() {
    let forge = Forge::new(Algorithm::HS256);
    let token = forge.with_header(json!({}));
    forge.accepts(&token);
    let [header, body, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
    for text in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        header.to_owned(),
        format!("{header}.{body}"),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{signature}"),
        format!("{header}..{body}.{signature}"),
        format!(".{body}.{signature}"),
        format!("{header}..{signature}"),
        format!("Bearer {token}"),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{header}.{body}.{signature}="),
        format!("{header}=.{body}.{signature}"),
        format!("{header}.\n{body}.{signature}"),
        format!("\u{feff}{token}"),
        json!({"payload": body, "protected": header, "signature": signature}).to_string(),
        "a".repeat(9000),
        ".".repeat(9000),
    ] {
        forge.refuses(&text);
    }
}

#[test]
fn a_token_is_of_bounded_length() {
    let forge = Forge::new(Algorithm::HS256);
    forge.accepts(&forge.with_claims(json!({"x": "x".repeat(5000)})));
    forge.refuses(&forge.with_claims(json!({"x": "x".repeat(8192)})));
    forge.refuses(&forge.with_claims(json!({"x": "x".repeat(10_000_000)})));
}

#[test]
fn nothing_lies_deep() {
    let forge = Forge::new(Algorithm::HS256);
    let (header, payload) = (forge.header().to_string(), payload().to_string());
    for depth in [20, 200, 2000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let within = |object: &str| format!("{},\"x\":{nested}}}", object.trim_end_matches('}'));
            forge.refuses(&forge.sign(&header, &within(&payload)));
            forge.refuses(&forge.sign(&within(&header), &payload));
        }
    }
}

#[test]
fn no_member_comes_twice() {
    let forge = Forge::new(Algorithm::HS256);
    let (header, payload) = (forge.header().to_string(), payload().to_string());
    for name in ["iss", "aud", "sub", "tenant", "sid", "jti", "iat", "exp"] {
        let value = serde_json::from_str::<serde_json::Value>(&payload).unwrap()[name].clone();
        forge.refuses(&forge.sign(&header, &format!("{{\"{name}\":{value},{}", &payload[1..])));
    }
    for twice in [
        r#""nbf":1,"nbf":1"#,
        r#""role":"VIEWER","role":"ADMIN""#,
        r#""role":"VIEWER","\u0072ole":"ADMIN""#,
        r#""x":{"role":"VIEWER","role":"ADMIN"}"#,
        r#""x":[[{"a":1,"a":1}]]"#,
    ] {
        forge.refuses(&forge.sign(&header, &format!("{{{twice},{}", &payload[1..])));
    }
    for twice in
        [r#""alg":"HS256""#, r#""alg":"none""#, r#""typ":"at+jwt""#, r#""kid":"a""#, r#""a":1,"a":1"#, r#""a":{"b":1,"b":1}"#]
    {
        forge.refuses(&forge.sign(&format!("{{{twice},{}", &header[1..]), &payload));
    }
}

#[test]
fn payload_and_header_are_each_one_json_object() {
    let forge = Forge::new(Algorithm::HS256);
    let (header, payload) = (forge.header().to_string(), payload().to_string());
    for text in [
        String::new(),
        "null".to_owned(),
        "\"\"".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        format!("[{payload}]"),
        format!("{payload}{payload}"),
        format!("{payload}x"),
        format!("\u{feff}{payload}"),
        payload.replace('"', "'"),
        payload.replace("ada", "\\ud800"),
        payload.replace("1800003600", "1800003600.0.0"),
        payload.replace("1800003600", &"9".repeat(400)),
        payload.replace("1800003600", "1e999"),
        payload.replace("1800003600", "NaN"),
        payload.replace("1800003600", "0x6B49D200"),
    ] {
        forge.refuses(&forge.sign(&header, &text));
        forge.refuses(&forge.sign(&text, &payload));
    }
    let signed = format!("{}.{}", encode(&header), encode(b"{\"iss\":\"\xff\"}"));
    forge.refuses(&format!("{signed}.{}", encode(forge.key.sign(signed.as_bytes()).unwrap())));
    forge.accepts(&forge.sign(&format!(" {header}\n"), &format!("\t{payload} ")));
}

#[test]
fn bytes_have_one_text() {
    // A signature of 32 bytes is 43 characters, of which the last carries two bits that must be zero.
    let key = SigningKey::from_secret(Algorithm::HS256, "a", b"not all the same, and long enough").unwrap();
    let forge = Forge::with(key);
    let token = forge.with_header(json!({}));
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = token.chars().last().unwrap();
    for other in alphabet.chars().filter(|other| *other != last) {
        forge.refuses(&format!("{}{other}", &token[..token.len() - 1]));
    }
}
