//! Threats: attacks in events by rules and statistics, and in flows by what was learnt.

mod assessment;
mod detector;
mod event;
mod findings;
mod flow;
mod log;
mod rules;
mod statistics;
mod window;

pub use assessment::{Assessment, Finding, Indicator, Severity, ThreatType};
pub use detector::{EventDetector, EventParameters};
pub use event::{Event, EventKind};
pub use flow::{FlowDetector, FlowExamples, FlowParameters, FlowScore, FlowTrainer};
