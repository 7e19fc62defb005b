//! Where models compute: threads of their own, so many at once as there are processors, so that other requests go on.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Bounds how much is computed at once.
#[derive(Debug)]
pub(crate) struct Workers {
    answers: Arc<Semaphore>,
    trainings: Arc<Semaphore>,
}

impl Default for Workers {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { answers: Arc::new(Semaphore::new(processors)), trainings: Arc::new(Semaphore::new(1)) }
    }
}

impl Workers {
    /// Computes an answer when there is a processor for it.
    pub(crate) async fn answer<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        run(&self.answers, work).await
    }

    /// Trains when no other training is under way.
    pub(crate) async fn train<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        run(&self.trainings, work).await
    }
}

async fn run<T: Send + 'static>(
    permits: &Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(|error| Problem::internal(error.to_string()))?;
    let work = move || {
        let outcome = work();
        // A caller that went away does not end the work: only its end gives the place to another.
        drop(permit);
        outcome
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(error.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_training_waits_for_the_other_and_a_panic_gives_its_place_back() {
        let workers = Workers::default();
        assert_eq!(workers.train(|| Ok(1)).await.unwrap(), 1);
        assert_eq!(workers.train(|| Ok(std::hint::black_box(None::<i32>).unwrap())).await.unwrap_err().code(), "INTERNAL");
        assert_eq!(workers.train(|| Ok(2)).await.unwrap(), 2);
    }
}
