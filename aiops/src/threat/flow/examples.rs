//! Flows whose nature is known.

use super::super::assessment::ThreatType;
use crate::data::{Schema, Table};
use crate::error::{Error, Result};

/// Flows with what each of them was.
#[derive(Debug, Clone)]
pub struct FlowExamples {
    pub(super) schema: Schema,
    pub(super) rows: Table,
    pub(super) labels: Vec<Option<ThreatType>>,
}

impl FlowExamples {
    /// Rows of a schema, with one label each; `None` is normal.
    ///
    /// # Errors
    /// [`Error::Data`] where the rows are not of the schema, or there is not one label for each.
    pub fn new(schema: Schema, rows: Table, labels: Vec<Option<ThreatType>>) -> Result<Self> {
        if rows.columns() != schema.len() {
            let expected = format!("{} columns, as its schema has", schema.len());
            return Err(Error::data("table", expected, rows.columns().to_string()));
        }
        if labels.len() != rows.rows() {
            let expected = format!("one for each of {} rows", rows.rows());
            return Err(Error::data("labels", expected, labels.len().to_string()));
        }
        Ok(Self { schema, rows, labels })
    }

    /// What the columns mean.
    #[must_use]
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The rows.
    #[must_use]
    pub const fn rows(&self) -> &Table {
        &self.rows
    }

    /// What each row was.
    #[must_use]
    pub fn labels(&self) -> &[Option<ThreatType>] {
        &self.labels
    }
}

impl ThreatType {
    /// What a label of a data set stands for: `None` for `normal` and `benign`, the type for one of its own names and for the
    /// attacks of KDD Cup 1999 and NSL-KDD (by the categories of its task description), `Unknown` for another word.
    #[must_use]
    pub fn of_label(label: &str) -> Option<Self> {
        let label: String = label.trim().trim_end_matches('.').chars().take(80).collect::<String>().to_ascii_lowercase();
        Some(match label.as_str() {
            "" | "normal" | "benign" | "none" => return None,
            "ddos" | "dos" | "flood" | "neptune" | "smurf" | "back" | "teardrop" | "pod" | "land" | "apache2"
            | "processtable" | "mailbomb" | "udpstorm" => Self::Ddos,
            "port_scan" | "portscan" | "probe" | "scan" | "satan" | "ipsweep" | "portsweep" | "nmap" | "mscan" | "saint" => {
                Self::PortScan
            }
            "brute_force" | "bruteforce" | "guess_passwd" | "snmpguess" => Self::BruteForce,
            "data_exfiltration" | "exfiltration" | "warezclient" | "warezmaster" | "spy" | "snmpgetattack" | "httptunnel"
            | "ftp_write" => Self::DataExfiltration,
            "privilege_escalation"
            | "u2r"
            | "buffer_overflow"
            | "rootkit"
            | "loadmodule"
            | "perl"
            | "ps"
            | "sqlattack"
            | "xterm" => Self::PrivilegeEscalation,
            "malware" | "worm" => Self::Malware,
            _ => Self::Unknown,
        })
    }
}
