//! Threads as small as those of a server.

use std::any::Any;
use std::sync::Mutex;
use std::thread;

/// What a server's thread usually has.
const STACK: usize = 2 * 1024 * 1024;

/// Runs something on a stack of 2 MiB.
///
/// # Errors
/// The message of a panic.
pub(crate) fn on_small_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap();
        thread.join().map_err(|panic| format!("panicked: {}", message(&*panic)))
    })
}

/// Gives each item to its own small thread, a few at once, and the outcomes in the items' order.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<Result<R, String>> {
    let next = Mutex::new(items.iter().enumerate());
    let outcomes = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some((place, item)) = next.lock().unwrap().next() else { return };
                    let outcome = on_small_stack(|| work(item));
                    outcomes.lock().unwrap().push((place, outcome));
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap();
    outcomes.sort_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
