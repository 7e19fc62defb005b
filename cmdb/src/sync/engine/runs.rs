//! Work under way in the background.

use tokio::sync::watch;

/// Counts what is under way, so that a shutdown can wait for its end.
#[derive(Debug, Default)]
pub(super) struct Runs {
    under_way: watch::Sender<usize>,
}

/// One piece of work; it has ended when this is dropped, even by a panic.
struct Run {
    under_way: watch::Sender<usize>,
}

impl Drop for Run {
    fn drop(&mut self) {
        self.under_way.send_modify(|count| *count -= 1);
    }
}

impl Runs {
    /// Begins work that [`Runs::wait`] waits for.
    pub(super) fn spawn<T>(&self, work: impl Future<Output = T> + Send + 'static) {
        self.under_way.send_modify(|count| *count += 1);
        let run = Run { under_way: self.under_way.clone() };
        tokio::spawn(async move {
            let _run = run;
            work.await;
        });
    }

    /// Waits until nothing is under way.
    pub(super) async fn wait(&self) {
        let mut under_way = self.under_way.subscribe();
        // The sender is ours, so waiting cannot fail.
        let _ended = under_way.wait_for(|count| *count == 0).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_ends_when_everything_has_ended_even_by_a_panic() {
        let runs = Runs::default();
        let (release, held) = tokio::sync::oneshot::channel::<()>();
        runs.spawn(held);
        runs.spawn(async { panic!("as tests do") });
        let mut waiting = std::pin::pin!(runs.wait());
        assert!(futures_util::FutureExt::now_or_never(waiting.as_mut()).is_none());
        drop(release);
        waiting.await;
    }
}
