//! The CPU time of this thread: what holds on a machine that others use, too.

use rustix::time::{ClockId, clock_gettime};

/// CPU seconds of this thread so far.
#[expect(clippy::cast_precision_loss, reason = "seconds of a thread are far below 2^52")]
pub(crate) fn seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// What `work` gives, and the CPU seconds that it took.
pub(crate) fn of<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begin = seconds();
    let result = work();
    (result, seconds() - begin)
}
