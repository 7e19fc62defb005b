//! Structured logs that cannot hold a credential.

use std::io::{self, IsTerminal};

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{EnvFilter, FilterExt, FilterFn, ParseError, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

use crate::config::{LogConfiguration, LogFormat};

/// Why logs cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoggingError {
    /// `log.level` is not understood.
    #[error(
        "invalid log.level: expected a level (error, warn, info, debug, trace) or target=level pairs, found `{found}`: {source}"
    )]
    Level {
        /// What was configured.
        found: String,
        /// What is wrong with it.
        source: ParseError,
    },
    /// The process has a subscriber already.
    #[error("logs are set up already")]
    AlreadySet,
}

/// Sends this process's logs to standard error, one line each.
///
/// Whatever level is configured, only this project's own targets log below `warn`: the AWS SDK, hyper and other
/// libraries write requests, headers and signatures at their lower levels. Records of the `log` crate are not taken up.
///
/// # Errors
/// [`LoggingError`] for a level that is not understood, and where the process has a subscriber already.
pub fn initialize(configuration: &LogConfiguration) -> Result<(), LoggingError> {
    let subscriber = subscriber(configuration, io::stderr, io::stderr().is_terminal())?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| LoggingError::AlreadySet)
}

fn subscriber<W>(
    configuration: &LogConfiguration,
    writer: W,
    colours: bool,
) -> Result<impl Subscriber + Send + Sync + 'static, LoggingError>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let level = EnvFilter::try_new(&configuration.level)
        .map_err(|source| LoggingError::Level { found: configuration.level.clone(), source })?;
    let base = tracing_subscriber::fmt::layer().with_writer(writer);
    let layer = match configuration.format {
        LogFormat::Json => base.json().flatten_event(true).boxed(),
        LogFormat::Text => base.with_ansi(colours).boxed(),
    };
    let harmless: FilterFn = filter_fn(is_harmless);
    Ok(registry().with(layer.with_filter(level.and(harmless))))
}

/// Whether nothing that is logged there can hold a credential.
fn is_harmless(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::WARN || is_our_own(metadata.target())
}

/// Whether a target is this project's: `dharmagraph`, or something that begins with it and a `:` or `_`.
fn is_our_own(target: &str) -> bool {
    target.strip_prefix("dharmagraph").is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '_']))
}

/// A subscriber as [`initialize`] sets it, and what it wrote so far.
#[cfg(test)]
pub(crate) fn captured(configuration: &LogConfiguration) -> (impl Subscriber + Send + Sync + 'static, impl Fn() -> String) {
    let writer = tests::Captured::default();
    let reader = writer.clone();
    let subscriber = subscriber(configuration, move || writer.clone(), false).unwrap();
    (subscriber, move || reader.text())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    pub(super) struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Captured {
        pub(super) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl io::Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: &str, format: LogFormat) -> Result<String, LoggingError> {
        let captured = Captured::default();
        let writer = captured.clone();
        let configuration = LogConfiguration { format, level: level.to_owned() };
        let subscriber = subscriber(&configuration, move || writer.clone(), false)?;
        tracing::subscriber::with_default(subscriber, || {
            tracing::trace!(target: "aws_sigv4::http_request::sign", "hunter2 in a canonical request");
            tracing::debug!(target: "aws_smithy_runtime::client", authorization = "hunter2", "request");
            tracing::info!(target: "hyper::proto::h1", "hunter2 in a header");
            let span = tracing::info_span!(target: "aws_config::profile", "assume_role", key = "hunter2");
            span.in_scope(|| tracing::info!(target: "dharmagraph_cmdb::sync", "task started"));
            tracing::warn!(target: "aws_config", "no credentials");
            tracing::info!(target: "dharmagraph::http", route = "/metrics", "request");
            tracing::info!(target: "dharmagraphics", "hunter2 of a namesake");
        });
        Ok(captured.text())
    }

    #[test]
    fn no_level_makes_the_libraries_print_what_they_sign_and_send() {
        for level in ["trace", "info,aws_sigv4=trace,aws_smithy_runtime=trace,hyper=trace", "aws_config=trace,info"] {
            for format in [LogFormat::Json, LogFormat::Text] {
                let text = logged(level, format).unwrap();
                assert!(!text.contains("hunter2"), "{level}: {text}");
                assert!(text.contains("task started") && text.contains("no credentials"), "{level}: {text}");
            }
        }
    }

    #[test]
    fn a_line_of_json_has_its_fields_at_the_top() {
        let text = logged("dharmagraph::http=info", LogFormat::Json).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
        assert_eq!((&line["message"], &line["route"], &line["level"]), (&"request".into(), &"/metrics".into(), &"INFO".into()));
    }

    #[test]
    fn a_level_that_is_not_understood_is_named() {
        let error = logged("dharmagraph=loud", LogFormat::Json).unwrap_err();
        assert!(error.to_string().contains("dharmagraph=loud"), "{error}");
    }
}
