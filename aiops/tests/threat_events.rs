//! What the rules find in events, and what they leave alone.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_aiops::model::Warning;
use dharmagraph_aiops::threat::{Assessment, Event, EventDetector, EventParameters, Severity, ThreatType};
use proptest::prelude::*;
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn detector() -> EventDetector {
    EventParameters::default().check().unwrap()
}

fn detect(events: &[Event]) -> Assessment {
    detector().detect(events).unwrap()
}

fn event(kind: &str, time: i64, source: &str, user: &str, target: &str) -> Event {
    let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    Event { source_ip: some(source), user: some(user), target: some(target), ..Event::new(kind, time) }
}

fn transfer(time: i64, source: &str, bytes: f64) -> Event {
    Event { bytes: Some(bytes), ..event("transfer.out", time, source, "", "bucket") }
}

fn names(assessment: &Assessment) -> Vec<&str> {
    assessment.indicators.iter().map(|indicator| indicator.name.as_str()).collect()
}

#[test]
fn nothing_is_no_threat() {
    let answer = detect(&[]);
    assert_eq!((answer.threat_detected, answer.threat_type, answer.severity), (false, None, Severity::Low));
    assert!(answer.findings.is_empty() && answer.recommendations.is_empty());
    assert_eq!(answer.warnings, [Warning::TooShort { what: "the list of events".into(), wanted: 1, found: 0 }]);
}

#[test]
fn many_failures_of_one_source_are_brute_force_and_a_success_after_them_is_critical() {
    let mut events: Vec<Event> = (0..20).map(|i| event("auth.failure", i * 20_000, "192.0.2.1", "root", "bastion")).collect();
    let answer = detect(&events);
    assert_eq!((answer.threat_type, answer.severity), (Some(ThreatType::BruteForce), Severity::High));
    assert!((0.7..1.0).contains(&answer.confidence), "{}", answer.confidence);
    events.push(event("auth.success", 20 * 20_000, "192.0.2.1", "root", "bastion"));
    let answer = detect(&events);
    assert_eq!((answer.threat_type, answer.severity), (Some(ThreatType::BruteForce), Severity::Critical));
    assert!(names(&answer).contains(&"successes_after_failures"));
    assert!(answer.recommendations[0].contains("password"), "{:?}", answer.recommendations);
}

#[test]
fn a_tool_is_faster_than_hands_and_a_person_may_mistype() {
    let fast: Vec<Event> = (0..6).map(|i| event("auth.failure", i * 300, "192.0.2.1", "ada", "")).collect();
    assert!(detect(&fast).threat_detected);
    let mut slow: Vec<Event> = (0..4).map(|i| event("auth.failure", i * 8000, "192.0.2.1", "ada", "")).collect();
    slow.push(event("auth.success", 40_000, "192.0.2.1", "ada", ""));
    assert!(!detect(&slow).threat_detected);
}

#[test]
fn an_office_behind_one_address_is_no_brute_force() {
    let events: Vec<Event> = (0..1000)
        .flat_map(|i| {
            let user = format!("user{}", i % 300);
            let kind = if i % 10 == 0 { "auth.failure" } else { "auth.success" };
            [event(kind, i * 3000, "198.51.100.7", &user, "mail")]
        })
        .collect();
    assert!(!detect(&events).threat_detected, "{:?}", detect(&events).findings);
}

#[test]
fn guessing_from_many_sources_shows_on_the_account() {
    let events: Vec<Event> =
        (0..12).map(|i| event("auth.failure", i * MINUTE, &format!("203.0.113.{i}"), "admin", "vpn")).collect();
    let answer = detect(&events);
    assert_eq!(answer.threat_type, Some(ThreatType::BruteForce));
    assert_eq!(answer.findings[0].subject, "user admin");
    assert!(names(&answer).contains(&"sources_in_an_hour"));
}

#[test]
fn failures_without_a_source_show_on_the_account_or_the_target() {
    let of = |user: &str| (0..20).map(|i| event("auth.failure", i * 1000, "", user, "vpn")).collect::<Vec<_>>();
    assert_eq!(detect(&of("admin")).findings[0].subject, "user admin");
    assert_eq!(detect(&of("")).findings[0].subject, "target vpn");
}

#[test]
fn of_many_attackers_the_worst_are_named() {
    let events: Vec<Event> = (0..5000).map(|i| event("malware.detected", i, &format!("10.{i}.0.1"), "", "")).collect();
    assert_eq!(detect(&events).findings.len(), 100);
}

#[test]
fn one_password_for_many_accounts_is_spraying() {
    let events: Vec<Event> =
        (0..30).map(|i| event("auth.failure", i * 100_000, "192.0.2.9", &format!("user{i}"), "mail")).collect();
    let answer = detect(&events);
    assert_eq!(answer.threat_type, Some(ThreatType::BruteForce));
    assert_eq!(answer.indicators[0].name, "accounts_in_an_hour");
}

#[test]
fn slow_guessing_shows_over_a_day() {
    let events: Vec<Event> = (0..90).map(|i| event("auth.failure", i * 15 * MINUTE, "192.0.2.9", "ada", "mail")).collect();
    let answer = detect(&events);
    assert!(answer.threat_detected);
    assert_eq!(answer.indicators[0].name, "failures_in_a_day");
}

#[test]
fn ports_that_are_tried_fast_or_slowly_are_a_scan() {
    let fast: Vec<Event> =
        (0..100).map(|i| event("connection.attempt", i * 10, "192.0.2.1", "", &format!("web:{}", i + 1))).collect();
    let answer = detect(&fast);
    assert_eq!((answer.threat_type, answer.severity), (Some(ThreatType::PortScan), Severity::High));
    let slow: Vec<Event> =
        (0..100).map(|i| event("connection.attempt", i * 12 * MINUTE, "192.0.2.1", "", &format!("web:{}", i + 1))).collect();
    let answer = detect(&slow);
    assert_eq!(answer.threat_type, Some(ThreatType::PortScan));
    assert_eq!(answer.indicators[0].name, "ports_in_a_day");
    let sweep: Vec<Event> =
        (0..60).map(|i| event("connection.refused", i * 100, "192.0.2.1", "", &format!("10.0.0.{i}:22"))).collect();
    assert_eq!(detect(&sweep).threat_type, Some(ThreatType::PortScan));
}

#[test]
fn a_client_of_a_few_services_is_no_scan() {
    let events: Vec<Event> = (0..2000)
        .map(|i| event("connection.established", i * 500, "10.0.0.5", "", &format!("10.0.1.{}:{}", i % 20, 5432 + i % 3)))
        .collect();
    assert!(!detect(&events).threat_detected);
}

#[test]
fn bytes_are_compared_with_the_sources_own_hours_and_with_others() {
    let usual = |source: &str, hours: i64| -> Vec<Event> {
        (0..hours).map(|hour| transfer(hour * HOUR, source, 2e7 + (hour * 7 % 5) as f64 * 1e6)).collect()
    };
    let quiet = usual("10.0.0.5", 48);
    assert!(!detect(&quiet).threat_detected);
    let mut own = quiet;
    own.push(transfer(48 * HOUR, "10.0.0.5", 5e9));
    let answer = detect(&own);
    assert_eq!(
        (answer.threat_type, answer.indicators[0].name.as_str()),
        (Some(ThreatType::DataExfiltration), "deviations_from_own_hours")
    );
    let mut others: Vec<Event> = (0..12).map(|host| transfer(host * 1000, &format!("10.0.0.{host}"), 2e7)).collect();
    others.push(transfer(0, "10.0.0.99", 5e9));
    let answer = detect(&others);
    assert_eq!(answer.findings[0].subject, "source_ip 10.0.0.99");
    assert_eq!(answer.indicators[0].name, "deviations_from_other_sources");
    let alone = detect(&[transfer(0, "10.0.0.1", 5e9)]);
    assert_eq!(alone.threat_type, Some(ThreatType::DataExfiltration));
    assert!(matches!(alone.warnings[..], [Warning::TooShort { .. }]), "{:?}", alone.warnings);
}

#[test]
fn rights_that_change_after_an_attack_are_escalation() {
    let mut events: Vec<Event> = (0..12).map(|i| event("auth.failure", i * 1000, "192.0.2.1", "ada", "bastion")).collect();
    events.push(event("auth.success", 13_000, "192.0.2.1", "ada", "bastion"));
    let mut change = event("privilege.change", 20_000, "192.0.2.1", "ada", "ada");
    change.details.insert("role".into(), "admin".into());
    let alone = detect(&[{
        let mut given = change.clone();
        given.target = Some("bob".into());
        given
    }]);
    assert!(!alone.threat_detected, "an administrator at work: {:?}", alone.findings);
    events.push(change);
    let answer = detect(&events);
    assert_eq!(answer.severity, Severity::Critical);
    let found: Vec<ThreatType> = answer.findings.iter().map(|finding| finding.threat_type).collect();
    assert!(found.contains(&ThreatType::PrivilegeEscalation) && found.contains(&ThreatType::BruteForce), "{found:?}");
}

#[test]
fn a_first_grant_by_somebody_who_never_did_that_is_unusual() {
    let mut events: Vec<Event> = (0..60).map(|i| event("role.change", i * HOUR, "10.0.0.1", "operator", "somebody")).collect();
    let mut odd = event("role.change", 61 * HOUR, "10.0.0.8", "intern", "somebody");
    odd.details.insert("role".into(), "Administrator".into());
    events.push(odd);
    let answer = detect(&events);
    assert_eq!(answer.threat_type, Some(ThreatType::PrivilegeEscalation));
    assert_eq!(answer.findings[0].subject, "user intern");
    assert_eq!(answer.findings.len(), 1);
}

#[test]
fn more_than_usual_is_a_flood_and_many_sources_are_named() {
    let usual: Vec<Event> = (0..3600).map(|i| event("http.request", i * 200, "10.0.0.1", "", "web:443")).collect();
    assert!(!detect(&usual).threat_detected);
    let mut flood = usual;
    flood.extend((0..5000).map(|i| event("http.request", 500_000 + i, &format!("203.0.113.{}", i % 200), "", "web:443")));
    let answer = detect(&flood);
    assert_eq!(answer.threat_type, Some(ThreatType::Ddos));
    assert!(names(&answer).contains(&"sources_in_ten_seconds"));
}

#[test]
fn types_that_no_rule_reads_are_told() {
    let answer = detect(&[event("weather.rain", 0, "", "", ""), event("weather.rain", 1, "", "", "")]);
    let warning = Warning::UnknownEventType { value: "weather.rain".into(), count: 2 };
    assert_eq!((answer.threat_detected, answer.warnings), (false, vec![warning]));
    let many: Vec<Event> = (0..1000).map(|i| event(&format!("x{i}"), 0, "", "", "")).collect();
    assert_eq!(detect(&many).warnings.len(), 20);
}

#[test]
fn bytes_that_are_no_number_are_refused() {
    for bytes in [f64::NAN, f64::INFINITY, -1.0] {
        let error = detector().detect(&[transfer(0, "10.0.0.1", 1.0), transfer(0, "10.0.0.1", bytes)]).unwrap_err();
        assert!(error.to_string().contains("event 2, bytes"), "{error}");
    }
}

#[test]
fn a_port_that_is_none_is_refused_and_null_is_no_port() {
    let tried = |port: Value| Event { details: [("port".to_owned(), port)].into(), ..Event::new("connection.refused", 0) };
    for (port, told) in [(json!(99_999), "99999"), (json!("ssh"), "ssh"), (json!(-1), "-1"), (json!([22]), "[22]")] {
        let error = detector().detect(&[tried(json!(22)), tried(port)]).unwrap_err().to_string();
        assert!(error.contains("event 2, port") && error.contains("0 to 65535") && error.contains(told), "{error}");
    }
    assert!(detector().detect(&[tried(Value::Null), tried(json!("22"))]).is_ok());
}

#[test]
fn a_name_that_events_do_not_have_is_refused_in_json() {
    let read = |text: &str| serde_json::from_str::<Event>(text);
    assert!(read(r#"{"type": "auth.failure", "time": "2025-01-18T00:00:01Z", "source_ip": "192.0.2.1"}"#).is_ok());
    let error =
        read(r#"{"type": "auth.failure", "time": "2025-01-18T00:00:01Z", "sourceip": "192.0.2.1"}"#).unwrap_err().to_string();
    assert!(error.contains("sourceip") && error.contains("source_ip"), "{error}");
}

#[test]
fn parameters_are_checked() {
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = EventParameters { ports: value, ..EventParameters::default() }.check().unwrap_err();
        assert!(error.to_string().contains("ports"), "{error}");
    }
}

#[test]
fn many_events_of_one_source_in_one_moment_take_no_more_than_their_share() {
    // Quadratic work would take hours.
    let events: Vec<Event> = (0..200_000)
        .flat_map(|i| {
            let port = format!("h{}:{}", i % 5000, i % 65_536);
            [event("auth.failure", i / 1000, "a", "b", "c"), event("connection.refused", i / 1000, "a", "", &port)]
        })
        .collect();
    assert!(detect(&events).threat_detected);
}

fn anything() -> impl Strategy<Value = Event> {
    let kinds = prop::sample::select(vec![
        "auth.failure",
        "auth.success",
        "connection.attempt",
        "connection.refused",
        "http.request",
        "transfer.out",
        "privilege.change",
        "sudo.denied",
        "malware.detected",
        "weather.rain",
    ]);
    let times = prop_oneof![0..600_000_i64, any::<i64>(), Just(i64::MIN), Just(i64::MAX)];
    let bytes = prop::option::of(prop_oneof![0.0..1e12, Just(f64::MAX), Just(0.0)]);
    (kinds, times, 0..4_u8, 0..4_u8, 0..40_u16, bytes).prop_map(|(kind, time, source, user, port, bytes)| {
        let some = |name: &str, number: u8| if number == 0 { String::new() } else { format!("{name}{number}") };
        Event { bytes, ..event(kind, time, &some("s", source), &some("u", user), &format!("t:{port}")) }
    })
}

proptest! {
    #[test]
    fn odd_events_in_any_order_give_one_answer_of_finite_numbers(mut events in prop::collection::vec(anything(), 0..200)) {
        let answer = detect(&events);
        events.reverse();
        prop_assert_eq!(&detect(&events), &answer);
        prop_assert!((0.0..=1.0).contains(&answer.confidence));
        prop_assert_eq!(answer.threat_detected, !answer.findings.is_empty());
        for finding in &answer.findings {
            prop_assert!(finding.first <= finding.last);
            prop_assert!((0.5..=1.0).contains(&finding.confidence));
            for indicator in &finding.indicators {
                prop_assert!(indicator.value.is_none_or(f64::is_finite) && (0.0..=1.0).contains(&indicator.score));
            }
        }
        prop_assert!(serde_json::to_string(&answer).is_ok());
    }
}
