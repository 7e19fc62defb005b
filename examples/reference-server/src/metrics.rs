//! What Prometheus is told.

mod models;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ::metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder};
use axum::http::{Method, StatusCode};
use dharmagraph_auth::ErrorKind;
use dharmagraph_cmdb::sync::TaskStatus;
use dharmagraph_cmdb::{RelationshipKind, ResourceType, Statistics};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
const RESOURCES: &str = "dharmagraph_resources";
const RELATIONSHIPS: &str = "dharmagraph_relationships";
const TASKS: &str = "dharmagraph_tasks";
const ATTEMPTS: &str = "dharmagraph_auth_attempts_total";
const STORE_UP: &str = "dharmagraph_store_up";

/// Seconds; most answers take well under a millisecond.
const BUCKETS: [f64; 13] = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.1, 0.5, 2.5, 10.0];

const METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// The metrics of one server; nothing is global, so that several servers can live in one process.
#[derive(Clone)]
pub struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
}

impl Metrics {
    /// Metrics that have counted nothing yet.
    #[must_use]
    pub fn new() -> Self {
        let builder = PrometheusBuilder::new();
        let builder = match builder.set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &BUCKETS) {
            Ok(builder) => builder,
            // Only an empty list of buckets is refused.
            Err(_) => PrometheusBuilder::new(),
        };
        let recorder = builder.build_recorder();
        recorder.describe_counter(REQUESTS.into(), None, "Requests answered.".into());
        recorder.describe_histogram(DURATION.into(), None, "Time from a request's head to its answer's head.".into());
        recorder.describe_gauge(RESOURCES.into(), None, "Resources in the inventory.".into());
        recorder.describe_gauge(RELATIONSHIPS.into(), None, "Relationships in the inventory.".into());
        recorder.describe_gauge(TASKS.into(), None, "Discoveries by status.".into());
        recorder.describe_gauge(STORE_UP.into(), None, "Whether the store answers.".into());
        recorder.describe_counter(ATTEMPTS.into(), None, "Attempts to come in.".into());
        let handle = recorder.handle();
        let metrics = Self { recorder: Arc::new(recorder), handle };
        metrics.describe_models();
        metrics
    }

    /// Folds what was recorded into the histograms; call it every few seconds.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// The text that Prometheus reads, with the inventory's figures where the store gave them.
    #[must_use]
    pub fn render(&self, inventory: Option<&InventoryFigures>) -> String {
        self.set(STORE_UP, Vec::new(), inventory.is_some().into());
        match inventory {
            Some(inventory) => {
                self.set_inventory(inventory);
                self.handle.render()
            }
            None => without_inventory(&self.handle.render()),
        }
    }

    /// Counts an attempt to come in and hands its outcome on.
    pub(crate) fn attempted<T>(&self, what: &'static str, outcome: dharmagraph_auth::Result<T>) -> dharmagraph_auth::Result<T> {
        let word = outcome.as_ref().map_or_else(outcome_word, |_| "accepted");
        let labels = vec![Label::from_static_parts("what", what), Label::from_static_parts("outcome", word)];
        self.recorder.register_counter(&Key::from_parts(ATTEMPTS, labels), &METADATA).increment(1);
        outcome
    }

    fn set_inventory(&self, InventoryFigures { statistics, tasks }: &InventoryFigures) {
        // A gauge keeps its value until it is set again: what is no longer there must be set to nothing.
        for known in ResourceType::KNOWN.iter().filter(|known| !statistics.by_type.contains_key(known.as_str())) {
            self.set(RESOURCES, vec![Label::new("resource_type", known.to_string())], 0);
        }
        for known in RelationshipKind::KNOWN.iter().filter(|known| !statistics.by_relationship.contains_key(known.as_str())) {
            self.set(RELATIONSHIPS, vec![Label::new("type", known.to_string())], 0);
        }
        for (resource_type, count) in &statistics.by_type {
            self.set(RESOURCES, vec![Label::new("resource_type", resource_type.clone())], *count);
        }
        for (kind, count) in &statistics.by_relationship {
            self.set(RELATIONSHIPS, vec![Label::new("type", kind.clone())], *count);
        }
        for (status, count) in tasks {
            self.set(TASKS, vec![Label::from_static_parts("status", status_word(*status))], *count);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn set(&self, name: &'static str, labels: Vec<Label>, count: u64) {
        self.recorder.register_gauge(&Key::from_parts(name, labels), &METADATA).set(count as f64);
    }
}

/// What the store tells of itself.
#[derive(Debug, Default)]
pub struct InventoryFigures {
    /// Resources and relationships.
    pub statistics: Statistics,
    /// Discoveries by status.
    pub tasks: Vec<(TaskStatus, u64)>,
}

/// The text without the gauges that only the store can set: an old figure must not look like one of now.
fn without_inventory(text: &str) -> String {
    let of_inventory = |line: &str| {
        let name = line.strip_prefix("# HELP ").or_else(|| line.strip_prefix("# TYPE ")).unwrap_or(line);
        let name = name.split([' ', '{']).next();
        name.is_some_and(|name| [RESOURCES, RELATIONSHIPS, TASKS].contains(&name))
    };
    text.split_inclusive('\n').filter(|line| !of_inventory(line)).collect()
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

const fn outcome_word(error: &dharmagraph_auth::Error) -> &'static str {
    match error.kind() {
        ErrorKind::Unauthenticated => "refused",
        ErrorKind::TokenExpired => "expired",
        ErrorKind::RateLimited => "limited",
        ErrorKind::Backend | ErrorKind::Internal => "failed",
        _ => "invalid",
    }
}

const fn status_word(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Running => "running",
        TaskStatus::Completed => "completed",
        TaskStatus::Partial => "partial",
        TaskStatus::Failed => "failed",
        TaskStatus::Cancelled => "cancelled",
    }
}

/// Handles for every route, made on first use, so that counting a request makes no text.
#[derive(Debug)]
pub(crate) struct RequestMetrics {
    metrics: Metrics,
    routes: HashMap<String, [OnceLock<Series>; METHODS.len()]>,
}

/// What is counted of one method on one route.
struct Series {
    duration: Histogram,
    statuses: [OnceLock<Counter>; STATUSES.len()],
}

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Series").finish_non_exhaustive()
    }
}

/// The last stands for all others.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "other"];
/// The last stands for all others.
#[rustfmt::skip]
const STATUSES: [&str; 21] = [
    "200", "201", "202", "204", "303", "304", "400", "401", "403", "404", "405", "409", "413", "422", "429", "500", "501", "502",
    "503", "504", "other",
];
const UNMATCHED: &str = "unmatched";

impl RequestMetrics {
    /// Handles for these route templates.
    pub(crate) fn new(metrics: Metrics, routes: impl IntoIterator<Item = String>) -> Self {
        let routes = routes.into_iter().chain([UNMATCHED.to_owned()]).map(|route| (route, Default::default())).collect();
        Self { metrics, routes }
    }

    /// Counts one answer; `route` is the template that matched.
    pub(crate) fn record(&self, route: Option<&str>, method: &Method, status: StatusCode, duration: Duration) {
        let matched = route.and_then(|route| self.routes.get_key_value(route));
        let Some((route, methods)) = matched.or_else(|| self.routes.get_key_value(UNMATCHED)) else { return };
        let method_index = position(&METHODS, method.as_str());
        let labels = || vec![Label::from_static_parts("method", METHODS[method_index]), Label::new("route", route.clone())];
        let series = methods[method_index].get_or_init(|| {
            let key = Key::from_parts(DURATION, labels());
            Series { duration: self.metrics.recorder.register_histogram(&key, &METADATA), statuses: Default::default() }
        });
        series.duration.record(duration.as_secs_f64());
        let status_index = position(&STATUSES, status.as_str());
        let counter = series.statuses[status_index].get_or_init(|| {
            let mut labels = labels();
            labels.push(Label::from_static_parts("status", STATUSES[status_index]));
            self.metrics.recorder.register_counter(&Key::from_parts(REQUESTS, labels), &METADATA)
        });
        counter.increment(1);
    }
}

fn position<const N: usize>(words: &[&str; N], word: &str) -> usize {
    words.iter().position(|known| *known == word).unwrap_or(N - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_method_and_status() {
        let metrics = Metrics::new();
        let requests = RequestMetrics::new(metrics.clone(), ["/a/{id}".to_owned()]);
        for _ in 0..2 {
            requests.record(Some("/a/{id}"), &Method::GET, StatusCode::OK, Duration::from_micros(80));
        }
        requests.record(None, &Method::TRACE, StatusCode::IM_A_TEAPOT, Duration::from_micros(80));
        let text = metrics.render(None);
        assert!(text.contains(r#"http_requests_total{method="GET",route="/a/{id}",status="200"} 2"#), "{text}");
        assert!(text.contains(r#"http_requests_total{method="other",route="unmatched",status="other"} 1"#), "{text}");
        assert!(text.contains(r#"http_request_duration_seconds_bucket{method="GET",route="/a/{id}",le="0.0001"} 2"#), "{text}");
    }

    #[test]
    fn the_inventory_and_the_tasks_are_gauges() {
        let mut statistics = Statistics::default();
        statistics.by_type.insert("COMPUTE".into(), 7);
        statistics.by_relationship.insert("RUNS_ON".into(), 3);
        let metrics = Metrics::new();
        let text = metrics.render(Some(&InventoryFigures { statistics, tasks: vec![(TaskStatus::Running, 1)] }));
        assert!(text.contains(r#"dharmagraph_resources{resource_type="COMPUTE"} 7"#), "{text}");
        assert!(text.contains(r#"dharmagraph_relationships{type="RUNS_ON"} 3"#), "{text}");
        assert!(text.contains(r#"dharmagraph_tasks{status="running"} 1"#), "{text}");
        assert!(text.contains("dharmagraph_store_up 1\n"), "{text}");
        let text = metrics.render(None);
        assert!(text.contains("dharmagraph_store_up 0\n") && text.contains("# HELP dharmagraph_store_up "), "{text}");
        for name in [RESOURCES, RELATIONSHIPS, TASKS] {
            assert!(!text.contains(name), "{text}");
        }
    }
}
