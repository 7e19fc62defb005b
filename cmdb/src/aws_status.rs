//! AWS's states in our words, as its API and state files write them.

use crate::model::Status;

/// Our word for a state of AWS, in whatever case: [`Status::UNKNOWN`] for one without a word of ours, nothing where
/// there is no state.
pub(crate) fn aws_status(state: Option<&str>) -> Option<Status> {
    let state = state.filter(|state| !state.is_empty())?.to_ascii_lowercase();
    Some(match state.as_str() {
        "running" | "available" | "in-use" | "active" | "associated" | "completed" | "ok" | "provisioned" | "enabled"
        | "insufficient_data" | "insufficient data" => Status::RUNNING,
        "stopped" | "inactive" | "disabled" => Status::STOPPED,
        "terminated" | "deleted" => Status::TERMINATED,
        "pending" | "creating" | "provisioning" | "pending-acceptance" | "starting" | "initiating-request" | "modifying" => {
            Status::PENDING
        }
        "stopping" | "shutting-down" | "deleting" | "draining" => Status::STOPPING,
        "failed" | "error" | "error_deleting" | "alarm" => Status::ERROR,
        _ => Status::UNKNOWN,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_in_any_case() {
        assert_eq!(aws_status(Some("RUNNING")), Some(Status::RUNNING));
        assert_eq!(aws_status(Some("in-use")), Some(Status::RUNNING));
        assert_eq!(aws_status(Some("shutting-down")), Some(Status::STOPPING));
        assert_eq!(aws_status(Some("DRAINING")), Some(Status::STOPPING));
        assert_eq!(aws_status(Some("pending-acceptance")), Some(Status::PENDING));
    }

    #[test]
    fn a_new_state_is_unknown_and_no_state_is_none() {
        assert_eq!(aws_status(Some("storage-optimization")), Some(Status::UNKNOWN));
        assert_eq!(aws_status(Some("")), None);
        assert_eq!(aws_status(None), None);
    }
}
