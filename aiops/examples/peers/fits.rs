//! The processor time of fits.

use std::error::Error;
use std::path::Path;

use rustix::time::{ClockId, clock_gettime};

/// A fit and what it took.
#[derive(Debug)]
pub(crate) struct Fit {
    pub(crate) data: &'static str,
    pub(crate) fold: usize,
    pub(crate) what: &'static str,
    pub(crate) seconds: f64,
}

/// What a fit gives, and the least processor time that it took in so many repeats: the one that others on the machine disturbed
/// least.
pub(crate) fn timed<T, E: Error + 'static>(
    of: Fit,
    repeats: usize,
    fit: impl Fn() -> Result<T, E>,
) -> Result<(T, Fit), Box<dyn Error>> {
    let once = || {
        let begin = processor_seconds();
        fit().map(|fitted| (fitted, processor_seconds() - begin))
    };
    let (mut fitted, mut least) = once()?;
    for _ in 1..repeats {
        let (again, seconds) = once()?;
        fitted = again;
        least = least.min(seconds);
    }
    Ok((fitted, Fit { seconds: least, ..of }))
}

/// Writes a line for each fit.
pub(crate) fn write(fits: &[Fit], file: &Path) -> Result<(), Box<dyn Error>> {
    let mut writer = csv::Writer::from_path(file)?;
    writer.write_record(["data", "fold", "what", "seconds"])?;
    for fit in fits {
        writer.write_record([fit.data, &fit.fold.to_string(), fit.what, &fit.seconds.to_string()])?;
    }
    Ok(writer.flush()?)
}

fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
