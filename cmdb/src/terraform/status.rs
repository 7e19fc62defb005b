//! States, in the words that AWS uses, as ours.

use crate::model::Status;

/// The status that one of AWS's life-cycle states stands for; letter case does not count.
pub(super) fn of(state: &str) -> Status {
    match state.to_ascii_lowercase().as_str() {
        "running" | "available" | "in-use" | "active" | "associated" | "completed" | "ok" | "provisioned" | "enabled" => {
            Status::RUNNING
        }
        "stopped" | "inactive" | "disabled" => Status::STOPPED,
        "terminated" | "deleted" => Status::TERMINATED,
        "pending" | "creating" | "provisioning" | "pending-acceptance" | "starting" | "initiating-request" | "modifying" => {
            Status::PENDING
        }
        "stopping" | "shutting-down" | "deleting" | "draining" => Status::STOPPING,
        "failed" | "error" | "error_deleting" => Status::ERROR,
        _ => Status::UNKNOWN,
    }
}
