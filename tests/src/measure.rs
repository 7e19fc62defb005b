//! What this process used.

use rustix::time::{ClockId, clock_gettime};

/// CPU seconds of all threads of this process so far.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "seconds of a process are far below 2^52")]
pub fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// What `work` gives, and the CPU seconds that it took.
pub fn cpu_of<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begin = cpu_seconds();
    let result = work();
    (result, cpu_seconds() - begin)
}

/// The most memory that this process ever had, in MiB.
#[must_use]
pub fn highest_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux's own account of this process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the highest resident memory");
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number of kB");
    kibibytes >> 10
}
